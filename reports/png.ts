import { chartsOf } from "./charts/index.ts";
import type { Report } from "./report.ts";

/** A picture of each chart, named after it. */
export const png = {
  name: "png",
  file: "charts",
  several: true,
  render(runs, { draw }) {
    const files = new Map<string, Uint8Array>();
    for (const chart of chartsOf(runs)) {
      const picture = draw(chart);
      if (picture !== null) files.set(free(files, fileName(chart.name)), picture);
    }
    return files;
  },
} satisfies Report;

/** Names come from scenarios, which may be anyone's, and every file system has to bear them. */
function fileName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return plain.replaceAll(/^-|-$/g, "").slice(0, 100) || "chart";
}

function free(files: ReadonlyMap<string, unknown>, name: string): string {
  let file = `${name}.png`;
  for (let number = 2; files.has(file); number++) file = `${name}-${number}.png`;
  return file;
}
