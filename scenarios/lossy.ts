import { latency } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, MeasuredPhase, Scenario, Stage } from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

const roundTripsMs = [20, 80] as const;
const lossesPercent = [0, 0.1, 1, 3] as const;

/** What one of the networks showed, and the one with the same round trip that loses nothing. */
interface Shown {
  readonly roundTripMs: number;
  readonly lossPercent: number;
  readonly phase: MeasuredPhase;
  readonly lossless: MeasuredPhase;
}

export const lossy: Scenario = defineScenario({
  name: "lossy",
  summary: "Packets are lost: how late is what was in them, and what was behind?",
  // Two thousand deliveries on each network: p99 needs a thousand.
  workload: { clients: 40, ratePerSecond: 20, payloadBytes: 256 },
  measures: "time",
  usesNetwork: "packets",
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    `round trips of ${roundTripsMs.join(" and ")} ms, ${lossesPercent.join(", ")} % of packets lost each way`,
  async play(stage) {
    await stage.clients.connect(stage.workload.clients);
    await warmUp(stage, "publish");
    const shown: Shown[] = [];
    for (const roundTripMs of roundTripsMs) {
      let lossless: MeasuredPhase | null = null;
      for (const lossPercent of lossesPercent) {
        const phase = await playOn(stage, roundTripMs, lossPercent);
        lossless ??= phase;
        shown.push({ roundTripMs, lossPercent, phase, lossless });
      }
    }
    await stage.clients.disconnect();
    for (const figure of [
      ...shown.map(percentile99),
      ...shown.map(median),
      ...shown.map(longestStall),
      ...shown.filter(({ lossPercent }) => lossPercent > 0).flatMap(repair),
    ]) {
      stage.figure(figure);
    }
  },
});

/** Over connections that were made for it without any loss: they remember none from before. */
async function playOn(
  stage: Stage,
  roundTripMs: number,
  lossPercent: number,
): Promise<MeasuredPhase> {
  const delay = `delay=${roundTripMs / 2}ms`;
  const { clients, durationMs } = stage.workload;
  // Without loss, the server learns of every client that leaves before the next comes.
  await stage.network.become(delay);
  await stage.clients.disconnect();
  await stage.warmUp(() => stage.clients.connect(clients));
  await stage.network.become(`${delay},loss=${lossPercent}%`);
  return stage.phase(nameOf({ roundTripMs, lossPercent }), () =>
    stage.server.publish({ forMs: durationMs }),
  );
}

function nameOf({ roundTripMs, lossPercent }: Pick<Shown, "roundTripMs" | "lossPercent">): string {
  return `${roundTripMs} ms, ${lossPercent} %`;
}

/** What the figures of a network have in common: a point of a series over its loss. */
function pointOf(
  key: string,
  { roundTripMs, lossPercent, phase }: Shown,
): Pick<Figure, "key" | "label" | "phase"> {
  return {
    key: `${key}.rtt${roundTripMs}.at${lossPercent}`,
    label: `${roundTripMs} ms,\n${lossPercent} % lost`,
    phase: phase.name,
  };
}

function percentile99(shown: Shown): Figure {
  const { roundTripMs, lossPercent } = shown;
  const at = `at a round trip of ${roundTripMs} ms with ${lossPercent} % of packets lost`;
  return {
    ...pointOf("p99", shown),
    ...latency(shown.phase.delivery(0.99)),
    about: "99 % of the messages arrive within this time (p99), by round trip and packet loss",
    ...(roundTripMs === 80 &&
      lossPercent === 1 && {
        headline: true,
        words: {
          states: `99 % of the messages arrive within {value} ${at}`,
          leads: `${at}, messages arrive soonest with {variant}: 99 % within {value}`,
        },
      }),
  };
}

function median(shown: Shown): Figure {
  return {
    ...pointOf("p50", shown),
    table: "half of the messages arrive within (p50)",
    ...latency(shown.phase.delivery(0.5)),
  };
}

function longestStall(shown: Shown): Figure {
  const { phase, roundTripMs } = shown;
  return {
    ...pointOf("stall", shown),
    table: "longest stall: what the latest message took beyond the network's delay",
    unit: "ns",
    better: "lower",
    value:
      phase.maxDeliveryNs === null
        ? null
        : Math.max(0, phase.maxDeliveryNs - (roundTripMs / 2) * 1e6),
  };
}

/** What repairing took, and whether the network lost what it was to. */
function repair(shown: Shown): Figure[] {
  const { phase, lossless } = shown;
  const [some, none] = [bytesPerDelivery(phase), bytesPerDelivery(lossless)];
  return [
    {
      ...pointOf("repair", shown),
      table:
        "bytes that the repair cost, with the headers of TCP and IP, beyond those without loss",
      unit: "percent",
      better: "lower",
      value: some === null || none === null ? null : 100 * (some / none - 1),
      about:
        "all bytes both ways for each delivery; below zero where acknowledgements or polls became fewer",
    },
    {
      ...pointOf("again", shown),
      table: "segments sent again, of all packets both ways",
      unit: "percent",
      better: "lower",
      value: percentOfPackets(phase, "retransmitted"),
    },
    {
      ...pointOf("lost", shown),
      table: "packets that the network lost, both ways",
      unit: "percent",
      better: "neither",
      value: percentOfPackets(phase, "lost"),
      about: "beside the share that was asked for, in the column's head",
    },
  ];
}

function percentOfPackets(
  { network }: MeasuredPhase,
  which: "lost" | "retransmitted",
): number | null {
  if (network === null) return null;
  const { down, up } = network;
  const packets = down.packets + up.packets;
  return packets === 0 ? null : (100 * (down[which] + up[which])) / packets;
}

function bytesPerDelivery({ link, delivered }: MeasuredPhase): number | null {
  return link === null || delivered === 0
    ? null
    : (link.ipBytes.down + link.ipBytes.up) / delivered;
}
