import { diagnose } from "../doctor/diagnose.ts";
import { diagnosisText } from "../doctor/diagnosis-text.ts";
import { exitCodes } from "../errors/errors.ts";

export interface DoctorFlags {
  readonly json?: boolean;
}

/** `bench doctor`: what this machine allows, and what on it distorts figures. */
export async function doctor({ json }: DoctorFlags): Promise<number> {
  const diagnosis = await diagnose();
  const text = json === true ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis);
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}
