import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OperatorError } from '../../core/errors.ts';

const maxOutputBytes = 64 * 2 ** 20;
const shownLines = 20;

/**
 * Runs a program to its end. @throws OperatorError with the end of what it wrote, and the remedy, where it fails
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  remedy: string,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { ...options, maxBuffer: maxOutputBytes });
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw new OperatorError(`${program} is not there. ${remedy}`);
    const output = `${stdout}${stderr}`.trim().split('\n').slice(-shownLines).join('\n');
    throw new OperatorError(`${program} ${args.join(' ')} failed. ${remedy}\n${output || String(error)}`);
  }
}
