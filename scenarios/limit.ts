import type { BusyProcess, MeasuredPhase } from "./scenario.ts";

/** Why no more was served at a rate that was too much. */
export interface Limit {
  /** `server CPU`, in a table. */
  readonly name: string;
  /** What shows it, in a few words. */
  readonly text: string;
  /** Whether it is the harness's own, or the machine's that both sides share: a server may serve more then. */
  readonly isOurs: boolean;
}

/** What it is told by. */
export interface LimitEvidence extends Pick<MeasuredPhase, "brokenOff" | "busy" | "linkShare"> {
  /**
   * Whether the client in a process of its own was served in time, where the others weren't; null where there is none, or
   * too little to tell by.
   */
  readonly isCanaryInTime: boolean | null;
}

/** From here on a process, or a link, does all that it can. */
const full = 0.9;

/** So busy, a load process may be what makes its clients late: they wait in its queue. */
const loadFull = 0.7;

/** A process that lacked a processor for so much of the time would have done more with one of its own. */
const mostWaiting = 0.15;

/** What stood between clients and a higher rate. Whatever may have been the harness's own is said to be. */
export function limitOf(evidence: LimitEvidence): Limit {
  const { brokenOff, busy, linkShare, isCanaryInTime } = evidence;
  const text = busyText(busy);
  const limit = (name: string, isOurs: boolean, shown = text): Limit => ({
    name,
    text: shown,
    isOurs,
  });
  const [server, load] = [busiest(busy, "server"), busiest(busy, "load")];
  const isLoadFull = shareOf(load) >= loadFull;
  if (brokenOff === "memory") return limit("server memory", false, "the server kept over 1 GiB");
  if (linkShare !== null && linkShare >= full) {
    return limit("network", false, `the link down was used to ${percent(linkShare)}`);
  }
  if (shareOf(busiest(busy, "network")) >= full) return limit("relay CPU", true);
  if (shareOf(busiest(busy, "publisher")) >= full) return limit("publisher CPU", true);
  const clients = limit(load !== undefined && lacksCore(load) ? "cores" : "client CPU", true);
  // The server was in time, then, for who read in time.
  if (isCanaryInTime === true && isLoadFull) return clients;
  if (isCanaryInTime === null && shareOf(load) >= full) return clients;
  if (server !== undefined && server.share >= full) {
    return lacksCore(server) ? limit("cores", true) : limit("server CPU", false);
  }
  const other = busy.find(({ process, share }) => !ends.has(process) && share >= full);
  if (other !== undefined && !lacksCore(other)) return limit(`${other.process} CPU`, false);
  if (isLoadFull) return clients;
  // None of them was full, and yet each had to wait, for the others or for other programs.
  return busy.some(lacksCore) ? limit("cores", true) : limit("not found", false);
}

/** The processes that have rules of their own. */
const ends = new Set(["server", "load", "canary", "publisher", "network"]);

/** The one of this name that had the most to do. */
function busiest(busy: readonly BusyProcess[], name: string): BusyProcess | undefined {
  return busy
    .filter(({ process }) => process === name)
    .toSorted((one, other) => other.share - one.share)
    .at(0);
}

function lacksCore({ share, cpuShare }: BusyProcess): boolean {
  return share - cpuShare > mostWaiting;
}

function shareOf(used: BusyProcess | undefined): number {
  return used?.share ?? 0;
}

/** `server busy 98 % (with a core 97 %, 61 % of that in the kernel), clients 74 %`. */
function busyText(busy: readonly BusyProcess[]): string {
  const names = [...new Set(busy.map(({ process }) => process))].filter(
    (name) => name !== "canary",
  );
  return names
    .flatMap((name) => busiest(busy, name) ?? [])
    .map(({ process, share, cpuShare, kernelShare }, index) => {
      const details = [
        ...(share - cpuShare > 0.05 ? [`with a core ${percent(cpuShare)}`] : []),
        ...(kernelShare === null ? [] : [`${percent(kernelShare)} of its CPU time in the kernel`]),
      ];
      const detail = details.length === 0 ? "" : ` (${details.join(", ")})`;
      const name = process === "load" ? "clients" : process;
      return `${name}${index === 0 ? " busy" : ""} ${percent(share)}${detail}`;
    })
    .join(", ");
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
