import { existsSync } from "node:fs";
import { codeOf, usageError } from "../errors/errors.ts";
import { defaultStartTimeoutMs } from "./config.ts";
import { named, namedError } from "./naming.ts";
import { mostServers } from "./server-fleet.ts";
import type { Settings } from "./config.ts";
import type { Naming } from "./naming.ts";
import { isObservable } from "../measure/process-tree.ts";
import { readAuthorities } from "./authorities.ts";
import { endpointRequest } from "./endpoint-request.ts";
import { filledIn } from "./request-fields.ts";
import { admittedTarget, isSecure, parseEndpoint } from "./target.ts";
import type { ServerTarget, TargetProcess, Verification } from "./target.ts";

type TargetSettings = Pick<
  Settings,
  "target" | "targetPid" | "targetCommand" | "startTimeout" | "ca" | "insecure" | "request"
>;

/** What only a config file says of the user's own servers. */
export interface TargetSections {
  /** Hosts beside this machine that may be measured. */
  readonly allowTargets: readonly string[];
  /** Fields that an endpoint is asked with. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The user's own server, as settings name it; null where they don't. Looks names up, and starts nothing. */
export async function targetOf(
  settings: TargetSettings,
  { allowTargets, headers = {} }: TargetSections,
  naming: Naming,
): Promise<ServerTarget | null> {
  const { target, request, targetPid, targetCommand, startTimeout } = settings;
  if (startTimeout !== undefined && targetCommand === undefined) {
    const command = naming("targetCommand");
    throw usageError(`${naming("startTimeout")} has no effect without ${command}`);
  }
  if (target === undefined) {
    const idle = (["targetPid", "targetCommand", "request", ...verifying] as const).find(
      (key) => settings[key] !== undefined,
    );
    if (idle === undefined) return null;
    throw usageError(`${naming(idle)} has no effect without --target`);
  }
  if (targetPid !== undefined && targetCommand !== undefined) {
    throw usageError(
      `${naming("targetPid")} and ${naming("targetCommand")} exclude each other: a server either runs or is started`,
    );
  }
  const endpoints = named("target", naming, () => parsedUrls(target));
  const urls = endpoints.map(({ url }) => url);
  const verification = verificationOf(settings, urls, naming);
  const processes = named(targetPid === undefined ? "targetCommand" : "targetPid", naming, () =>
    processesOf(settings, urls.length),
  );
  const body = named("request", naming, () =>
    request === undefined ? undefined : endpointRequest(request, headers),
  );
  const asked = body === undefined ? {} : { request: body };
  // So that a variable that isn't set is told before anything starts.
  if (body !== undefined) named("headers", naming, () => filledIn(headers, process.env));
  try {
    const admitted: ServerTarget[] = [];
    for (const [index, process] of processes.entries()) {
      const { url = "", path } = endpoints[index] ?? {};
      const one = await admittedTarget(url, process, allowTargets, verification);
      admitted.push({ ...one, ...(path !== undefined && { path }), ...asked });
    }
    const [first, ...others] = admitted;
    return first === undefined ? null : { ...first, ...(others.length > 0 && { others }) };
  } catch (error) {
    throw namedError(error, naming("target"));
  }
}

function parsedUrls(targets: readonly string[]): ReturnType<typeof parseEndpoint>[] {
  const endpoints = targets.map(parseEndpoint);
  const urls = endpoints.map(({ url }) => url);
  const twice = urls.find((url, index) => urls.indexOf(url) !== index);
  if (twice !== undefined) throw usageError(`${twice} is named twice`);
  if (urls.length > mostServers) {
    throw usageError(`${urls.length} servers are more than ${mostServers}`);
  }
  return endpoints;
}

const verifying = ["ca", "insecure"] as const;

/** How certificates are verified at these URLs; throws a `BenchError` where nothing says how to do both. */
export function verificationOf(
  { ca, insecure, targetCommand }: Pick<TargetSettings, "ca" | "insecure" | "targetCommand">,
  urls: readonly string[],
  naming: Naming,
): Verification {
  const given = { ca, insecure: insecure || undefined };
  const idle = verifying.find((key) => given[key] !== undefined);
  if (idle !== undefined && !urls.some(isSecure)) {
    throw usageError(`${naming(idle)} has no effect without https://`);
  }
  if (ca !== undefined && insecure === true) {
    throw usageError(
      `${naming("ca")} and ${naming("insecure")} exclude each other: a certificate is verified or not`,
    );
  }
  // A server that is started may write it.
  if (ca !== undefined && targetCommand === undefined) readAuthorities(ca);
  return { ca: ca ?? null, isVerified: insecure !== true };
}

/** Of each of so many servers, in the order of their URLs. */
function processesOf(settings: TargetSettings, servers: number): TargetProcess[] {
  const { targetPid: pids, targetCommand: command } = settings;
  const { startTimeout: startTimeoutMs = defaultStartTimeoutMs } = settings;
  if (command !== undefined) {
    if (servers === 1) return [{ kind: "command", command, startTimeoutMs }];
    throw usageError(`it starts one server, and ${servers} are named; start them yourself`);
  }
  if (pids === undefined) return Array.from({ length: servers }, () => ({ kind: "unknown" }));
  if (pids.length !== servers) {
    const many = servers === 1 ? "1 server is" : `${servers} servers are`;
    throw usageError(`${many} named, and ${pids.length} of their processes; name that of each`);
  }
  const twice = pids.find((pid, index) => pids.indexOf(pid) !== index);
  if (twice !== undefined) throw usageError(`${twice} is named twice`);
  return pids.map((pid) => {
    if (!isObservable(pid)) throw usageError(`${pid} ${whyNotObservable(pid)}`);
    return { kind: "running", pid };
  });
}

function whyNotObservable(pid: number): string {
  if (!existsSync("/proc/self/stat")) return "can't be inspected: only Linux shows other processes";
  return isAlive(pid)
    ? "belongs to another user and may not be inspected"
    : "is not a running process";
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
