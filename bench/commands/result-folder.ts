import { openRunFolder } from "../files/run-folder.ts";
import { reports } from "../../reports/index.ts";
import { isFolder } from "../../reports/report.ts";
import { comparisonReports } from "../../reports/verdict/index.ts";

/** Folders aside, whose files have names of their own. */
export const reportFiles: readonly string[] = [...reports, ...comparisonReports].flatMap(
  ({ file }) => (file === null || isFolder({ file }) ? [] : file),
);

/** Makes the folder for results and reports; see `openRunFolder`. */
export function resultFolder(
  asked: { readonly out?: string | undefined; readonly quiet: boolean },
  flag: string,
  inputs: readonly string[],
): Promise<string> {
  return openRunFolder(asked, flag, inputs, reportFiles);
}
