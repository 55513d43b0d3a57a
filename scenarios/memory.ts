import { unknownServer } from "./figures.ts";
import { memoryHeld } from "./memory-figures.ts";
import type { MemoryHeld } from "./memory-figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** Other reasons move resident memory by a MiB or two: over fewer clients, a KiB of each would be lost in that. */
const minClients = 500;

/** One message of each client, which comes back: so slowly that nobody is busy, since compressing takes its time. */
const oneEach = { ratePerSecond: 0.5, forMs: 2_000 };

/** What has happened to clients when memory is measured. */
const steps = [
  { step: "connected", label: "connected,\nB/client" },
  { step: "messaged", label: "after a message\neach way, B/client" },
] as const;

/** Whose memory, and what of it; the first is what a user pays for, and has the scenario's own table. */
const sides = [
  { key: "server", of: "server", kind: "residentBytes", table: "" },
  { key: "client", of: "load", kind: "residentBytes", table: "memory of the load processes" },
  {
    key: "serverHeap",
    of: "server",
    kind: "heapBytes",
    table: "heap and buffers of the server's JavaScript: without what zlib and TLS allocate",
  },
  {
    key: "clientHeap",
    of: "load",
    kind: "heapBytes",
    table: "heap and buffers of the load processes' JavaScript: without what zlib and TLS allocate",
  },
] as const;

export const memory: Scenario = defineScenario({
  name: "memory",
  summary: "What does a client take in memory, before and after a message each way?",
  workload: { clients: 1_000, ratePerSecond: oneEach.ratePerSecond, payloadBytes: 256 },
  trials: 3,
  // What is held depends on no timer.
  measures: "counts",
  onlyWhenNamed: true,
  describe: ({ clients, payloadBytes }) =>
    `${clients} clients with a channel each, ${payloadBytes} B down and up`,
  async play(stage) {
    const { clients } = stage.workload;
    const without = await memoryHeld(stage, 0);
    await stage.phase("connect", () => stage.clients.connect(clients, { channels: "own" }));
    const connected = await memoryHeld(stage, clients);
    // What compresses, or decompresses, takes memory when the first message comes its way.
    const messaged = stage.transport.sends ? await afterMessages(stage, clients) : null;
    await stage.clients.disconnect();
    const after = { connected, messaged };
    for (const side of sides) {
      for (const { step, label } of steps) {
        const { value, note } = perClient(side, without, after[step]);
        stage.figure({
          key: `${side.key}.${step}`,
          label,
          ...(side.table !== "" && { table: side.table }),
          unit: "bytes",
          better: "lower",
          value,
          ...(note !== null && { note }),
          ...(side.key === "server" && step === "messaged" && { headline: true, words, adds }),
        });
      }
    }
  },
});

async function afterMessages(stage: Stage, clients: number): Promise<MemoryHeld> {
  await stage.phase("messages", () => stage.clients.send(oneEach));
  return await memoryHeld(stage, clients);
}

const words = {
  states: "after a message each way, a client takes {value} of the server's memory",
  leads:
    "a client takes the least of the server's memory with {variant}: {value} after a message each way",
};

const adds = "{value} memory/client after a message each way";

/** What `after` is above `without`, for each client. */
function perClient(
  { of, kind }: (typeof sides)[number],
  without: MemoryHeld,
  after: MemoryHeld | null,
): { value: number | null; note: string | null } {
  if (after === null) return { value: null, note: "clients that only receive" };
  const { clients } = after;
  const [before, then] = [without[of][kind], after[of][kind]];
  if (before === null || then === null) return { value: null, note: unknownServer };
  if (clients < minClients) {
    return { value: null, note: `needs --clients ${minClients}: with fewer, it is noise` };
  }
  return { value: (then - before) / clients, note: null };
}
