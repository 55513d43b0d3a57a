import { betweenMessages } from "./between-messages.ts";
import { latency } from "./figures.ts";
import { roomsFor } from "./room-plans.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, Ledger, MeasuredPhase, Scenario } from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

/** The broker fails after this share of the time, and is away for as long. */
const failingShare = 0.25;

export const brokerFailure: Scenario = defineScenario({
  name: "broker-failure",
  summary: "The broker between servers dies and comes back: what is lost?",
  workload: { clients: 200, ratePerSecond: 40, payloadBytes: 256 },
  measures: "time",
  failsBus: true,
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, durationMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"} in rooms, ${ratePerSecond} msg/s to all rooms together, ${payloadBytes} B, ` +
    `the broker is away for ${Math.round(failingShare * durationMs)} ms`,
  async play(stage) {
    const { clients, durationMs: forMs } = stage.workload;
    await stage.phase("connect", () =>
      stage.clients.connect(clients, { channels: roomsFor(clients) }),
    );
    await warmUp(stage, "publish");
    const afterMs = betweenMessages(failingShare * forMs, stage.workload);
    const failing = await stage.phase("the broker fails", async () => {
      await Promise.all([
        stage.server.publish({ forMs }),
        stage.bus.fail({ forMs: failingShare * forMs, afterMs }),
      ]);
    });
    const after = await stage.phase("after that", () => stage.server.publish({ forMs }));
    for (const figure of figuresOf(failing, after)) stage.figure(figure);
    await stage.clients.disconnect();
  },
});

function figuresOf(failing: MeasuredPhase, after: MeasuredPhase): Figure[] {
  const { ledger } = failing;
  const count = (
    key: string,
    label: string,
    of: (ledger: Ledger) => number,
    about?: string,
  ): Figure => ({
    key,
    phase: failing.name,
    label,
    unit: "count",
    better: key === "received" || key === "replayed" ? "neither" : "lower",
    value: ledger && of(ledger),
    ...(about !== undefined && { about }),
  });
  const onBus = count("lostOnBus", "lost on\nthe bus", ({ unsent, untaken }) => unsent + untaken);
  return [
    count("received", "received", ({ received }) => received),
    count(
      "replayed",
      "received\nall the same",
      ({ replayed }) => replayed,
      "due while the broker was away",
    ),
    { ...onBus, headline: true, words },
    count("unsent", "not sent", ({ unsent }) => unsent, "their server couldn't reach the broker"),
    count(
      "untaken",
      "sent, but\nnot taken",
      ({ untaken }) => untaken,
      "by the server of the client that was to have it",
    ),
    count(
      "otherwise",
      "lost\notherwise",
      ({ inFlight, missed, overrun, unaccounted }) => inFlight + missed + overrun + unaccounted,
    ),
    count("doubled", "doubled", ({ doubled }) => doubled),
    {
      key: "expected",
      phase: failing.name,
      label: "of\ndeliveries",
      unit: "count",
      better: "neither",
      value: failing.expected,
    },
    {
      key: "after.lost",
      phase: after.name,
      label: "lost\nafter that",
      unit: "count",
      better: "lower",
      value: after.lost,
      about: "in as long a time, with the broker back",
    },
    {
      key: "after.p99",
      phase: after.name,
      label: "99 % within,\nafter that",
      ...latency(after.delivery(0.99)),
    },
  ];
}

const words = {
  states: "{value} deliveries are lost on the bus as its broker dies",
  leads: "the fewest deliveries are lost as the broker dies with {variant}: {value}",
};
