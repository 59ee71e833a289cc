/** Sums over the examples of an evaluation, from which its metrics follow. */
export class ClassifierEvaluation {
  readonly #classes: number;
  /** Examples by true (row) and predicted class (column). */
  readonly #confusion: Uint32Array;
  #count = 0;
  #lossSum = 0;

  constructor(classes: number) {
    this.#classes = classes;
    this.#confusion = new Uint32Array(classes * classes);
  }

  /** Adds a batch: its true and predicted classes and the sum of its losses. */
  add(labels: ArrayLike<number>, predictions: ArrayLike<number>, lossSum: number): void {
    for (let i = 0; i < labels.length; i++) this.#confusion[labels[i]! * this.#classes + predictions[i]!]!++;
    this.#count += labels.length;
    this.#lossSum += lossSum;
  }

  get loss(): number {
    return this.#lossSum / this.#count;
  }

  get accuracy(): number {
    let right = 0;
    for (let c = 0; c < this.#classes; c++) right += this.#hits(c);
    return right / this.#count;
  }

  /** The mean over the classes of the share of right ones among those predicted; 0 for a class never predicted. */
  get precision(): number {
    return this.#meanOverClasses((c) => ratio(this.#hits(c), this.#predicted(c)));
  }

  /** The mean over the classes of the share of a class's examples that were found; 0 for a class without examples. */
  get recall(): number {
    return this.#meanOverClasses((c) => ratio(this.#hits(c), this.#actual(c)));
  }

  /** The mean over the classes of F1 = 2 hits / (predicted + actual). */
  get fScore(): number {
    return this.#meanOverClasses((c) => ratio(2 * this.#hits(c), this.#predicted(c) + this.#actual(c)));
  }

  #hits(c: number): number {
    return this.#confusion[c * this.#classes + c]!;
  }

  #actual(c: number): number {
    let sum = 0;
    for (let other = 0; other < this.#classes; other++) sum += this.#confusion[c * this.#classes + other]!;
    return sum;
  }

  #predicted(c: number): number {
    let sum = 0;
    for (let other = 0; other < this.#classes; other++) sum += this.#confusion[other * this.#classes + c]!;
    return sum;
  }

  #meanOverClasses(score: (c: number) => number): number {
    let sum = 0;
    for (let c = 0; c < this.#classes; c++) sum += score(c);
    return sum / this.#classes;
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
