import type { PlannedTrial } from "../plan/plan.ts";
import type { Figure, Phase } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import { digits } from "../text/format.ts";

type PhaseNetwork = NonNullable<Phase["network"]>;
type Direction = "down" | "up";

const common = { bound: "exact", better: "neither" } as const;

/**
 * What the network that was asked for did with the packets of all measured phases. None where a script has it become
 * several: then it tells itself what that did.
 */
export function networkFigures(
  { scenario, network }: Pick<PlannedTrial, "scenario" | "network">,
  phases: readonly Phase[],
): Figure[] {
  if (network === null || scenario.usesNetwork === "packets") return [];
  const measured = phases.flatMap((phase) =>
    phase.measured && phase.network !== undefined ? [phase.network] : [],
  );
  if (measured.length === 0) return [];
  const table = `what the network ${network.name} did, and was asked to do: packets of all phases`;
  return [
    ...delayAndLoss(measured, "down"),
    ...delayAndLoss(measured, "up"),
    queueFigure(measured),
    countFigure(measured, "overflowed", "dropped by\nfull queues"),
    countFigure(measured, "retransmitted", "segments\nsent again"),
    countFigure(measured, "timeouts", "time-outs\nof TCP"),
    latenessFigure(measured),
  ].map((figure) => Object.assign(figure, common, { table }));
}

type Stated = Omit<Figure, "bound" | "better" | "table">;

function delayAndLoss(measured: readonly PhaseNetwork[], way: Direction): Stated[] {
  const directions = measured.map((network) => network[way]);
  const [first] = directions;
  if (first === undefined) return [];
  const { delayMs, jitterMs, lossShare } = first.asked;
  const done = directions.map((direction) => direction.done);
  const packets = sum(done.map((one) => one.packets));
  return [
    {
      key: `network.${way}.delay`,
      label: `delay ${way}, ms\n${digits(delayMs + jitterMs)} asked`,
      unit: "ms",
      value: mean(done, "meanDelayMs"),
      about:
        "the mean over packets, with their wait in the queue and for being sent; asked are delay and mean jitter",
    },
    {
      key: `network.${way}.loss`,
      label: `lost ${way}, %\n${digits(100 * lossShare)} asked`,
      unit: "percent",
      value: packets === 0 ? null : (100 * sum(done.map(({ lost }) => lost))) / packets,
      about: "packets that were lost as asked, without those that a full queue dropped",
    },
  ];
}

type Done = PhaseNetwork["down"]["done"];

/** Of all packets that were forwarded; null where none was. */
function mean(done: readonly Done[], field: "meanDelayMs" | "meanLateMs"): number | null {
  const forwarded = sum(done.map((one) => one.forwarded));
  if (forwarded === 0) return null;
  return sum(done.map((one) => (one[field] ?? 0) * one.forwarded)) / forwarded;
}

function bothWays(measured: readonly PhaseNetwork[]): Done[] {
  return measured.flatMap(({ down, up }) => [down.done, up.done]);
}

function countFigure(
  measured: readonly PhaseNetwork[],
  field: "overflowed" | "retransmitted" | "timeouts",
  label: string,
): Stated {
  const value = sum(bothWays(measured).map((done) => done[field]));
  return { key: `network.${field}`, label, unit: "count", value };
}

function queueFigure(measured: readonly PhaseNetwork[]): Stated {
  return {
    key: "network.queue",
    label: "longest\nqueue, B",
    unit: "bytes",
    value: Math.max(...bothWays(measured).map((done) => done.longestQueueBytes)),
  };
}

function latenessFigure(measured: readonly PhaseNetwork[]): Stated {
  return {
    key: "network.late",
    label: "unasked\ndelay, ms",
    unit: "ms",
    value: mean(bothWays(measured), "meanLateMs"),
    about: "how much later than due packets left, on average: what the network adds by itself",
  };
}
