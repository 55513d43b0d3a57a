import type { Config } from "../settings/config.ts";
import { openRunFolder } from "../files/run-folder.ts";

/** Makes the folder for results, and says when results of earlier are replaced in it. */
export async function resultFolder(
  { out, quiet }: Pick<Config, "out" | "quiet">,
  flag: string,
  inputs: readonly string[],
): Promise<string> {
  const { path, isUsed } = await openRunFolder({ out, flag, inputs });
  if (isUsed && !quiet) {
    process.stderr.write(
      `${flag}: ${path} holds earlier results; files of the same names are replaced\n`,
    );
  }
  return path;
}
