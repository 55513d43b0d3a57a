import { endpointAt } from "../../bench/through/endpoint.ts";
import { reportOf } from "../../bench/through/report-of.ts";
import { look } from "../../bench/through/look.ts";
import type { Turns } from "./turns.ts";

/** What was found between a client and a server: null for what wasn't. */
export interface Detected {
  readonly held: {
    readonly ms: number | null;
    readonly bytes: { readonly atLeast: number; readonly atMost: number | null } | null;
  } | null;
  readonly cutMs: number | null;
}

/** Looks for a buffer and a cut-off at a URL, with silence up to a bound; what is timed waits its turn. */
export interface Detector {
  readonly name: string;
  detect(url: URL, boundMs: number, turns: Turns): Promise<Detected>;
}

export const doctor: Detector = {
  name: "bench doctor --through",
  async detect(url, boundMs, turns) {
    const endpoint = endpointAt(url, {}, { ca: null, isVerified: true });
    const looked = await look(endpoint, boundMs, { triesCures: false, turns: turns.take });
    const { findings, figures } = reportOf(endpoint, looked);
    const isBuffered = findings.some(({ key, status }) => key === "buffered" && status !== "good");
    const { heldMs, heldBytes, idle } = figures;
    if (idle === null) throw new Error("whether silence is cut couldn't be told");
    return {
      held: isBuffered ? { ms: heldMs, bytes: heldBytes } : null,
      cutMs: idle.isCut ? idle.ms : null,
    };
  },
};
