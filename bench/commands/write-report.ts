import { join } from "node:path";
import type { Rendered } from "../../reports/report.ts";
import { BenchError, codeOf } from "../errors/errors.ts";
import { makeFolder } from "../files/folders.ts";
import { writeOutput } from "../files/outputs.ts";

/** Writes a report to a file, or several pictures to a folder of that name. */
export async function writeReport(path: string, rendered: Rendered): Promise<void> {
  if (typeof rendered === "string") {
    await writeOutput(path, ended(rendered));
    return;
  }
  if (rendered.size === 0) return;
  try {
    await makeFolder(path);
  } catch (error) {
    throw new BenchError("output", `can't make the folder ${path} (${codeOf(error)})`);
  }
  for (const [name, content] of rendered) await writeOutput(join(path, name), content);
}

/** With the line feed that the last line of a file has. */
export function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
