import * as z from "zod";
import { npxCommand } from "../text/command-name.ts";
import { gathering } from "../layers/batch.ts";
import { maxNameLength } from "../results/texts.ts";
import { guardsOf } from "../../transports/guards.ts";
import type { Guards } from "../../transports/guards.ts";
import { frontLayers, isLayer } from "../../transports/layers.ts";
import type { Layer } from "../../transports/layers.ts";
import { isInstalled } from "../../transports/optional-packages.ts";
import type { AnyTransport, BoundTransport } from "../../transports/define-transport.ts";
import { knownAre, nearest, usageError } from "../errors/errors.ts";
import { adapterOf, knownTransports, loadAdapter, missingAdapter } from "./adapters.ts";
import { hintFor, plainName } from "./unsupported.ts";

/** A transport with its client and options, under the name that the user gave it. */
export interface Variant {
  readonly name: string;
  readonly transport: string;
  /** The transport's name in sentences. */
  readonly title: string;
  readonly client: string;
  /** Whether it is what the others are measured against, and not one of them. */
  readonly reference: boolean;
  /** The file that defines the transport; undefined for a built-in one. */
  readonly adapter: string | undefined;
  readonly bound: BoundTransport;
}

/**
 * Reads `transport[:client][@value][+option=value]…`, such as `short-polling@250ms`, `sse:eventsource`
 * or `websocket+heartbeat=5s`. `@` sets the transport's main option. Throws a `BenchError` that names
 * what is wrong and what is allowed.
 */
export function parseVariant(text: string): Variant {
  if (text.length > maxNameLength) {
    const start = `${text.slice(0, 40)}…`;
    throw usageError(`${start}: a variant has at most ${maxNameLength} characters`);
  }
  const [, name = "", called = "default", value, more = ""] =
    /^([^:@+]+)(?::([^@+]+))?(?:@([^+]+))?((?:\+[^+]+)*)$/.exec(text.trim()) ?? [];
  const transport = findTransport(name || text);
  const client = called.toLowerCase();
  checkClient(transport, client);
  const options: Record<string, string> = {};
  const given = more
    .split("+")
    .filter(Boolean)
    .map((part) => part.split(/=(.*)/, 2));
  if (value !== undefined && transport.shorthand === null) {
    throw usageError(`${transport.name} has no option that @ sets`);
  }
  if (value !== undefined) given.unshift([optionName(transport.shorthand ?? ""), value]);
  for (const [option = "", setting = "true"] of given) {
    const key = optionKey(transport, client, option);
    if (key in options) throw usageError(`${transport.name} option ${option} is set twice`);
    options[key] = setting;
  }
  // Under its own name, however it was called.
  const own = text
    .trim()
    .replace(/^[^:@+]+(?::[^@+]+)?/, (called) =>
      called.includes(":") ? `${transport.name}:${client}` : transport.name,
    );
  const variant = variantOf(own, transport, client, options);
  checkPackages(variant);
  return variant;
}

/** Refuses a variant whose packages the user has yet to install. */
function checkPackages({ name, bound }: Variant): void {
  if (bound.packages.every(isInstalled)) return;
  const packages = bound.packages.join(" ");
  throw usageError(`${name} needs packages that aren't installed: npm install ${packages}`);
}

/** A variant in plain data, as results keep it and processes receive it. */
export interface RecordedVariant {
  readonly name: string;
  readonly transport: string;
  readonly client: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** See `Variant`. */
  readonly adapter?: string | undefined;
}

export function recordedVariant(variant: Variant): RecordedVariant {
  const { name, transport, client, bound, adapter } = variant;
  const options = { ...bound.options };
  return { name, transport, client, options, ...(adapter !== undefined && { adapter }) };
}

/** The same as `restoreVariant`, in a process that may not have loaded the variant's adapter yet. */
export async function loadVariant(recorded: RecordedVariant): Promise<Variant> {
  if (recorded.adapter !== undefined) await loadAdapter(recorded.adapter);
  return restoreVariant(recorded);
}

/**
 * A variant with the options that it had, whatever its name stands for by now. Throws a `BenchError` when
 * its transport, client or options are not known any more.
 */
export function restoreVariant(recorded: RecordedVariant): Variant {
  const { name, client, options, adapter } = recorded;
  const isThere = knownTransports().some((known) => known.name === recorded.transport);
  if (adapter !== undefined && !isThere) throw missingAdapter(name, adapter);
  const transport = findTransport(recorded.transport);
  checkClient(transport, client);
  for (const key of Object.keys(options)) optionKey(transport, client, optionName(key));
  return variantOf(name, transport, client, options);
}

/** The variant with limits that a scenario sets, where it can have them and doesn't say otherwise. */
export function withGuards(variant: Variant, guards: Guards): Variant {
  const { name, client, bound } = variant;
  const transport = findTransport(variant.transport);
  const able = transport.layers(client);
  const set = Object.entries(guards).filter(([key]) => isLayer(key) && able.includes(key));
  if (set.length === 0) return variant;
  return variantOf(name, transport, client, { ...Object.fromEntries(set), ...bound.options });
}

/** The variant as a server has it behind what has these layers to itself; itself where there is no proxy. */
export function behindProxy(variant: Variant, front: readonly Layer[] = frontLayers): Variant {
  const { name, client, bound } = variant;
  if (bound.layers.proxy === undefined) return variant;
  const behind = Object.entries(bound.options).filter(
    ([key]) => !front.some((layer) => layer === key),
  );
  return variantOf(name, findTransport(variant.transport), client, Object.fromEntries(behind));
}

/** The limits that its server keeps, where it is the harness's own. */
export function guardsIn({ bound }: Variant): Guards {
  return guardsOf(bound.layers);
}

function variantOf(
  name: string,
  transport: AnyTransport,
  client: string,
  options: Readonly<Record<string, unknown>>,
): Variant {
  const { name: transportName, title, reference } = transport;
  const bound = gathering(bind(transport, client, options));
  const adapter = adapterOf("transports", transportName);
  return { name, transport: transportName, title, client, reference, adapter, bound };
}

/** By its name or another that people use for it, in any case and with or without hyphens. */
function findTransport(given: string): AnyTransport {
  const plain = plainName(given);
  const transports = knownTransports();
  const transport = transports.find(({ name, aliases }) =>
    [name, ...aliases].some((candidate) => plainName(candidate) === plain),
  );
  if (transport !== undefined) return transport;
  const names = transports.map((known) => known.name);
  const hint = hintFor(given) || nearest(given, names);
  throw usageError(`unknown transport "${given}"; ${hint}${knownAre(names, `${npxCommand} list`)}`);
}

function checkClient({ name, clients }: AnyTransport, client: string): void {
  if (clients.includes(client)) return;
  throw usageError(
    `${name} has no client "${client}"; ${nearest(client, clients)}${knownAre(clients, `${npxCommand} list`)}`,
  );
}

/** Options are written without their unit: `heartbeat` sets `heartbeatMs`. */
export function optionName(key: string): string {
  return key.replace(/Ms$/, "");
}

function optionKey(transport: AnyTransport, client: string, name: string): string {
  const keys = [...transport.optionKeys, ...transport.layers(client)];
  const key = keys.find((candidate) => optionName(candidate) === name);
  if (key !== undefined) return key;
  const names = keys.map(optionName);
  const able = transport.clients.filter((other) =>
    transport.layers(other).some((layer) => optionName(layer) === name),
  );
  if (able.length > 0) {
    throw usageError(
      `${transport.name}:${client} can't have +${name}; clients that can are ${able.join(", ")}`,
    );
  }
  const hint = hintFor(name) || nearest(name, names);
  throw usageError(
    `${transport.name} has no option "${name}"; ${hint}${knownAre(names, `${npxCommand} list`)}`,
  );
}

function bind(
  transport: AnyTransport,
  client: string,
  options: Readonly<Record<string, unknown>>,
): BoundTransport {
  try {
    return transport.configure(client, options);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    if (issue?.path.length === 0) throw usageError(`${transport.name}: ${issue.message}`);
    const key = String(issue?.path[0] ?? "");
    throw usageError(
      `${transport.name} option ${optionName(key)}: "${String(options[key])}" is not ${issue?.message}`,
    );
  }
}
