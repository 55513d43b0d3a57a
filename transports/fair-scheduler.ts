/** How long one client after the other may be served before the event loop looks at its sockets. */
const roundMs = 10;

/** What waits for its turn, of all clients, in the order in which it arrived. */
const waiting: (() => void)[] = [];

/** When the round that is on ends; null while no client has sent more than is handled at once. */
let endMs: number | null = null;

/** Whether the time of the round that is on is over; begins one where none is. */
export function isRoundOver(): boolean {
  const nowMs = performance.now();
  endMs ??= begin(nowMs);
  return nowMs >= endMs;
}

/**
 * Has something done when its turn comes, in a later step of the event loop: what all clients together are
 * owed is done in rounds, so that however many there are, one that has just come doesn't wait for them.
 */
export function scheduleRoundRobin(task: () => void): void {
  waiting.push(task);
  endMs ??= begin(performance.now());
}

function begin(nowMs: number): number {
  setImmediate(goRound);
  return nowMs + roundMs;
}

function goRound(): void {
  endMs = waiting.length === 0 ? null : begin(performance.now());
  let done = 0;
  while (done < waiting.length && !isRoundOver()) {
    waiting[done]?.();
    done += 1;
  }
  waiting.splice(0, done);
}
