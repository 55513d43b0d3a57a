import { round } from "../../bench/text/format.ts";
import { wordsOf } from "./fault-words.ts";
import type { Side } from "./side.ts";

/** What a cell shows of a side: nothing by its tone alone. */
export interface Mark {
  readonly sign: "✓" | "✗" | "!" | "?" | "–";
  readonly word: string;
  readonly tone: "good" | "bad" | "fair" | "unknown" | "none";
}

const notPlayed: Mark = { sign: "–", word: "not played", tone: "none" };

/** Undefined for a cell that no trial was planned of. */
export function markOf(side: Side | undefined): Mark {
  if (side === undefined || side.state === "not played") return notPlayed;
  if (side.state === "untold") return { sign: "?", word: "can't tell", tone: "unknown" };
  if (side.state !== "told") return { sign: "?", word: side.state, tone: "unknown" };
  const [gravest, ...others] = side.faults;
  const share = (found: number, told: number): string => (found < told ? ` ${found}/${told}` : "");
  const counted = side.valid < side.played ? ` (${side.valid} of ${side.played} valid)` : "";
  if (gravest === undefined) return { sign: "✓", word: `passes${counted}`, tone: "good" };
  const { word, isGrave } = wordsOf(gravest.kind);
  const more = others.length === 0 ? "" : ` +${others.length}`;
  const text = word.replace(
    " after {idle}",
    side.idleMs === null ? "" : ` after ${seconds(side.idleMs)}`,
  );
  return {
    sign: isGrave ? "✗" : "!",
    word: text + share(gravest.found, gravest.told) + more + counted,
    tone: isGrave ? "bad" : "fair",
  };
}

function seconds(ms: number): string {
  return `${round(Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)))} s`;
}

/** How to read a matrix, in one paragraph. */
export const atlasLegend =
  "✓ nothing was found, ✗ messages don't come or not in time, ! something else was found, ? that can't be told, – not " +
  "played; +1: so many more things were found; 1/3: in so many of the trials that can tell. Corrected is the proxy with " +
  "what its own documentation advises.";
