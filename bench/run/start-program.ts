import { ProcessEnded } from "../processes/process-ended.ts";
import type { ProgramVerbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import { MachineFailure } from "./machine-failure.ts";

/** Starts a program that others wrote. Where it doesn't serve, that isn't the fault of the server that is measured. */
export async function startProgram(
  remote: Remote<ProgramVerbs>,
  how: Parameters<ProgramVerbs["start"]>[0],
): ReturnType<ProgramVerbs["start"]> {
  try {
    return await remote.call("start", how);
  } catch (error) {
    if (error instanceof ProcessEnded) throw error;
    throw new MachineFailure(error instanceof Error ? error.message : String(error));
  }
}
