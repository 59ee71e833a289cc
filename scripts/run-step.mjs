import { spawn } from 'node:child_process';

/**
 * Runs a command as one line of progress: its name, the time it takes, and its output only when it fails, which ends
 * this process.
 */
export async function runStep(name, command, args) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const isLive = process.stderr.isTTY;
  const show = (text, end) => process.stderr.write(`${isLive ? '\r\x1b[K' : ''}${text}${end}`);
  if (!isLive) show(`• ${name} ...`, '\n');
  const ticking = isLive ? setInterval(() => show(`• ${name} ... ${seconds()}`, ''), 100) : undefined;

  const child = spawn(command, args, {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  const output = [];
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => output.push(data));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(Buffer.from(String(error)));
      resolve(1);
    });
    child.on('close', resolve);
  });
  clearInterval(ticking);
  if (code === 0) {
    show(`✓ ${name} (${seconds()})`, '\n');
    return;
  }
  show(`✗ ${name} failed after ${seconds()}:`, '\n');
  process.stderr.write(Buffer.concat(output));
  process.exit(typeof code === 'number' ? code : 1);
}
