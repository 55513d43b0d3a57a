import { diagnose } from "../doctor/diagnose.ts";
import { diagnosisText } from "../doctor/diagnosis-text.ts";
import { parseSettings } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { doctorThrough } from "./doctor-through.ts";
import type { ThroughFlags } from "./doctor-through.ts";

export interface DoctorFlags extends Partial<ThroughFlags> {
  readonly clients?: string;
}

const ofThrough = ["header", "bound", "ca", "insecure"] as const;

/** `bench doctor`: what this machine allows, and what on it distorts figures; or what stands in front of an endpoint. */
export async function doctor({ through, ...flags }: DoctorFlags): Promise<number> {
  const { clients: given, json } = flags;
  if (through !== undefined) {
    if (given === undefined) return await doctorThrough({ ...flags, through });
    throw usageError("--clients has no effect with --through");
  }
  const idle = ofThrough.find((key) => flags[key] !== undefined);
  if (idle !== undefined) throw usageError(`${asFlag(idle)} has no effect without --through`);
  const clients =
    given === undefined ? null : (parseSettings({ clients: given }, asFlag, "").clients ?? null);
  const diagnosis = await diagnose(clients);
  const text =
    json === true ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis, clients);
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}
