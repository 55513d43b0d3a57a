import type { Resources } from "../results/schema.ts";

/** What processes used of which one took the place of the other; null where neither is known. */
export function addedUse(before: Resources | null, after: Resources | null): Resources | null {
  if (before === null || after === null) return before ?? after;
  return {
    ...after,
    durationMs: before.durationMs + after.durationMs,
    cpuMs: before.cpuMs + after.cpuMs,
    busiestThreadMs: most(before.busiestThreadMs, after.busiestThreadMs),
    waitedMs: most(before.waitedMs, after.waitedMs),
    rssBytes: most(before.rssBytes, after.rssBytes),
  };
}

function most(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(before, after);
}
