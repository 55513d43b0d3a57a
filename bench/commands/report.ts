import { reports } from "../../reports/index.ts";
import { BenchError, exitCodes, nearest } from "../errors.ts";
import { readResults, replaceFile } from "../results/files.ts";

export interface ReportFlags {
  readonly format: string;
  readonly out?: string;
}

/** `bench report`: makes a report again from the results file alone. */
export async function report(path: string, { format, out }: ReportFlags): Promise<number> {
  const names = reports.map(({ name }) => name);
  const chosen = reports.find(({ name }) => name === format);
  if (chosen === undefined) {
    throw new BenchError(
      "usage",
      `--format: unknown format "${format}"; ${nearest(format, names)}known are ${names.join(", ")}`,
    );
  }
  const results = await readResults(path);
  const colour = out === undefined && process.stdout.isTTY && !process.env["NO_COLOR"];
  const text = chosen.render(results, { colour });
  const ended = text.endsWith("\n") ? text : `${text}\n`;
  if (out === undefined) process.stdout.write(ended);
  else await replaceFile(out, ended);
  return exitCodes.done;
}
