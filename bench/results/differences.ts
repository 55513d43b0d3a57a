import type { Environment, PlayedHost, Results } from "./schema.ts";

/** Something around two runs that isn't the same. */
export interface Difference {
  /** By its path, such as `host.kernel`. */
  readonly field: string;
  /** Null where it isn't recorded. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Fields that change from minute to minute: they belong to a run, and not to its environment. */
const volatile: ReadonlySet<string> = new Set([
  "host.loadBefore",
  "host.loadAfter",
  "host.stealShare",
]);

/** Fields that say how a run went, and not what it was asked to do. */
const outcome: ReadonlySet<string> = new Set([
  "status",
  "startedAt",
  "finishedAt",
  "command",
  "precision",
  "packetNetwork",
]);

/** The differences between two records of hardware and software, and between those of the hosts. */
export function environmentDifferences(before: Results, after: Results): Difference[] {
  return [
    ...differences(machineOf(before.environment), machineOf(after.environment)),
    ...partDifferences("hosts", hostsOf(before), hostsOf(after)),
  ];
}

function machineOf({ host, software }: Pick<Environment, "host" | "software">): Leaves {
  const leaves = [...leavesOf({ host, software })];
  return new Map(leaves.filter(([field]) => !volatile.has(field)));
}

/**
 * Hosts by what ran on them, and counted: `servers 1`, `clients 2`. Those of a kind are in the order of what they are, so
 * that names, which anybody gives as he likes, don't matter.
 */
function hostsOf({ environment: { hosts = [] } }: Results): Parts {
  const parts = new Map<string, Leaves>();
  for (const [ran, alike] of groupsOf(hosts)) {
    const records = alike.map((host) => {
      const { role, addresses, name } = host;
      return new Map([...machineOf(host), ...leavesOf({ role, addresses, name })]);
    });
    const inOrder = records.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const [index, record] of inOrder.entries()) parts.set(`${ran} ${index + 1}`, record);
  }
  return parts;
}

function groupsOf(hosts: readonly PlayedHost[]): ReadonlyMap<string, readonly PlayedHost[]> {
  const kinds = [...new Set(hosts.map(({ ran }) => ran.join(" and ")))];
  return new Map(
    kinds.map((kind) => [kind, hosts.filter(({ ran }) => ran.join(" and ") === kind)]),
  );
}

function keyOf(record: Leaves): string {
  return JSON.stringify([...record]);
}

/**
 * Differences between what two runs were asked to do: settings with the seed, variants with their options, scenarios
 * with their workloads. A variant or scenario that only one run has is one difference, and not many.
 */
export function configurationDifferences(before: Results, after: Results): Difference[] {
  const variants = [variantsOf(before), variantsOf(after)] as const;
  const scenarios = [scenariosOf(before), scenariosOf(after)] as const;
  return [
    ...differences(settingsOf(before), settingsOf(after), "run."),
    ...partDifferences("variants", ...variants),
    ...partDifferences("scenarios", ...scenarios),
  ];
}

function differences(before: Leaves, after: Leaves, within = ""): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({
      field: within + path,
      before: before.get(path) ?? null,
      after: after.get(path) ?? null,
    }));
}

type Parts = ReadonlyMap<string, Leaves>;

function partDifferences(kind: string, before: Parts, after: Parts): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [a, b] = [before.get(name), after.get(name)];
    const field = `${kind}.${name}`;
    if (a === undefined) return [{ field, before: null, after: "present" }];
    if (b === undefined) return [{ field, before: "present", after: null }];
    return differences(a, b, `${field}.`);
  });
}

function settingsOf({ run }: Results): Leaves {
  return leavesOf(Object.fromEntries(Object.entries(run).filter(([key]) => !outcome.has(key))));
}

function variantsOf({ variants }: Results): Parts {
  return new Map(variants.map(({ name, ...variant }) => [name, leavesOf(variant)]));
}

/** The variants of a scenario share its workload; if they don't, all that there are. */
function scenariosOf({ cells }: Results): Parts {
  const parts = new Map<string, Map<string, string>>();
  for (const { scenario, workload, trials } of cells) {
    const known = parts.get(scenario) ?? new Map<string, string>();
    for (const [field, value] of leavesOf({ ...workload, trials })) {
      const all = known.get(field)?.split(" or ") ?? [];
      known.set(field, [...new Set([...all, value])].join(" or "));
    }
    parts.set(scenario, known);
  }
  return parts;
}

/** Whatever plain values are in a value, by their paths: a list of such values is one leaf. */
export type Leaves = ReadonlyMap<string, string>;

export function leavesOf(value: unknown): Leaves {
  return new Map(leaves(value, ""));
}

function leaves(value: unknown, path: string): [string, string][] {
  if (!isBranch(value)) return [[path, textOf(value)]];
  return Object.entries(value).flatMap(([key, held]) =>
    leaves(held, path === "" ? key : `${path}.${key}`),
  );
}

function isBranch(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) || value.some(isBranch);
}

function textOf(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
