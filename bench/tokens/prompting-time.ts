import type { Answer, Prompting } from "../../scenarios/scenario.ts";

/** From when a request is due until the last token of its answer is, in milliseconds. */
function answerMs({ firstTokenMs, tokens, tokensPerSecond }: Answer): number {
  return firstTokenMs + (1_000 * (tokens - 1)) / tokensPerSecond;
}

/** From when one request of a client is due until the next is. */
export function cycleMs({ answer, pauseMs }: Pick<Prompting, "answer" | "pauseMs">): number {
  return answerMs(answer) + pauseMs;
}

/** How often each client asks that is due to for the first time so many milliseconds after the start. */
export function requestsOf(prompting: Prompting, firstDueMs: number): number {
  const { requests, forMs = 0 } = prompting;
  return requests ?? Math.max(1, Math.ceil((forMs - firstDueMs) / cycleMs(prompting)));
}

/**
 * The time over which the first requests of clients are spread, so that their answers don't all begin at once: that of
 * one request, or a third of what there is.
 */
export function spreadMs(prompting: Prompting): number {
  const { forMs = Number.POSITIVE_INFINITY, requests } = prompting;
  const third = requests === undefined ? forMs / 3 : cycleMs(prompting);
  return prompting.chained === true ? 0 : Math.min(cycleMs(prompting), third);
}

/** How long it takes until the last token is due. */
export function promptingMs(prompting: Prompting): number {
  const ofOne = (firstDueMs: number): number =>
    firstDueMs + requestsOf(prompting, firstDueMs) * cycleMs(prompting) - prompting.pauseMs;
  return Math.max(ofOne(0), ofOne(spreadMs(prompting)));
}
