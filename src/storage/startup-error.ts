import { OperatorError } from '../core/errors.ts';

/**
 * The database cannot be used, for a reason that the operator can mend: a taken data directory, a full disk,
 * a migration that does not fit. The message says what is wrong and what to do, so print it without a stack.
 */
export class StorageStartError extends OperatorError {
  override readonly name = 'StorageStartError';
}
