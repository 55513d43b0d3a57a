import type { Figure, Stage } from "./scenario.ts";

/**
 * Searches, and states what was found: also when a process died on the way, since what was served by then was served.
 * `figures` is told why the search couldn't be completed; null where it was.
 */
export async function searchAndState(
  stage: Stage,
  search: { run(): Promise<void> },
  figures: (brokenOff: string | null) => readonly Figure[],
): Promise<void> {
  let brokenOff: string | null = null;
  try {
    await search.run();
  } catch (error) {
    brokenOff = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    for (const figure of figures(brokenOff)) stage.figure(figure);
  }
}
