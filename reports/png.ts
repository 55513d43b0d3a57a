import { distinct, fileSafe } from "./charts/file-safe.ts";
import { chartsOf } from "./charts/index.ts";
import { defineReport } from "./report.ts";
import type { RenderOptions } from "./report.ts";
import type { Run } from "./run.ts";

/** A picture of each chart, in a file named after it. */
export const png = defineReport({
  async render(runs: readonly Run[], { draw }: Pick<RenderOptions, "draw">) {
    const charts = chartsOf(runs);
    const names = fileNames(charts.map(({ name }) => name));
    const files = new Map<string, Uint8Array>();
    for (const [index, name] of names.entries()) {
      const chart = charts[index];
      const picture = chart === undefined ? null : await draw(chart);
      if (picture !== null) files.set(name, picture.whole);
    }
    return files;
  },
});

/** Names come from scenarios, which may be anyone's; two of them may be the same. */
export function fileNames(charts: readonly string[]): string[] {
  return distinct(charts.map(fileSafe)).map((name) => `${name}.png`);
}
