import type { MeasuredPhase, Stage, TokensMeasured } from "./scenario.ts";

/** What is known to gather messages by itself: it is no buffer that anyone would have to find. */
export interface KnownGathering {
  readonly delivery: Stage["transport"]["delivery"];
  readonly pollIntervalMs: number | null;
  /** Milliseconds for which servers gather them; 0 for not at all. */
  readonly batchMs: number;
}

/** Tokens that something between the server and its clients holds back. */
export interface TokenBuffer {
  /** The longest by which a group of them was held, and the most tokens in one. */
  readonly longestMs: number;
  readonly largest: number;
  /** What lets them go, where that is plain: so many milliseconds, or so many bytes of tokens, on average. */
  readonly by: "time" | "bytes" | null;
  readonly meanMs: number;
  readonly meanBytes: number;
}

/** Of the tokens that were due apart, so many come together where they are held back: all but the first of each group. */
const leastTogether = 0.4;

/** Fewer groups than this may be the machine's doing, where there are more answers. */
const fewestGroups = 3;

/** Groups that are held for less than this on average, and what gathers by itself for as long again, aren't told of. */
const leastHeldMs = 30;

/** What groups have in common where they differ by no more than this share. */
const mostSpread = 0.25;

/** Whether tokens of a phase were held back on their way; null where they weren't, or it can't be told. */
export function tokenBufferIn(
  { tokens, minDeliveryNs, lateness }: Pick<MeasuredPhase, "tokens" | "minDeliveryNs" | "lateness">,
  known: KnownGathering,
): TokenBuffer | null {
  if (tokens === null) return null;
  const { together } = tokens;
  const { apart, groups, largest, held, bytes } = together;
  if (groups < Math.min(fewestGroups, Math.max(1, tokens.answers))) return null;
  if (apart === 0 || together.tokens < leastTogether * apart) return null;
  const meanMs = held.mean / 1e6;
  const gatheredMs = gathersForMs(known, (minDeliveryNs ?? 0) / 1e6);
  // Tokens that left late came together because of that.
  const sentLateMs = (lateness(0.9) ?? 0) / 1e6;
  if (meanMs < Math.max(leastHeldMs, 2 * gatheredMs, 2 * sentLateMs)) return null;
  return {
    longestMs: together.longestNs / 1e6,
    largest,
    by: byWhat(held, bytes),
    meanMs,
    meanBytes: bytes.mean,
  };
}

/** A poll takes the tokens of a round trip along, which is what the least late token took. */
function gathersForMs(
  { delivery, pollIntervalMs, batchMs }: KnownGathering,
  roundTripMs: number,
): number {
  return batchMs + (delivery === "pull" ? (pollIntervalMs ?? 0) + roundTripMs : 0);
}

function byWhat(
  held: TokensMeasured["together"]["held"],
  bytes: TokensMeasured["together"]["bytes"],
): TokenBuffer["by"] {
  const [ofTime, ofBytes] = [held.deviation / held.mean, bytes.deviation / bytes.mean];
  if (Math.min(ofTime, ofBytes) > mostSpread) return null;
  return ofTime < ofBytes ? "time" : "bytes";
}

/** Said in a table. */
export function bufferText({ longestMs, largest, by, meanMs, meanBytes }: TokenBuffer): string {
  const until =
    by === "time"
      ? `, for ${Math.round(meanMs)} ms on average`
      : by === "bytes"
        ? `, for ${Math.round(meanBytes)} B of them on average`
        : "";
  return `tokens are held back, up to ${Math.round(longestMs)} ms, ${largest} at once${until}`;
}
