// Code of an outsider's in the process of a command: what it begins, nobody waits for, and it may never end.

let isHere = false;

/** Has `tell` called with what such code throws where nobody catches it; the process then ends by `tell`. */
export function watchForeignCode(tell: (thrown: unknown) => void): void {
  if (isHere) return;
  isHere = true;
  process.on("uncaughtException", (thrown) => {
    // Whoever else listens knows better what has failed.
    if (process.listenerCount("uncaughtException") === 1) tell(thrown);
  });
}

/** The command is over: ends this process although such code has something open. */
export function endForeignCode(): void {
  if (isHere) setTimeout(() => process.exit(), leftOpenMs).unref();
}

/** How long what is about to end by itself may take. */
const leftOpenMs = 1_000;
