/** A file that is not the export that it was said to be, and what to do about it. Names no value of the file. */
export class UnreadableExport extends Error {
  constructor(
    problem: string,
    readonly remedy: string,
  ) {
    super(problem);
  }
}
