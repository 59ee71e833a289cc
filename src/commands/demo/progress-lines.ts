import type { Colors } from 'picocolors/types.js';
import { showClock, showSeconds } from './show-time.ts';
import { hasEnded, type StudyWatch, trialRemainingMs, type WatchedTrial } from './study-watch.ts';
import { stateColor, stateWord } from './trial-state.ts';
import { type VisibleTrial, visibleTrials } from './visible-trials.ts';

export interface ProgressLinesOptions {
  readonly columns: number;
  readonly rows: number;
  readonly colors: Colors;
  readonly startedMs: number;
  readonly nowMs: number;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly show: (trial: WatchedTrial) => string;
}

const numberWidth = 5;
const stateWidth = 10;
const minBarWidth = 8;
const maxBarWidth = 40;
const gap = '  ';

/** What stands right of the bar. */
const details: readonly Column[] = [
  { title: 'step', width: 7, show: showStep },
  { title: 'loss', width: 7, show: ({ loss }) => loss?.toFixed(4) ?? '' },
  { title: 'accuracy', width: 8, show: ({ accuracy }) => accuracy?.toFixed(4) ?? '' },
  { title: 'time', width: 9, show: showTime },
];
/** What a narrow terminal has to do without, in this order. */
const dispensable = ['loss', 'time', 'step', 'accuracy'];

/** A study as lines that fit a terminal: a headline, and a bar for each trial as far as there is room. */
export function progressLines(watch: StudyWatch, options: ProgressLinesOptions): string[] {
  const { columns, rows, colors, nowMs } = options;
  // Some terminals wrap a line that fills the last column.
  const width = columns - 1;
  const shown = detailsThatFit(width);
  const barWidth = Math.max(0, Math.min(maxBarWidth, width - widthBesideBar(shown)));
  const titles = ['trial'.padEnd(numberWidth), 'state'.padEnd(stateWidth), ' '.repeat(barWidth)];
  const top = [
    colors.bold(headline(watch, options).slice(0, width)),
    '',
    colors.dim([...titles, ...shown.map(({ title, width }) => title.padStart(width))].join(gap)),
  ];
  // log-update ends with an empty line.
  const { listed, others } = visibleTrials(watch, nowMs, Math.max(1, rows - top.length - 1));
  const trialLines = listed.map((trial) => trialLine(trial, shown, barWidth, colors));
  return [...top, ...trialLines, ...(others === null ? [] : [colors.dim(`and ${others}`.slice(0, width))])];
}

function headline(watch: StudyWatch, { startedMs, nowMs }: ProgressLinesOptions): string {
  const { best } = watch;
  const remainingMs = watch.stopReason === null ? watch.remainingMs(nowMs) : null;
  return [
    `${watch.endedCount}/${watch.trialCount} trials done`,
    best === null ? 'no result yet' : `best accuracy ${best.accuracy.toFixed(4)} (#${best.number})`,
    `${showClock(nowMs - startedMs)} elapsed`,
    ...(remainingMs === null ? [] : [`about ${showClock(remainingMs)} left`]),
  ].join(' · ');
}

function trialLine(trial: VisibleTrial, shown: readonly Column[], barWidth: number, colors: Colors): string {
  const color = stateColor(trial.state, colors);
  const filled = Math.round(fractionDone(trial) * barWidth);
  const cells = [
    `#${trial.number}`.padEnd(numberWidth),
    color(stateWord(trial.state).padEnd(stateWidth)),
    color('━'.repeat(filled)) + colors.dim('─'.repeat(barWidth - filled)),
  ];
  if (trial.state === 'WAITING') return cells.join(gap);
  return [...cells, ...shown.map(({ show, width }) => show(trial).padStart(width))].join(gap);
}

function fractionDone(trial: VisibleTrial): number {
  if (trial.state === 'WAITING') return 0;
  if (trial.state === 'COMPLETED') return 1;
  return trial.step && trial.totalSteps ? Math.min(1, trial.step / trial.totalSteps) : 0;
}

function showStep({ state, step, totalSteps }: WatchedTrial): string {
  if (totalSteps === null) return `${step ?? ''}`;
  // The end of a trial may be told before its last metrics are.
  return `${state === 'COMPLETED' ? totalSteps : (step ?? 0)}/${totalSteps}`;
}

function showTime(trial: WatchedTrial): string {
  if (hasEnded(trial)) return trial.elapsedMs === null ? '' : showSeconds(trial.elapsedMs);
  const remainingMs = trialRemainingMs(trial);
  return remainingMs === null ? '' : `${showClock(remainingMs)} left`;
}

function detailsThatFit(width: number): readonly Column[] {
  let shown = details;
  for (const title of dispensable) {
    if (width - widthBesideBar(shown) >= minBarWidth) break;
    shown = shown.filter((column) => column.title !== title);
  }
  return shown;
}

function widthBesideBar(shown: readonly Column[]): number {
  const left = numberWidth + gap.length + stateWidth + gap.length;
  return shown.reduce((sum, { width }) => sum + gap.length + width, left);
}
