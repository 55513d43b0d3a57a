import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "../../bench/errors/errors.ts";
import type { Chart } from "../../reports/charts/chart.ts";
import { Pictures } from "../../reports/charts/pictures.ts";

/** Draws the charts of a document into the folder of its pictures. */
export async function draw(charts: readonly Chart[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const pictures = new Pictures();
  for (const chart of charts) {
    const picture = await pictures.draw(chart);
    if (picture === null) throw new BenchError("output", pictures.missing ?? "no charts");
    writeFileSync(join(folder, `${chart.name}.png`), picture.whole);
  }
}
