/** Rows are scaled to coefficients of at most 1, variables to [0, 1]: what is smaller is rounding. */
const tolerance = 1e-10;

/** coefficients * u <= bound. */
export interface Row {
  readonly coefficients: ArrayLike<number>;
  readonly bound: number;
}

/**
 * The points u of the unit cube that keep linear rows, and the greatest values of linear functions on them.
 * The simplex method in dictionary form with Bland's rule, which never cycles (Chvatal, Linear Programming, chapters 2
 * and 3). A pivot costs rows * variables; meant for some dozens of each.
 */
export class LinearProgram {
  readonly isFeasible: boolean;
  readonly #variables: number;
  /** Basic variable i = bounds[i] - sum over k of table[i][k] * nonbasic variable k. Slacks are numbered after variables. */
  readonly #table: Float64Array[];
  readonly #bounds: number[];
  readonly #basic: number[];
  readonly #nonbasic: number[];

  constructor(variables: number, rows: readonly Row[]) {
    this.#variables = variables;
    const all = [...rows, ...Array.from({ length: variables }, (_, k) => unitRow(variables, k))];
    // The last column is of the variable that all rows are loosened by, to find a first point.
    this.#table = all.map(({ coefficients }) => Float64Array.from([...Array.from(coefficients), -1]));
    this.#bounds = all.map(({ bound }) => bound);
    this.#basic = all.map((_, i) => variables + 1 + i);
    this.#nonbasic = Array.from({ length: variables + 1 }, (_, k) => k);
    this.isFeasible = this.#findPoint();
  }

  /** A point with the greatest objective * u; the program must be feasible. */
  maximize(objective: ArrayLike<number>): Float64Array {
    this.#climb((variable) => (variable < this.#variables ? objective[variable]! : 0));
    return this.#point();
  }

  #point(): Float64Array {
    const point = new Float64Array(this.#variables);
    this.#basic.forEach((variable, i) => {
      if (variable < this.#variables) point[variable] = Math.min(1, Math.max(0, this.#bounds[i]!));
    });
    return point;
  }

  /** Phase one: loosens all rows until they hold, and then tightens them again as far as that goes. */
  #findPoint(): boolean {
    const loosening = this.#variables;
    let worst = 0;
    for (let i = 1; i < this.#bounds.length; i++) if (this.#bounds[i]! < this.#bounds[worst]!) worst = i;
    if (this.#bounds.length > 0 && this.#bounds[worst]! < 0) {
      this.#pivot(worst, loosening);
      this.#climb((variable) => (variable === loosening ? -1 : 0));
      const row = this.#basic.indexOf(loosening);
      if (row >= 0) {
        if (this.#bounds[row]! > tolerance) return false;
        this.#bounds[row] = 0;
        const k = this.#table[row]!.findIndex((entry) => Math.abs(entry) > tolerance);
        if (k >= 0) this.#pivot(row, k);
      }
    }
    // From here on nothing is loosened.
    const column = this.#nonbasic.indexOf(loosening);
    if (column >= 0) for (const row of this.#table) row[column] = 0;
    return true;
  }

  #climb(weight: (variable: number) => number): void {
    const gains = new Float64Array(this.#nonbasic.length);
    // In exact arithmetic it ends by itself, long before; rounding must not keep it going.
    for (let pivots = 100 * (this.#basic.length + 1); pivots > 0; pivots--) {
      this.#nonbasic.forEach((variable, k) => {
        gains[k] = weight(variable);
      });
      this.#basic.forEach((variable, i) => {
        const own = weight(variable);
        if (own === 0) return;
        const row = this.#table[i]!;
        for (let k = 0; k < row.length; k++) gains[k]! -= own * row[k]!;
      });
      const entering = this.#least((k) => gains[k]! > tolerance);
      if (entering < 0) return;
      const leaving = this.#leavingRow(entering);
      if (leaving < 0) return;
      this.#pivot(leaving, entering);
    }
  }

  /** Bland's rule: of the columns that qualify, that of the variable with the lowest number. */
  #least(qualifies: (k: number) => boolean): number {
    let best = -1;
    for (let k = 0; k < this.#nonbasic.length; k++) {
      if (qualifies(k) && (best < 0 || this.#nonbasic[k]! < this.#nonbasic[best]!)) best = k;
    }
    return best;
  }

  /** The row that bounds the entering variable the most; of equal ones that of the lowest variable. */
  #leavingRow(column: number): number {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#table.length; i++) {
      const entry = this.#table[i]![column]!;
      if (entry <= tolerance) continue;
      const ratio = Math.max(0, this.#bounds[i]!) / entry;
      if (ratio < least || (ratio === least && this.#basic[i]! < this.#basic[best]!)) {
        best = i;
        least = ratio;
      }
    }
    return best;
  }

  #pivot(r: number, s: number): void {
    const row = this.#table[r]!;
    const entry = row[s]!;
    for (let k = 0; k < row.length; k++) row[k]! /= entry;
    row[s] = 1 / entry;
    this.#bounds[r]! /= entry;
    for (let i = 0; i < this.#table.length; i++) {
      if (i === r) continue;
      const other = this.#table[i]!;
      const factor = other[s]!;
      if (factor === 0) continue;
      for (let k = 0; k < row.length; k++) if (k !== s) other[k]! -= factor * row[k]!;
      other[s] = -factor / entry;
      this.#bounds[i]! -= factor * this.#bounds[r]!;
    }
    [this.#basic[r], this.#nonbasic[s]] = [this.#nonbasic[s]!, this.#basic[r]!];
  }
}

function unitRow(variables: number, k: number): Row {
  const coefficients = new Float64Array(variables);
  coefficients[k] = 1;
  return { coefficients, bound: 1 };
}
