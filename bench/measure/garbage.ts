/**
 * Collects garbage twice, with a turn of the event loop between: what is finalized after the first time
 * (sockets, buffers) only goes with the second. Without --expose-gc nothing is collected.
 */
export async function collectGarbage(): Promise<void> {
  globalThis.gc?.();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
}
