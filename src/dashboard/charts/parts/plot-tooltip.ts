import classes from './plot-tooltip.module.css';

export type TooltipRows = readonly (readonly [name: string, value: string])[];

/** A title and rows of names and values, as elements: what users wrote stays text. */
export function tooltipContent(title: string, rows: TooltipRows): HTMLElement {
  const content = document.createElement('div');
  content.className = classes.content!;
  const heading = document.createElement('b');
  heading.textContent = title;
  const list = document.createElement('dl');
  for (const [name, value] of rows) {
    const term = document.createElement('dt');
    term.textContent = name;
    const details = document.createElement('dd');
    details.textContent = value;
    list.append(term, details);
  }
  content.append(heading, list);
  return content;
}

/** What is under the pointer, beside it, with a mark on the point. */
export class PlotTooltip {
  readonly #over: HTMLElement;
  readonly #box = document.createElement('div');
  readonly #mark = document.createElement('i');

  /** @param over the element above the plotting area, in whose pixels places are given */
  constructor(over: HTMLElement) {
    this.#over = over;
    this.#box.className = classes.tooltip!;
    this.#mark.className = classes.mark!;
    this.hide();
    over.append(this.#mark, this.#box);
  }

  show(left: number, top: number, color: string, title: string, rows: TooltipRows): void {
    this.#mark.style.background = color;
    this.#mark.style.left = `${left}px`;
    this.#mark.style.top = `${top}px`;
    this.#box.replaceChildren(tooltipContent(title, rows));
    this.#box.hidden = false;
    this.#mark.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.#box;
    const isRight = left + width + 16 < this.#over.clientWidth;
    const x = isRight ? left + 12 : Math.max(-40, left - width - 12);
    const y = Math.max(0, Math.min(top - height / 2, this.#over.clientHeight - height));
    this.#box.style.left = `${x}px`;
    this.#box.style.top = `${y}px`;
  }

  hide(): void {
    this.#box.hidden = true;
    this.#mark.hidden = true;
  }
}
