import { join, relative, resolve } from "node:path";
import { inputsOf, readConfigFile } from "../settings/config-file.ts";
import { exitCodes } from "../errors/errors.ts";
import { readHistory } from "../history/read-history.ts";
import { proveOutput } from "../files/outputs.ts";
import { gatesOf } from "../verdict/gates.ts";
import { writeReport } from "./write-report.ts";
import { textWidth } from "../text/terminal.ts";

export interface HistoryFlags {
  readonly out?: string;
  readonly config?: string;
}

const pageFile = "history.html";

/** `bench history`: how each gating metric went over the runs that a folder holds. */
export async function history(folder: string, { out, config }: HistoryFlags): Promise<number> {
  const file = await readConfigFile({ config });
  const stored = await readHistory(folder, gatesOf(file.check));
  const page = out ?? join(folder, pageFile);
  const inputs = [...stored.files, ...inputsOf(file)];
  await proveOutput(page, out === undefined ? "--out (default)" : "--out", inputs);
  const { historyText } = await import("../../reports/history/terminal.ts");
  process.stdout.write(`${historyText(stored, textWidth())}\n\n`);
  const { historyPage } = await import("../../reports/history/page.tsx");
  const { Pictures } = await import("../../reports/charts/pictures.ts");
  const pictures = new Pictures();
  await writeReport(page, await historyPage(stored, pictures.draw.bind(pictures)));
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  process.stdout.write(`Page: ${relative(".", resolve(page))}\n`);
  return exitCodes.done;
}
