import type { ByteCoefficients, MessageBytes } from "./measured.ts";

export interface Polls {
  /** That find something, a second and client. */
  readonly answers: number;
  /** That find nothing; null where it isn't known. */
  readonly empty: number | null;
}

/** Polls of a client that is sent this many messages; `intervalMs` replaces the interval that was measured. */
export function pollsOf(
  { delivery, pollIntervalMs, messages, idle }: ByteCoefficients,
  messagesPerSecond: number,
  intervalMs: number | null,
): Polls {
  if (delivery === "push") return { answers: 0, empty: 0 };
  if (pollIntervalMs !== null) {
    const polls = 1_000 / (intervalMs ?? pollIntervalMs);
    const answers = Math.min(polls, messagesPerSecond);
    return { answers, empty: polls - answers };
  }
  const answers = messagesPerSecond / perAnswerAt(messages.value?.held ?? [], messagesPerSecond);
  if (idle.value === null) return { answers, empty: null };
  const { pollsPerSecond } = idle.value;
  if (messagesPerSecond === 0) return { answers, empty: pollsPerSecond };
  return { answers, empty: answers * Math.floor(pollsPerSecond / answers) };
}

/** Between two measured rates as far along as the rate's logarithm, beyond them as at the nearest. */
function perAnswerAt(held: MessageBytes["held"], rate: number): number {
  const above = held.find(({ messagesPerSecond }) => messagesPerSecond >= rate);
  const below = held.findLast(({ messagesPerSecond }) => messagesPerSecond <= rate);
  if (above === undefined || below === undefined) return (above ?? below)?.perAnswer ?? 1;
  if (above === below) return above.perAnswer;
  const along =
    Math.log(rate / below.messagesPerSecond) /
    Math.log(above.messagesPerSecond / below.messagesPerSecond);
  return below.perAnswer + along * (above.perAnswer - below.perAnswer);
}
