// Runs the demo in a terminal of its own and draws what is on its screen at the end: docs/images/demo.svg.
// Needs script(1) of util-linux. Usage: node --import tsx scripts/record-demo.ts
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { screenToSvg } from './screen-to-svg.ts';

const columns = 100;
const rows = 40;
const picture = fileURLToPath(new URL('../docs/images/demo.svg', import.meta.url));
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
const directory = await mkdtemp(join(tmpdir(), 'trialgraph-demo-'));
try {
  const command = `stty columns ${columns} rows ${rows}; exec '${process.execPath}' '${main}' demo`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color', npm_lifecycle_event: 'demo' },
  });
  terminal.write('$ npm run demo\r\n');
  for await (const chunk of child.stdout) {
    process.stdout.write(chunk);
    await new Promise<void>((resolve) => terminal.write(chunk, resolve));
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
await writeFile(picture, screenToSvg(terminal.buffer.active, columns));
