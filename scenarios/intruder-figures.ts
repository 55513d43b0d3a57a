import type { Figure, IntrudersMeasured } from "./scenario.ts";

/** A way to break a limit, and how the standards have it refused. */
interface Kind {
  readonly label: string;
  readonly about?: string;
  readonly refusedAs: readonly string[];
}

// RFC 9110, 15.5 (401, 403, 408, 413), RFC 6585, 4 (429), RFC 6455, 7.4.1 (1008, 1009).
const kinds: Readonly<Record<string, Kind>> = {
  oversized: {
    label: "too large",
    about:
      "a message of 16 times the limit, which says so at its start; in parts, by chunks or fragments",
    refusedAs: ["413", "1009"],
  },
  "oversized-parts": { label: "too large,\nin parts", refusedAs: ["413", "1009"] },
  connections: {
    label: "one more\nconnection",
    about: "beside as many of its address as may be open",
    refusedAs: ["429"],
  },
  flood: {
    label: "too many\nmessages",
    about: "four times as many as may come in a second, one after another or in frames",
    refusedAs: ["429", "1008"],
  },
  pings: { label: "too many\npings", refusedAs: ["1008"] },
  pipelined: {
    label: "pipelined",
    about: "as many requests at once, without waiting for answers",
    // Of HTTP, a server may end a connection at any time (RFC 9112, 9.6).
    refusedAs: ["429", "closed", "reset"],
  },
  origin: { label: "wrong\norigin", refusedAs: ["403"] },
  "no-token": { label: "no\ntoken", refusedAs: ["401"] },
  "wrong-token": { label: "wrong\ntoken", refusedAs: ["401"] },
  silent: { label: "says\nnothing", refusedAs: ["408", "closed"] },
  idle: { label: "idle", about: "after an answer", refusedAs: ["408", "closed"] },
  "slow-head": { label: "slow\nhead", about: "a byte each 50 ms", refusedAs: ["408"] },
  "slow-body": { label: "slow\nbody", refusedAs: ["408"] },
};

/** As `bench/intruders` has it. */
const notRefused = "not refused";

/** What became of intruders: in all, and how and when those of each kind were refused. */
export function intruderFigures(intruders: readonly IntrudersMeasured[], phase: string): Figure[] {
  const total = (count: (intruders: IntrudersMeasured) => number): number =>
    intruders.reduce((sum, one) => sum + count(one), 0);
  const attempts = total(({ attempts }) => attempts);
  const passed = total(({ endings }) => endings[notRefused] ?? 0);
  const counted = (key: string, label: string, value: number | null): Figure => ({
    key: `intruders.${key}`,
    phase,
    label,
    unit: "count",
    better: key === "attempts" ? "neither" : "lower",
    value,
  });
  return [
    counted("attempts", "attempts", attempts),
    {
      ...counted(
        "refused",
        "refused",
        attempts === 0 ? null : (100 * (attempts - passed)) / attempts,
      ),
      unit: "percent",
      better: "higher",
      headline: true,
      words,
    },
    counted("passed", "not\nrefused", passed),
    {
      ...counted("otherwise", "refused\notherwise", total(refusedOtherwise)),
      about:
        "than the standards say, such as by the end of the connection in the place of a status",
    },
    ...Object.keys(kinds).flatMap((kind) => figuresOf(kind, intruders, phase)),
  ];
}

const words = {
  states: "{value} of wrong clients' attempts are refused",
  leads: "wrong clients are refused most surely with {variant}: {value} of their attempts",
};

/** Attempts that were refused, but not as they should be. */
function refusedOtherwise({ kind, endings }: IntrudersMeasured): number {
  const expected = new Set([...(kinds[kind]?.refusedAs ?? []), notRefused]);
  return Object.entries(endings).reduce(
    (sum, [ending, count]) => (expected.has(ending) ? sum : sum + count),
    0,
  );
}

function figuresOf(name: string, all: readonly IntrudersMeasured[], phase: string): Figure[] {
  const { label = name, about } = kinds[name] ?? {};
  const found = all.find(({ kind }) => kind === name);
  const common = { phase, label, better: "neither" } as const;
  const nothing = found === undefined && { note: "there is no such thing here" };
  return [
    {
      ...common,
      key: `refused.${name}`,
      table: "how wrong clients are refused",
      unit: "text",
      value: found === undefined ? null : endingsText(found.endings),
      ...(about !== undefined && { about }),
      ...nothing,
    },
    {
      ...common,
      key: `refusedMs.${name}`,
      table: "the longest until one is refused",
      unit: "ms",
      better: "lower",
      value: found?.longestMs ?? null,
      ...nothing,
      ...(name === "flood" && { about: "with the messages that may come" }),
      ...(found?.longestMs === null && { note: "none was refused" }),
    },
    ...(name.startsWith("oversized")
      ? [
          {
            ...common,
            key: `taken.${name}`,
            table: "the most bytes that are taken of a message that is too large",
            unit: "bytes",
            better: "lower",
            value: found?.mostBytes ?? null,
            about: "by the kernel, until it is refused: the server has read no more",
            ...nothing,
          } as const,
        ]
      : []),
  ];
}

/** `413`, or where they ended in several ways `413 (57), reset (3)`. */
function endingsText(endings: Readonly<Record<string, number>>): string {
  const all = Object.entries(endings).toSorted(([, a], [, b]) => b - a);
  const [first] = all;
  if (first === undefined) return "";
  return all.length === 1
    ? first[0]
    : all.map(([ending, count]) => `${ending} (${count})`).join(", ");
}
