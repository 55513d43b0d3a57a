/** How many sockets of TCP this process has open. */
export async function openSockets(): Promise<number> {
  // The loop frees a closed handle at the end of a turn; the second turn begins after that.
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")).length;
}
