import { randomBytes } from 'node:crypto';
import type { TrialGrant } from '../core/trial-grant.ts';

/** By it a token is known as one of these, also when it is not valid any more. */
const prefix = 'trial_';

/** The tokens of programs that run here; each is valid as long as its run. */
export class TrialTokens {
  readonly #grants = new Map<string, TrialGrant>();

  issue(grant: TrialGrant): string {
    const token = prefix + randomBytes(32).toString('base64url');
    this.#grants.set(token, grant);
    return token;
  }

  revoke(token: string): void {
    this.#grants.delete(token);
  }

  /** 'expired' for one whose run is over; null for tokens of another kind. */
  find(token: string): TrialGrant | 'expired' | null {
    if (!token.startsWith(prefix)) return null;
    return this.#grants.get(token) ?? 'expired';
  }
}
