/** How long clients are served, one after the other, before the event loop looks at its sockets. */
const roundMs = 10;

/** Tasks of all clients that wait for their turn, in the order of their arrival. */
const waiting: (() => void)[] = [];

/** When the current round ends; null while no client has sent more than is handled at once. */
let endMs: number | null = null;

/** Whether the time of the current round is over; begins a round where there is none. */
export function isRoundOver(): boolean {
  const nowMs = performance.now();
  endMs ??= begin(nowMs);
  return nowMs >= endMs;
}

/**
 * Runs a task when its turn comes, in a later step of the event loop. Tasks of all clients are run in rounds, so that
 * a new client doesn't wait for all others, however many there are.
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
