import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";
import { codeOf, usageError } from "../errors/errors.ts";
import { notSupportedYet } from "./unsupported.ts";
import { readAuthorities } from "./authorities.ts";
import type { EndpointRequest } from "./endpoint-request.ts";
import type { Trust } from "../layers/tls.ts";
import type { Results } from "../results/schema.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import { hiddenQuery } from "../errors/user-secrets.ts";

/** A server that the harness didn't write. It speaks one of the built-in wire formats, or is asked as it is. Plain data. */
export interface ServerTarget {
  /** `http://host:port` or `https://host:port`, without a path: each format has paths of its own. */
  readonly url: string;
  /** The path and query at which it is asked as it is; left out where it was named without. */
  readonly path?: string;
  /** With what it is asked as it is; left out where that isn't said. */
  readonly request?: EndpointRequest;
  /** The host name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The addresses that `host` resolved to, once; the first that answers is used. */
  readonly addresses: readonly string[];
  /** How its certificate is verified; null without TLS. */
  readonly verification: Verification | null;
  readonly process: TargetProcess;
  /** Those beside it over which clients are spread as well; left out where there are none. */
  readonly others?: readonly ServerTarget[];
}

/** All servers of the user's fleet, which is mostly one. */
export function allTargets(target: ServerTarget): readonly ServerTarget[] {
  return [target, ...(target.others ?? [])];
}

export interface Verification {
  /** The file with the authorities, which the server's command may write; null for those that Node knows. */
  readonly ca: string | null;
  readonly isVerified: boolean;
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

/** Reads `http://host:port`, over TLS or not; throws a `BenchError` that says what is allowed. */
export function parseTargetUrl(text: string): Pick<ServerTarget, "url" | "host" | "port"> {
  const { path, ...parsed } = parseEndpoint(text);
  if (path === undefined) return parsed;
  throw usageError(`"${text}" is not ${withoutPath}`);
}

/** Why a server that isn't asked as it is can't have a path. */
export const withoutPath =
  "http://host:port or https://host:port, without a path: each wire format has paths of its own";

/** The same with a path, which an endpoint that is asked as it is may have. */
export function parseEndpoint(
  text: string,
): Pick<ServerTarget, "url" | "host" | "port"> & { readonly path?: string } {
  // A WebSocket begins as a request, and other formats have the same server.
  const requested = text.replace(/^ws(s?):/i, "http$1:");
  const url = URL.canParse(requested) ? new URL(requested) : null;
  const asksFor = text.split(/:?\/+/).map(notSupportedYet).find(Boolean);
  if (asksFor !== undefined) throw usageError(`"${text}": ${asksFor}give ${withoutPath}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    throw usageError(`"${text}" is not ${withoutPath}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError(
      "a URL with a user or password isn't taken; give Authorization by headers of a config file",
    );
  }
  const port = Number(url.port || (isSecure(url.href) ? 443 : 80));
  const path = url.pathname + url.search;
  return {
    url: url.origin,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    ...(path !== "/" && { path }),
  };
}

export function isSecure(url: string): boolean {
  return url.startsWith("https:");
}

/** Whom clients of this server trust; null without TLS. Reads the file anew: the server may have written it just now. */
export function trustOf({ host, verification }: ServerTarget): Trust | null {
  if (verification === null) return null;
  const { ca, isVerified } = verification;
  return { host, authorities: ca === null ? null : readAuthorities(ca), isVerified };
}

/**
 * Looks a URL's host up, once, and admits it when it is this machine or one that the user's config file
 * names. Throws a `BenchError` otherwise.
 */
export async function admittedTarget(
  text: string,
  process: TargetProcess,
  allowTargets: readonly string[],
  verification: Verification = byDefault,
): Promise<ServerTarget> {
  const parsed = parseTargetUrl(text);
  const addresses = await admittedAddresses(parsed.host, allowTargets);
  const verified = isSecure(parsed.url) ? verification : null;
  return { ...parsed, addresses, verification: verified, process };
}

/** Looks a host up, and admits it when it is this machine or one of `allowTargets`. Throws a `BenchError` otherwise. */
export async function admittedAddresses(
  host: string,
  allowTargets: readonly string[],
): Promise<string[]> {
  const addresses = await addressesOf(host);
  const elsewhere = addresses.find((address) => !isLoopback(address));
  if (elsewhere === undefined || allowTargets.includes(host)) return addresses;
  const where = elsewhere === host ? "is" : `is ${elsewhere},`;
  throw usageError(
    `${host} ${where} not this machine, and load on other people's machines is an attack; ` +
      `if it is yours, allow it in a config file: "allowTargets": ["${host}"]`,
  );
}

const byDefault: Verification = { ca: null, isVerified: true };

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

/** Of an IP address. */
export function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** The part of a target that results keep. */
export function recordedTarget(target: ServerTarget | null): Results["run"]["target"] {
  if (target === null) return null;
  const { url, process, verification, others = [], path = "/", request } = target;
  const { pathname, search } = new URL(path, url);
  return {
    url,
    ...(request !== undefined && {
      request: {
        path: pathname + hiddenQuery(search),
        file: request.file,
        bytes: request.bytes,
        sha256: request.sha256,
        headers: Object.keys(request.fields),
      },
    }),
    ...(verification?.isVerified === false && { unverified: true as const }),
    command: process.kind === "command" ? withoutSecrets(process.command) : null,
    observed: process.kind !== "unknown",
    ...(others.length > 0 && { others: others.map((other) => other.url) }),
  };
}
