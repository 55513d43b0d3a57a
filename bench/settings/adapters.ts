import { relative, resolve, sep } from "node:path";
import type { Scenario } from "../../scenarios/scenario.ts";
import type { AnyTransport } from "../../transports/define-transport.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { clientTransports, transports } from "../../transports/index.ts";
import { usageError } from "../errors/errors.ts";

/** A file of an outsider's transports, scenarios and proxies that was loaded into this process. */
export interface Adapter {
  /** As it is shown and recorded. */
  readonly path: string;
  readonly transports: readonly AnyTransport[];
  readonly scenarios: readonly Scenario[];
  readonly proxies: readonly Proxy[];
}

export type AdapterKind = "transports" | "scenarios" | "proxies";

/** By their absolute paths. */
const loaded = new Map<string, Adapter>();

export function loadedAdapters(): readonly Adapter[] {
  return [...loaded.values()];
}

/** Whether it has been loaded into this process: what it does when it is imported is done. */
export function isLoaded(path: string): boolean {
  return loaded.has(resolve(path));
}

/** Every transport: the built-in ones, then those of the adapters that were loaded. */
export function knownTransports(): readonly AnyTransport[] {
  return [
    ...transports,
    ...clientTransports,
    ...loadedAdapters().flatMap((adapter) => adapter.transports),
  ];
}

/** The path of the adapter that defines a transport or scenario; undefined for a built-in one. */
export function adapterOf(kind: AdapterKind, defined: string): string | undefined {
  return loadedAdapters().find((adapter) => adapter[kind].some(({ name }) => name === defined))
    ?.path;
}

/** Loads an adapter into this process, once. Throws a `BenchError` that names its file, and the line if it has one. */
export async function loadAdapter(path: string): Promise<Adapter> {
  const file = resolve(path);
  const known = loaded.get(file);
  if (known !== undefined) return known;
  // Hardly any process needs what it takes to load one.
  const { importAdapter } = await import("./import-adapter.ts");
  const adapter = await importAdapter(file);
  loaded.set(file, adapter);
  return adapter;
}

/** A path as it is shown and recorded: short, and without the home folder, where it lies below the current one. */
export function shownPath(path: string): string {
  const within = relative(process.cwd(), resolve(path));
  return within.startsWith("..") ? resolve(path) : `./${within.replaceAll(sep, "/")}`;
}

/** Results say where something came from; that they do is no reason to run what is there. */
export function missingAdapter(what: string, path: string): Error {
  return usageError(`${what} was defined by ${path}: give --adapters ${path}`);
}
