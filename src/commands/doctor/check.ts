/** One thing that the doctor looked at. */
export interface Check {
  readonly name: string;
  readonly works: boolean;
  /** What was found; of what does not work, why not and what to do about it. */
  readonly detail: string;
}
