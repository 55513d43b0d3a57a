import { compared, interleave } from "./pairs.ts";
import type { Compared } from "./pairs.ts";
import { startBare, startHarness, startServer } from "./sides.ts";
import type { Side } from "./sides.ts";

const variant = "websocket";
const everyone = { channels: "shared", nextSequence: 1 } as const;

/** Dials per CPU-second of the load process, and dials per second. */
export async function compareDialling(): Promise<Compared[]> {
  const dials = 1_000;
  await using server = await startServer(variant);
  await using harness = await startHarness(variant, server);
  await using bare = await startBare("websocket", server);
  const speeds: { harness: number[]; bare: number[] } = { harness: [], bare: [] };

  const turn = async (side: Side, seen: number[]): Promise<number> => {
    await side.begin(1);
    const { durationMs } = await side.connect({ ...everyone, clients: dials, firstClient: 0 });
    const { cpuMs } = await side.end();
    await side.disconnect();
    seen.push((dials / durationMs) * 1_000);
    return (dials / cpuMs) * 1_000;
  };
  await turn(harness, []);
  await turn(bare, []);
  const perCpuSecond = await interleave(
    5,
    () => turn(harness, speeds.harness),
    () => turn(bare, speeds.bare),
  );
  const perSecond = speeds.harness.map((speed, pair) => [speed, speeds.bare[pair] ?? 0] as const);
  return [
    compared({ name: "WebSocket dials", unit: "dials", aim: { atLeast: 0.8 } }, perCpuSecond),
    compared({ name: "WebSocket dials, by the clock", unit: "dials/s", aim: null }, perSecond),
  ];
}

/** Memory that each idle client adds, in bytes: the slope between two plateaus, in fresh processes. */
export async function compareMemory(): Promise<Compared> {
  await using server = await startServer(variant);
  const figures = await interleave(
    3,
    () => bytesPerClient(() => startHarness(variant, server)),
    () => bytesPerClient(() => startBare("websocket", server)),
  );
  return compared(
    { name: "memory per idle WebSocket", unit: "bytes", aim: { atMost: 1.3 } },
    figures,
  );
}

async function bytesPerClient(start: () => Promise<Side>): Promise<number> {
  const few = 100;
  const more = 2_000;
  await using side = await start();
  await side.connect({ ...everyone, clients: few, firstClient: 0 });
  const before = await side.memory();
  await side.connect({ ...everyone, clients: more, firstClient: few });
  const after = await side.memory();
  await side.disconnect();
  return (after - before) / more;
}
