/** A measuring process ended by itself: which one, how it ended, and the last of its standard error. */
export class ProcessEnded extends Error {
  /** As `Remote.name`. */
  readonly process: string;
  readonly stderr: string;
  /** Whether the message is its own farewell. */
  readonly isExplained: boolean;

  /** What is to blame, where that is known. */
  readonly by: "machine" | null;

  constructor(
    process: string,
    reason: string,
    stderr: string,
    isExplained = false,
    by: ProcessEnded["by"] = null,
  ) {
    super(reason);
    this.process = process;
    this.stderr = stderr;
    this.isExplained = isExplained;
    this.by = by;
  }
}
