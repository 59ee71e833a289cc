import type { IBuffer, IBufferCell } from '@xterm/headless';

const fontSize = 14;
/** What one character takes of the width; the text is stretched to it, whatever font there is. */
const cellWidth = 8.4;
const lineHeight = 18;
const padding = 16;

const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const background = '#16181d';
const foreground = '#d5d9e0';
/** The first eight ANSI colours, as they are read best on the background. */
const palette = ['#16181d', '#f2777a', '#86d993', '#f0c674', '#7aa6f2', '#d3a0e6', '#6fd3dc', '#d5d9e0'];

interface Run {
  readonly column: number;
  readonly text: string;
  readonly style: string;
}

/** All lines of a terminal, from the first to the last that is not empty, as a picture of plain text elements. */
export function screenToSvg(buffer: IBuffer, columns: number): string {
  const lines = Array.from({ length: buffer.length }, (_, y) => readLine(buffer, y, columns));
  while (lines.at(-1)?.length === 0) lines.pop();
  const width = columns * cellWidth + 2 * padding;
  const height = lines.length * lineHeight + 2 * padding;
  const texts = lines.flatMap((runs, row) => runs.map((run) => textElement(run, row)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${fonts}" font-size="${fontSize}" fill="${foreground}">
<rect width="${width}" height="${height}" rx="10" fill="${background}"/>
${texts.join('\n')}
</svg>
`;
}

/** The text of a line in runs of one style; spaces at either end of a run are left out. */
function readLine(buffer: IBuffer, y: number, columns: number): Run[] {
  const line = buffer.getLine(y);
  const runs: Run[] = [];
  let column = 0;
  let text = '';
  let style = '';
  const endRun = (): void => {
    const start = text.length - text.trimStart().length;
    if (text.trim() !== '') runs.push({ column: column + start, text: text.trim(), style });
  };
  for (let x = 0; x < columns; x++) {
    const cell = line?.getCell(x);
    const character = cell?.getChars() || ' ';
    const cellStyle = cell && character !== ' ' ? styleOf(cell) : style;
    // Two spaces part a table's cells, which fonts of other widths must not move.
    if (cellStyle !== style || text.endsWith('  ')) {
      endRun();
      [column, text, style] = [x, '', cellStyle];
    }
    text += character;
  }
  endRun();
  return runs;
}

function styleOf(cell: IBufferCell): string {
  const color = cell.isFgPalette() ? palette[cell.getFgColor() % 8] : undefined;
  return [
    ...(color === undefined ? [] : [` fill="${color}"`]),
    ...(cell.isBold() ? [' font-weight="bold"'] : []),
    ...(cell.isDim() ? [' opacity="0.55"'] : []),
  ].join('');
}

function textElement({ column, text, style }: Run, row: number): string {
  const x = (padding + column * cellWidth).toFixed(1);
  const y = padding + row * lineHeight + fontSize;
  const length = (text.length * cellWidth).toFixed(1);
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${style}>${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
