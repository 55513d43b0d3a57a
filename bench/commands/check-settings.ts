import * as z from "zod";
import type { CheckSettings } from "../settings/check-settings.ts";
import { readConfigFile } from "../settings/config-file.ts";
import type { ConfigFile } from "../settings/config-file.ts";
import { BenchError } from "../errors/errors.ts";

const inconclusiveSchema = z.enum(["pass", "fail"]).optional();

/** By what is decided: the file's section `check`, and over it `--inconclusive`. */
export async function checkSettings(flags: {
  readonly config?: string | undefined;
  readonly inconclusive?: string | undefined;
}): Promise<{ settings: CheckSettings; file: ConfigFile | null }> {
  const parsed = inconclusiveSchema.safeParse(flags.inconclusive);
  if (!parsed.success) {
    throw new BenchError("usage", `--inconclusive: "${flags.inconclusive}" is not pass or fail`);
  }
  const file = await readConfigFile(flags.config);
  const inconclusive = parsed.data ?? file?.check.inconclusive;
  return {
    settings: { ...file?.check, ...(inconclusive !== undefined && { inconclusive }) },
    file,
  };
}
