import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialgraphProcess } from '../test/support/trialgraph-process.ts';
import type { RawServerOrder } from './fanout/raw-server.ts';
import type { SubscribersOrder, SubscribersReport } from './fanout/subscribers.ts';
import { type BenchmarkResult, quantile } from './result.ts';
import { startTrials, withBenchServer } from './support/bench-server.ts';

const subscriberCount = 1000;
const measuredMs = 10_000;
const warmUpMs = 2000;
/** Publications before anybody subscribes, after which the server's own work for one is compiled code, as in a long run. */
const warmUpPublications = 500;
/** Of the clock in /proc/PID/stat; 100 on every Linux. */
const ticksPerSecond = 100;

const seriesNames = Array.from({ length: 10 }, (_, i) => `metric${i}`);

interface Load {
  readonly stream: string;
  readonly rateHz: number;
  readonly query: string;
  /** Makes the server send one message to every subscriber. */
  publish(): Promise<unknown>;
}

interface Measured {
  readonly report: SubscribersReport;
  readonly deliveriesPerCpuSecond: number;
}

/** Deliveries to many subscribers of one study for each second of the server's CPU, against bare WebSockets. */
export function run(): Promise<BenchmarkResult> {
  return withBenchServer(measureStreams);
}

async function measureStreams(server: TrialgraphProcess): Promise<BenchmarkResult> {
  const rows = [];
  for (const load of await loadsOf(server)) {
    for (let i = 0; i < warmUpPublications; i++) await load.publish();
    const measured = await measure(server.pid, subscriptionOf(server, load), () => publishing(load));
    const reference = await measureReference(load, measured.report.frame);
    rows.push({
      stream: load.stream,
      rateHz: load.rateHz,
      deliveries: measured.report.deliveries,
      deliveriesPerCpuSecond: measured.deliveriesPerCpuSecond,
      referenceDeliveriesPerCpuSecond: reference.deliveriesPerCpuSecond,
      ratio: measured.deliveriesPerCpuSecond / reference.deliveriesPerCpuSecond,
      p99Ms: quantile(measured.report.latenciesMs, 0.99),
    });
  }
  const worst = rows.toSorted((a, b) => a.ratio - b.ratio)[0]!;
  return {
    rows,
    subscribers: subscriberCount,
    deliveriesPerCpuSecond: worst.deliveriesPerCpuSecond,
    referenceDeliveriesPerCpuSecond: worst.referenceDeliveriesPerCpuSecond,
    ratio: worst.ratio,
    p99Ms: Math.max(...rows.map(({ p99Ms }) => p99Ms)),
  };
}

async function loadsOf(server: TrialgraphProcess): Promise<Load[]> {
  const { study, trials } = await startTrials(server, 'fanout', 1);
  let step = 0;
  let changes = 0;
  return [
    {
      stream: 'studyEvents',
      rateHz: 20,
      query: `subscription { studyEvents(study: "${study}") {
        cursor snapshot { id } events { kind at trial { id number state params values } study { id state description } }
      } }`,
      publish: () =>
        server.graphql(
          'mutation ($id: ID!, $description: String) { updateStudy(id: $id, input: { description: $description }) { id } }',
          { id: study, description: `change ${changes++}` },
        ),
    },
    {
      stream: 'metrics',
      rateHz: 10,
      query: `subscription { metrics(study: "${study}", maxRateHz: 10) { cursor series { trial name steps values times } } }`,
      publish: () => {
        step++;
        const points = { steps: [step], values: [1 / step], times: [Date.now()] };
        const series = seriesNames.map((name) => ({ name, ...points }));
        return server.graphql(
          'mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }',
          { input: { trial: trials[0], series } },
        );
      },
    },
  ];
}

function subscriptionOf({ url }: TrialgraphProcess, { query }: Load): SubscribersOrder {
  return { url: `${url.replace('http', 'ws')}/graphql`, count: subscriberCount, query };
}

/** Publishes at the pace of the load until told to stop. */
function publishing({ rateHz, publish }: Load): () => Promise<void> {
  let isStopped = false;
  const ended = (async () => {
    const start = performance.now();
    for (let i = 1; !isStopped; i++) {
      await publish();
      await sleep(Math.max(0, start + (i * 1000) / rateHz - performance.now()));
    }
  })();
  return () => {
    isStopped = true;
    return ended;
  };
}

async function measureReference({ rateHz }: Load, frame: string): Promise<Measured> {
  const server = start('raw-server');
  try {
    server.send({ frame, rateHz } satisfies RawServerOrder);
    const [url] = (await once(server, 'message')) as [string];
    return await measure(server.pid!, { url, count: subscriberCount, query: null }, () => async () => {});
  } finally {
    server.kill();
  }
}

async function measure(
  serverPid: number,
  order: SubscribersOrder,
  startLoad: () => () => Promise<void>,
): Promise<Measured> {
  const subscribers = start('subscribers');
  try {
    subscribers.send(order);
    await once(subscribers, 'message');
    const stopLoad = startLoad();
    await sleep(warmUpMs);
    const cpuBefore = await cpuSeconds(serverPid);
    subscribers.send('start');
    await sleep(measuredMs);
    const answered = once(subscribers, 'message');
    subscribers.send('stop');
    const [report] = (await answered) as [SubscribersReport];
    const cpu = (await cpuSeconds(serverPid)) - cpuBefore;
    await stopLoad();
    return { report, deliveriesPerCpuSecond: report.deliveries / cpu };
  } finally {
    subscribers.kill();
  }
}

function start(name: string): ChildProcess {
  return fork(join(import.meta.dirname, 'fanout', `${name}.ts`), { execArgv: ['--import', 'tsx'] });
}

/** Of all threads of a process, in user and in kernel mode. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name before them may contain blanks, but ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
