import { allBytes, perDelivery, uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import { linkFigures } from "./link-figures.ts";
import { factsOf, partsPer } from "../transports/wire-parts.ts";
import type { WirePart } from "../transports/wire-parts.ts";
import type {
  Figure,
  MeasuredPhase,
  Scenario,
  SeenCycle,
  Stage,
  WireMeasured,
} from "./scenario.ts";
import { besideTheory } from "./theory-figures.ts";

/** Message rates to measure at, as multiples of the workload's; a short run has time for one only. */
const rateSteps = [0.1, 1, 10];
const shortRunMs = 2_000;

/** The messages that every client sends up, to measure their cost. */
const upstream = { ratePerSecond: 5, forMs: 400 };

/** Each part of the overhead, in the unit that is its own. */
const partsTable = "bytes by part";

export const overhead: Scenario = defineScenario({
  name: "overhead",
  summary: "Bytes beyond the payload: set-up, messages at several rates and up, and idle",
  workload: { clients: 10, ratePerSecond: 20, payloadBytes: 256 },
  // What is counted hardly differs from trial to trial.
  trials: 2,
  measures: "counts",
  describe: ({ clients, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${payloadBytes} B`,
  async play(stage) {
    const { clients, ratePerSecond, durationMs } = stage.workload;
    const setUp = await stage.phase("set-up", () => stage.clients.connect(clients));
    stage.figure({
      key: "setUp",
      phase: setUp.name,
      label: "set-up\nB/client",
      unit: "bytes",
      better: "lower",
      counted: true,
      value: setUp.wire && perConnection(setUp.wire) / setUp.clients,
      about: "both ways, from the first byte to being subscribed",
      adds: "{value} set-up",
      ...noteOn(setUp),
    });
    stateAll(stage, linkFigures.setUp(setUp));
    for (const step of durationMs < shortRunMs ? [1] : rateSteps) {
      // Without the rounding error of binary fractions, since names hold it.
      await measureRate(stage, Number((ratePerSecond * step).toPrecision(12)));
    }
    // Before the upstream, whose connections are closed some time after they were last used.
    await measureIdle(stage);
    if (stage.transport.sends) await measureUpstream(stage);
    await stage.clients.disconnect();
  },
});

async function measureRate(stage: Stage, ratePerSecond: number): Promise<void> {
  const { payloadBytes, durationMs } = stage.workload;
  // Whole poll intervals, and at least two messages.
  const gridMs = stage.transport.pollIntervalMs ?? 1;
  const minMs = Math.max(durationMs / 6, 2_000 / ratePerSecond);
  const forMs = Math.ceil(minMs / gridMs) * gridMs;
  await stage.warmUp(() => stage.server.publish({ ratePerSecond, forMs: Math.max(gridMs, 100) }));
  const phase = await stage.phase(`${ratePerSecond} msg/s`, () =>
    stage.server.publish({ ratePerSecond, forMs }),
  );
  const isUsual = ratePerSecond === stage.workload.ratePerSecond;
  const payload = (phase.payloadBytes ?? payloadBytes) * phase.served;
  const beyondPayload = (bytes: number | null): number | null =>
    bytes === null ? null : perDelivery(phase, bytes - payload);
  stage.figure({
    key: `overhead.at${ratePerSecond}`,
    phase: phase.name,
    label: `B/msg at\n${ratePerSecond}/s`,
    unit: "bytes",
    better: "lower",
    counted: true,
    value: beyondPayload(allBytes(phase)),
    about: "all bytes both ways minus the payload, for each delivered message",
    ...noteOn(phase),
    headline: isUsual,
    ...(isUsual && { adds: "{value}/msg" }),
    words: {
      states: `at ${ratePerSecond} messages per second, each takes {value} beyond its payload`,
      leads: `at ${ratePerSecond} messages per second, each takes the fewest bytes with {variant}: {value} beyond its payload`,
    },
  });
  if (!isUsual) return;
  stateAll(
    stage,
    besideTheory(
      {
        key: "parts.deliveries",
        label: "headers and\nframing, B/msg",
        table: partsTable,
        value: beyondPayload(phase.wire && phase.wire.parts.deliveries),
        about: `for each message delivered at ${ratePerSecond} msg/s`,
      },
      phase,
      "deliveries",
      beyondPayload,
      stage.transport,
    ),
  );
  stateAll(stage, linkFigures.messages(phase, ratePerSecond, payload));
  if (opensAgain(phase, stage.transport.delivery))
    stateAll(stage, connectionFigures(phase, ratePerSecond));
}

/** Whether clients keep no connection: in a short phase, not all of them may have polled. */
function opensAgain({ wire, clients }: MeasuredPhase, delivery: "push" | "pull"): boolean {
  if (wire === null) return false;
  const { connections, requests } = wire;
  if (connections >= clients) return true;
  return delivery === "pull" && connections > 0 && 2 * connections >= requests;
}

function connectionFigures(phase: MeasuredPhase, ratePerSecond: number): Figure[] {
  const { name, wire, clients, durationMs } = phase;
  if (wire === null) return [];
  return [
    {
      key: "connections",
      phase: name,
      label: "connections/s\nper client",
      table: "connections that clients open again and again",
      unit: "per second",
      better: "lower",
      value: wire.connections / clients / (durationMs / 1_000),
      about: `while messages are delivered at ${ratePerSecond} msg/s`,
    },
  ];
}

async function measureUpstream(stage: Stage): Promise<void> {
  const { clients, payloadBytes } = stage.workload;
  await stage.clients.disconnect();
  await stage.clients.connect(clients, { channels: "own" });
  const phase = await stage.phase("upstream", () => stage.clients.send(upstream));
  // The bytes are of so many, and perhaps not of all that were sent.
  const counted = phase.wire?.sentUp ?? 0;
  const framing = (bytes: number | null): number | null =>
    bytes === null || counted === 0 ? null : bytes / counted - (phase.payloadBytes ?? payloadBytes);
  stateAll(
    stage,
    besideTheory(
      {
        key: "parts.upstream",
        label: "framing,\nB/msg up",
        table: "bytes of a message that a client sends up, beyond its payload",
        // Nothing is sent up for nothing: of some transports nobody can tell it from deliveries.
        value: framing((phase.wire && phase.wire.parts.upstream) || null),
        about: "a frame, or a request with its response",
      },
      phase,
      "upstream",
      framing,
      stage.transport,
    ),
  );
}

async function measureIdle(stage: Stage): Promise<void> {
  const cycleMs = stage.transport.idleCycleMs;
  if (cycleMs > stage.maxIdleMs) {
    const note = `one cycle takes ${cycleMs / 1_000} s, longer than this run waits`;
    stateAll(
      stage,
      idleFigures(null, () => ({ value: null, note })),
    );
    return;
  }
  // Whole cycles: then each client has done everything equally often.
  const forMs = Math.ceil(1_000 / cycleMs) * cycleMs;
  const phase = await stage.phase("idle", () => stage.idle(forMs));
  const scaled = `scaled from ${forMs / 1_000} s`;
  const cycle = phase.wire?.cycle ?? null;
  const perMinute = (part: IdlePart): Minute =>
    cycle === null
      ? { value: scaledToMinute(phase, part), note: scaled }
      : seenInMinute(phase, cycle, part);
  stateAll(stage, [...idleFigures(phase, perMinute), ...linkFigures.idle(phase, scaled)]);
}

/** The part of an idle client's bytes that a figure is about. */
type IdlePart = "all" | WirePart;

/** For each client, and how it came about. */
type Minute = Pick<Figure, "value" | "bound" | "note">;

function idleFigures(phase: MeasuredPhase | null, perMinute: (part: IdlePart) => Minute): Figure[] {
  const common = {
    unit: "bytes",
    better: "lower",
    counted: true,
    ...(phase !== null && { phase: phase.name }),
  } as const;
  const idlePart = (part: WirePart): Figure => {
    const label = `${factsOf(part).label},\nidle B/min`;
    return { ...common, key: `parts.${part}`, label, table: partsTable, ...perMinute(part) };
  };
  return [
    {
      ...common,
      key: "idle",
      label: "idle\nB/min",
      ...perMinute("all"),
      about: "per client; whole cycles of its periodic traffic, scaled to a minute",
    },
    ...partsPer("time").map(idlePart),
  ];
}

function perConnection({ parts }: WireMeasured): number {
  return partsPer("connection").reduce((sum, part) => sum + parts[part], 0);
}

function scaledToMinute(
  { wire, clients, durationMs }: MeasuredPhase,
  part: IdlePart,
): number | null {
  if (wire === null) return null;
  const bytes = part === "all" ? wire.bytes.down + wire.bytes.up : wire.parts[part];
  return (bytes / clients) * (60_000 / durationMs);
}

/** Bytes a minute for a server whose cycle was observed: bytes that weren't repeated aren't scaled. */
function seenInMinute(
  { wire, durationMs }: MeasuredPhase,
  cycle: SeenCycle,
  part: IdlePart,
): Minute {
  const isOther = part !== "all" && wire?.parts[part] === 0;
  const bytes = isOther ? 0 : cycle.bytes;
  if (cycle.cycleMs !== null) {
    const times = cycle.cycles === 1 ? "once" : `${cycle.cycles} times`;
    return {
      value: bytes * (60_000 / cycle.cycleMs),
      note: `scaled from a cycle of ${(cycle.cycleMs / 1_000).toFixed(1)} s that was seen ${times}`,
    };
  }
  const seconds = Math.round(durationMs / 1_000);
  return {
    value: bytes * Math.min(1, 60_000 / durationMs),
    bound: "at least",
    note:
      cycle.bytes === 0
        ? `nothing was seen in ${seconds} s; less frequent traffic is unknown`
        : `seen in ${seconds} s and not scaled: nothing was seen twice, so its period is unknown`,
  };
}

/** Why a phase has no bytes, or none of messages. */
function noteOn({ wire, expected, served }: MeasuredPhase): Pick<Figure, "note"> {
  if (wire === null) return { note: uncounted };
  return expected > 0 && served === 0 ? { note: "no message arrived within the phase" } : {};
}

function stateAll(stage: Stage, figures: readonly Figure[]): void {
  for (const figure of figures) stage.figure(figure);
}
