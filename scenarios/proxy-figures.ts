import type { Added } from "./proxy-added.ts";
import { compressedBy } from "./proxy-asked.ts";
import type { AskedBoth } from "./proxy-asked.ts";
import type { Cured } from "./proxy-cured.ts";
import type { Look } from "./proxy-events.ts";
import { proxyFaultKinds } from "./proxy-faults.ts";
import type { ProxyFaultKind } from "./proxy-faults.ts";
import type { Findings } from "./proxy-findings.ts";
import { toldWithinMs } from "./proxy-gone.ts";
import type { Gone } from "./proxy-gone.ts";
import type { Held } from "./proxy-held.ts";
import { isCut } from "./proxy-findings.ts";
import { heartbeatsOf } from "./proxy-idle.ts";
import type { Idle } from "./proxy-idle.ts";
import type { Reloaded } from "./proxy-reload.ts";
import { msText } from "./proxy-texts.ts";
import type { Figure, Opened } from "./scenario.ts";

/** All that was seen of a proxy in one trial; null where it couldn't be looked at. */
export interface Seen {
  readonly opened: Opened | null;
  /** What all attempts to connect through it were told; null where one got through. */
  readonly refusal: string | null;
  readonly idle: Idle | null;
  readonly look: Look | null;
  readonly held: Held | null;
  readonly asked: AskedBoth;
  readonly added: Omit<Added, "proxy"> | null;
  /** By which cure events come, where what follows was measured with it. */
  readonly with: string | null;
  readonly goneClient: Gone | null;
  readonly goneServer: Gone | null;
  readonly reloaded: Reloaded | { readonly impossible: string } | null;
}

type Value = Pick<Figure, "value" | "note" | "bound" | "most">;

const refusedNote = "no connection";
const polledNote = "what polls at an interval is no connection to be told of";

export function proxyFigures(
  seen: Seen,
  findings: Findings,
  cured: Readonly<Partial<Record<ProxyFaultKind, Cured>>>,
): Figure[] {
  return [
    ...connectionFigures(seen),
    ...eventFigures(seen),
    ...idleFigures(seen),
    ...goneFigures(seen),
    ...addedFigures(seen),
    ...reloadFigures(seen),
    ...proxyFaultKinds.map((kind) => findingFigure(kind, findings)),
    ...proxyFaultKinds.map((kind) => cureFigure(kind, findings, cured[kind])),
  ];
}

function ms(key: string, label: string, value: Value, about?: string): Figure {
  const told = about === undefined ? {} : { about };
  return { key, label, unit: "ms", better: "lower", ...value, ...told };
}

/** A value, or why there is none. */
function orNote(value: number | string | null | undefined, note: string): Value {
  return value == null ? { value: null, note } : { value };
}

function connectionFigures({ opened, refusal, asked }: Seen): Figure[] {
  const readyNs = opened?.readyNs ?? null;
  const ready = readyNs === null ? null : readyNs / 1e6;
  return [
    ms("ready", "subscribed\nafter", orNote(ready, refusal ?? "not subscribed within a second")),
    { key: "refused", label: "refused", unit: "text", better: "neither", value: refusal },
    {
      key: "compressed",
      label: "compressed",
      unit: "text",
      better: "neither",
      ...(asked === null ? orNote(null, "asked by HTTP/1.1 only") : { value: compressedBy(asked) }),
    },
  ];
}

const eventsTable = "events that are sent 100 ms apart";

function eventFigures({ look, held }: Seen): Figure[] {
  const { firstMs = null, burst = null, longestMs = null } = look?.proxy ?? {};
  const nothing: Value =
    look === null
      ? { value: null, note: refusedNote }
      : { value: look.watchedMs, bound: "at least", note: "nothing came" };
  const late = longestMs === null ? nothing : { value: longestMs };
  return [
    {
      ...ms("first", "first\nafter", firstMs === null ? nothing : { value: firstMs }),
      table: eventsTable,
    },
    {
      key: "burst",
      label: "at once,\nat most",
      table: eventsTable,
      unit: "count",
      better: "lower",
      ...orNote(burst, refusedNote),
      about: "events that came together",
    },
    {
      key: "held",
      label: "held back\nuntil",
      table: eventsTable,
      unit: "bytes",
      better: "lower",
      ...heldValue(held),
      about: "bytes that gather before any come",
    },
    { ...ms("late", "late,\nat most", late), table: eventsTable },
  ];
}

function heldValue(held: Held | null): Value {
  if (held === null) return { value: null, note: "nothing is held back" };
  if (held.by === "time") return { value: null, note: "they come after a while, however many" };
  if (held.by === "nothing") {
    return { value: held.least, bound: "at least", note: "nothing came of as many" };
  }
  const { least, most } = held;
  return { value: least, bound: "range", most, note: "to within one event" };
}

function idleFigures({ idle, refusal }: Seen): Figure[] {
  const table = "silent connections";
  const note = refusal === null ? polledNote : refusedNote;
  const { keptMs = null, cutMs = null } = idle === null ? {} : heartbeatsOf(idle);
  return [
    {
      key: "idle",
      label: "ended\nafter",
      table,
      unit: "ms",
      better: "higher",
      ...(idle === null ? { value: null, note } : idleValue(idle)),
    },
    {
      ...ms(
        "heartbeat.kept",
        "kept by a\nheartbeat every",
        orNote(keptMs, heartbeatNote(idle, note)),
      ),
      table,
      better: "higher",
      about: "the longest interval that was tried with which a connection isn't ended",
    },
    {
      ...ms("heartbeat.cut", "ended with\none every", orNote(cutMs, heartbeatNote(idle, note))),
      table,
      better: "higher",
      about: "the shortest that was tried with which it is",
    },
  ];
}

function idleValue(idle: Idle): Value {
  const { silent, boundMs } = idle;
  if (silent.endedMs === null) {
    return { value: boundMs, bound: "at least", note: `watched for ${msText(boundMs)}` };
  }
  const { reason } = silent;
  const by = isCut(idle) ? "" : ", as past the proxy";
  return { value: silent.endedMs, ...(reason !== null && { note: `${reason}${by}` }) };
}

function heartbeatNote(idle: Idle | null, without: string): string {
  if (idle === null) return without;
  if (idle.silent.endedMs === null) return "a silent connection isn't ended either";
  return "none such was tried";
}

function goneFigures({ goneClient, goneServer, refusal }: Seen): Figure[] {
  const table = "until one side is told that the other has gone";
  const note = refusal === null ? polledNote : refusedNote;
  const value = (gone: Gone | null): Value => {
    if (gone === null) return { value: null, note };
    if (gone.goesOn === true) return { value: null, note: "the proxy asks again, and it goes on" };
    if (gone.toldMs !== null) return { value: gone.toldMs };
    const then = gone.atNextWrite === true ? ", but at its next write" : "";
    return { value: toldWithinMs, bound: "at least", note: `not told in this time${then}` };
  };
  return [
    { ...ms("gone.server", "the server", value(goneClient)), table },
    { ...ms("gone.client", "the client", value(goneServer)), table },
  ];
}

function addedFigures({ added, with: cure, refusal }: Seen): Figure[] {
  const table = "what the proxy adds";
  const without = refusal === null ? "short polling takes its interval" : refusedNote;
  const value = (number: number | null | undefined): Value => {
    if (number == null) return { value: null, note: added === null ? without : "not subscribed" };
    return { value: number, ...(cure !== null && { note: `with ${cure}` }) };
  };
  const bytes = { table, unit: "bytes", better: "lower" } as const;
  return [
    {
      ...bytes,
      key: "added.setUp",
      label: "set-up",
      ...value(added?.setUpBytes),
      about: "both ways, TLS included where the proxy ends it",
    },
    {
      ...bytes,
      key: "added.message",
      label: "B/msg",
      ...value(added?.messageBytes),
      about: "fewer than none where chunks, or polls, bring several at once",
    },
    {
      key: "added.latency",
      label: "latency",
      table,
      unit: "ns",
      better: "lower",
      ...value(added?.latencyNs),
      about: "the median of what each message takes longer than past the proxy",
      headline: true,
    },
  ];
}

function reloadFigures({ reloaded, refusal }: Seen): Figure[] {
  const table = "its own reload, while messages flow";
  const note =
    reloaded !== null && "impossible" in reloaded
      ? reloaded.impossible
      : refusal === null
        ? "not tried"
        : refusedNote;
  const { cut, lost, gapMs } = reloaded !== null && "cut" in reloaded ? reloaded : {};
  const count = { table, unit: "count", better: "lower" } as const;
  return [
    { ...count, key: "reload.cut", label: "connections\ncut", ...orNote(cut, note) },
    {
      ...count,
      key: "reload.lost",
      label: "messages\nlost",
      ...orNote(lost, note),
      about: "by clients that come back and ask for what they have missed",
    },
    { ...ms("reload.gap", "longest\ngap", orNote(gapMs, note)), table },
  ];
}

function findingFigure(kind: ProxyFaultKind, findings: Findings): Figure {
  const { text, note } = findings[kind];
  return {
    key: `found.${kind}`,
    label: kind,
    table: "found",
    unit: "text",
    better: "neither",
    value: text,
    ...(note !== undefined && { note }),
  };
}

function cureFigure(kind: ProxyFaultKind, findings: Findings, cured: Cured | undefined): Figure {
  const value = findings[kind].text === null ? null : (cured?.by ?? null);
  const tried = cured?.tried ?? [];
  const none =
    tried.length === 0 ? "an application can do nothing about it" : `tried: ${tried.join("; ")}`;
  return {
    key: `cure.${kind}`,
    label: kind,
    table: "cured by what an application can do",
    unit: "text",
    better: "neither",
    value,
    ...(findings[kind].text !== null && value === null && { note: none }),
  };
}
