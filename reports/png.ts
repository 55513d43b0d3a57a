import { fileSafe } from "./charts/file-safe.ts";
import { chartsOf } from "./charts/index.ts";
import type { Report } from "./report.ts";

/** A picture of each chart, in a file named after it. */
export const png = {
  name: "png",
  file: "charts",
  several: true,
  render(runs, { draw }) {
    const charts = chartsOf(runs);
    const names = fileNames(charts.map(({ name }) => name));
    return new Map(
      charts.flatMap((chart, index): [string, Uint8Array][] => {
        const [name, picture] = [names[index], draw(chart)];
        return name === undefined || picture === null ? [] : [[name, picture]];
      }),
    );
  },
} satisfies Report;

/** Names come from scenarios, which may be anyone's; two of them may be the same. */
export function fileNames(charts: readonly string[]): string[] {
  const files = new Set<string>();
  for (const chart of charts) {
    const name = fileSafe(chart);
    let file = `${name}.png`;
    for (let number = 2; files.has(file); number++) file = `${name}-${number}.png`;
    files.add(file);
  }
  return [...files];
}
