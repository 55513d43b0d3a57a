import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";
import { codeOf, usageError } from "../errors/errors.ts";
import { notSupportedYet } from "./unsupported.ts";
import type { Results } from "../results/schema.ts";
import { withoutSecrets } from "../errors/secrets.ts";

/** A server that the harness didn't write. It speaks one of the built-in wire formats. Plain data. */
export interface ServerTarget {
  /** `http://host:port`, without a path: each format has paths of its own. */
  readonly url: string;
  /** The host name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The addresses that `host` resolved to, once; the first that answers is used. */
  readonly addresses: readonly string[];
  readonly process: TargetProcess;
}

/** The process that serves, if it is known, which measuring its CPU time and memory takes. */
export type TargetProcess =
  | { readonly kind: "unknown" }
  | { readonly kind: "running"; readonly pid: number }
  | StartedProcess;

/** A process that is started for each trial, waited for until it answers, and ended with all that it started. */
export interface StartedProcess {
  readonly kind: "command";
  /** For a shell. */
  readonly command: string;
  /** How long it may take from its start until it serves. */
  readonly startTimeoutMs: number;
  /** The current folder where left out. */
  readonly folder?: string;
  /** Beside this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Reads `http://host:port`; throws a `BenchError` that says what is allowed. */
export function parseTargetUrl(text: string): Pick<ServerTarget, "url" | "host" | "port"> {
  const allowed =
    "http://host:port, without a path, whatever it speaks: each wire format has its own";
  const url = URL.canParse(text) ? new URL(text) : null;
  const asksFor = text.split(/:?\/+/).map(notSupportedYet).find(Boolean);
  if (asksFor !== undefined) throw usageError(`"${text}": ${asksFor}give ${allowed}`);
  if (url === null || url.protocol !== "http:" || url.href !== `${url.origin}/`) {
    throw usageError(`"${text}" is not ${allowed}`);
  }
  const port = Number(url.port === "" ? 80 : url.port);
  return { url: url.origin, host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port };
}

/**
 * Looks a URL's host up, once, and admits it when it is this machine or one that the user's config file
 * names. Throws a `BenchError` otherwise.
 */
export async function admittedTarget(
  text: string,
  process: TargetProcess,
  allowTargets: readonly string[],
): Promise<ServerTarget> {
  const parsed = parseTargetUrl(text);
  const addresses = await addressesOf(parsed.host);
  const elsewhere = addresses.find((address) => !isLoopback(address));
  if (elsewhere !== undefined && !allowTargets.includes(parsed.host)) {
    const where = elsewhere === parsed.host ? "is" : `is ${elsewhere},`;
    throw usageError(
      `${parsed.host} ${where} not this machine, and load on other people's machines is an attack; ` +
        `if it is yours, allow it in a config file: "allowTargets": ["${parsed.host}"]`,
    );
  }
  return { ...parsed, addresses, process };
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    throw usageError(`${host} has no address (${codeOf(error)})`);
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** The part of a target that results keep. */
export function recordedTarget(target: ServerTarget | null): Results["run"]["target"] {
  if (target === null) return null;
  const { url, process } = target;
  return {
    url,
    command: process.kind === "command" ? withoutSecrets(process.command) : null,
    observed: process.kind !== "unknown",
  };
}
