import { diagnose } from "../doctor/diagnose.ts";
import { diagnosisText } from "../doctor/diagnosis-text.ts";
import { parseSettings } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { exitCodes } from "../errors/errors.ts";

export interface DoctorFlags {
  readonly clients?: string;
  readonly json?: boolean;
}

/** `bench doctor`: what this machine allows, and what on it distorts figures. */
export async function doctor({ clients: given, json }: DoctorFlags): Promise<number> {
  const clients =
    given === undefined ? null : (parseSettings({ clients: given }, asFlag, "").clients ?? null);
  const diagnosis = await diagnose(clients);
  const text =
    json === true ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis, clients);
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}
