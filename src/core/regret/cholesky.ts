/**
 * The lower triangle L of a symmetric positive definite matrix A = L L', in place, row by row; what is above the diagonal
 * stays. False where A is not positive definite, within rounding: then it is half done.
 */
export function factorise(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[row + k]! * matrix[other + k]!;
      if (j < i) matrix[row + j] = sum / matrix[other + j]!;
      else if (sum > 0) matrix[row + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves L x = b, in place. */
export function solveLower(lower: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * b[k]!;
    b[i] = sum / lower[i * n + i]!;
  }
  return b;
}

/** Solves L' x = b, in place. */
export function solveUpper(lower: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    const value = b[i]! / lower[i * n + i]!;
    b[i] = value;
    for (let k = 0; k < i; k++) b[k]! -= lower[i * n + k]! * value;
  }
  return b;
}
