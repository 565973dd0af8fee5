/** What keeps a stack from starting or ending, in words for the terminal; the exit code is one of README.md's. */
export class StackError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
