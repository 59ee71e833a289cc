import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { type Client, createClient, type Trial } from '../src/client/index.ts';
import { openDatabase } from '../src/storage/database.ts';
import { desktop, launchBrowser } from '../test/support/browser.ts';
import { startTrialgraph, temporaryDirectory } from '../test/support/trialgraph-process.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { generateStudy } from './support/generate-study.ts';

const trialCount = 100_000;
const loads = 3;
const runningTrials = 50;
const reportEveryMs = 100;
const settleMs = 4000;
const patienceMs = 60_000;
const watchMs = 10_000;

/**
 * The dashboard in Chromium: how soon a page shows its first data of a study of 100,000 trials, with an empty browser
 * cache each time, against a study without trials; and how smoothly the curves of 50 trials move that report 10 times a
 * second, against an empty page.
 */
export async function run(): Promise<BenchmarkResult> {
  await using directory = await temporaryDirectory();
  const database = await openDatabase({ databaseUrl: null, dataDir: join(directory.path, 'postgres') });
  const large = `study-${await generateStudy(database, { trialCount, pointsPerTrial: 10 })}`;
  await database.close();
  const server = await startTrialgraph({ dataDir: directory.path });
  const client = createClient({ url: server.url });
  const browser = await launchBrowser();
  try {
    const empty = (await client.studies.create(settings('empty'))).id;
    const many = await loadTimes(browser, `${server.url}/studies/${large}`, '100,000 trials');
    const none = await loadTimes(browser, `${server.url}/studies/${empty}`, '0 trials');
    const blank = await watch(browser, 'about:blank');
    const live = await withReportingTrials(client, (study) =>
      watch(browser, `${server.url}/studies/${study}/curves`),
    );
    return {
      rows: [
        { what: 'first data (ms, median)', dashboard: many.firstDataMs, reference: none.firstDataMs },
        { what: 'first data, nothing in memory (ms)', dashboard: many.coldMs, reference: none.coldMs },
        { what: 'first chart (ms, median)', dashboard: many.firstChartMs, reference: null },
        { what: 'frames a second', dashboard: live.framesPerSecond, reference: blank.framesPerSecond },
        {
          what: 'share of the main thread',
          dashboard: live.mainThreadShare,
          reference: blank.mainThreadShare,
        },
      ],
      trialCount,
      runningTrials,
      firstDataMs: many.firstDataMs,
      coldFirstDataMs: many.coldMs,
      firstChartMs: many.firstChartMs,
      ratioFirstData: many.firstDataMs / none.firstDataMs,
      framesPerSecond: live.framesPerSecond,
      mainThreadShare: live.mainThreadShare,
    };
  } finally {
    await browser.close();
    client.close();
    await server.stop();
  }
}

const settings = (name: string) => ({
  name,
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' as const }],
  searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  sampler: { kind: 'random', seed: 1 },
});

/** Notes when a text, and when a chart, is first there to be seen, in milliseconds from the navigation on. */
const noteFirst = (text: string) => `
  const note = () => {
    const page = document.getElementById('content');
    if (!globalThis.firstDataMs && page?.textContent.includes(${JSON.stringify(text)})) {
      globalThis.firstDataMs = performance.now();
    }
    if (!globalThis.firstChartMs && page?.querySelector('canvas')) globalThis.firstChartMs = performance.now();
    if (!globalThis.firstDataMs || !globalThis.firstChartMs) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
`;

async function loadTimes(browser: Browser, url: string, text: string) {
  const data: number[] = [];
  const charts: number[] = [];
  for (let i = 0; i < loads; i++) {
    const context = await browser.newContext({ viewport: desktop });
    const page = await context.newPage();
    await page.addInitScript(noteFirst(text));
    await page.goto(url, { waitUntil: 'commit', timeout: patienceMs });
    data.push((await noted(page, 'firstDataMs', patienceMs))!);
    const chart = await noted(page, 'firstChartMs', patienceMs);
    if (chart !== null) charts.push(chart);
    await context.close();
  }
  return {
    coldMs: data[0]!,
    firstDataMs: quantile(data, 0.5),
    firstChartMs: charts.length > 0 ? quantile(charts, 0.5) : null,
  };
}

/** What `noteFirst` has noted by then; null after so long. Playwright's own waiting is refused by the page's policy. */
async function noted(page: Page, name: string, timeoutMs: number): Promise<number | null> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; ) {
    const ms = await page.evaluate<number | undefined>(`globalThis.${name}`);
    if (ms !== undefined) return ms;
    await sleep(20);
  }
  return null;
}

/** Frames that a page draws, and the share of the time in which its main thread was busy. */
async function watch(browser: Browser, url: string) {
  const context = await browser.newContext({ viewport: desktop });
  const page = await context.newPage();
  await page.goto(url, { timeout: patienceMs });
  await sleep(settleMs);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  const before = await busySeconds(devtools);
  const frames = await countFrames(page);
  const after = await busySeconds(devtools);
  await context.close();
  return {
    framesPerSecond: frames.count / frames.seconds,
    mainThreadShare: (after.busy - before.busy) / (after.at - before.at),
  };
}

async function busySeconds(devtools: Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  return { at: of('Timestamp'), busy: of('TaskDuration') };
}

function countFrames(page: Page): Promise<{ count: number; seconds: number }> {
  return page.evaluate(`new Promise((resolve) => {
    const start = performance.now();
    let count = 0;
    const frame = () => {
      count++;
      const ms = performance.now() - start;
      if (ms < ${watchMs}) requestAnimationFrame(frame);
      else resolve({ count, seconds: ms / 1000 });
    };
    requestAnimationFrame(frame);
  })`);
}

/** Runs `task` while 50 trials of a new study report. */
async function withReportingTrials<T>(client: Client, task: (study: string) => Promise<T>): Promise<T> {
  const study = await client.studies.create(settings('live'));
  const trials = await study.ask({ count: runningTrials, leaseSeconds: 600 });
  const ended = new AbortController();
  const reporting = trials.map((trial, i) => report(trial, i, ended.signal));
  try {
    return await task(study.id);
  } finally {
    ended.abort();
    await Promise.all(reporting);
  }
}

async function report(trial: Trial, place: number, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  for (let step = 0; !signal.aborted; step++) {
    const loss = Math.exp(-step / (100 + place)) + 0.05 * Math.sin(step + place);
    void trial.report(step, { loss }).catch(() => {});
    // At this pace on average, however long a turn takes.
    await sleep(Math.max(0, start + (step + 1) * reportEveryMs - performance.now()));
  }
}
