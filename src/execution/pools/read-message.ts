import { isJsonObject } from '../../core/json.ts';
import type { FromHost, RunOutcome } from './host-messages.ts';
import { readReport, readValues } from './read-report.ts';

/** What the host in a process has sent; null where it is something else, which the code of its trial may send as well. */
export function readMessage(message: unknown): FromHost | null {
  try {
    return isJsonObject(message) && isWhole(message as Fields) ? (message as unknown as FromHost) : null;
  } catch {
    return null;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isWhole({ type, reason, report, bytes, request, file, line, outcome, peakBytes }: Fields): boolean {
  switch (type) {
    case 'ready':
    case 'resumable':
      return true;
    case 'unusable':
      return typeof reason === 'string';
    case 'report': {
      const { step, values, time } = report as Fields;
      readReport(step, values);
      return Number.isFinite(time);
    }
    case 'checkpoint':
      return bytes instanceof Uint8Array;
    case 'artifact': {
      const { name, contentType, content } = file as Fields;
      const { bytes: given, path } = content as Fields;
      const isFile = given instanceof Uint8Array || typeof path === 'string';
      return (
        Number.isInteger(request) && typeof name === 'string' && typeof contentType === 'string' && isFile
      );
    }
    case 'log':
      return typeof line === 'string';
    case 'ended':
      return isOutcome(outcome as Fields) && (peakBytes === undefined || Number.isFinite(peakBytes));
    default:
      return false;
  }
}

function isOutcome({ state, values, error }: Fields): boolean {
  switch (state as RunOutcome['state']) {
    case 'COMPLETED':
      if (values !== undefined) readValues(values);
      return true;
    case 'STOPPED':
    case 'PAUSED':
      return true;
    case 'FAILED':
    case 'LOST':
    case 'INFEASIBLE':
      return typeof error === 'string';
    default:
      return false;
  }
}
