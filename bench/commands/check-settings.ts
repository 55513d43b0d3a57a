import { checkSchema } from "../settings/check-settings.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { readConfigFile } from "../settings/config-file.ts";
import type { ConfigFile } from "../settings/config-file.ts";
import { asFlag, parsedBy } from "../settings/naming.ts";

const flagsSchema = checkSchema.pick({ inconclusive: true });

/** By what is decided: the file's section `check`, and over it `--inconclusive`. */
export async function checkSettings(flags: {
  readonly config?: string | undefined;
  readonly inconclusive?: string | undefined;
}): Promise<{ settings: CheckSettings; file: ConfigFile | null }> {
  const given = parsedBy(flagsSchema, { inconclusive: flags.inconclusive }, asFlag);
  const file = await readConfigFile(flags.config);
  const inconclusive = given.inconclusive ?? file?.check.inconclusive;
  return {
    settings: { ...file?.check, ...(inconclusive !== undefined && { inconclusive }) },
    file,
  };
}
