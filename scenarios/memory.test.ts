import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { memory } from "./memory.ts";
import type { MemoryUse } from "./scenario.ts";

/** A server that takes 5 kB for a client, and 60 kB more once it has sent and received. */
async function played(use: Partial<MemoryUse> = {}, clients = 1_000): Promise<ScriptedStage> {
  let each = 5_000;
  const stage = new ScriptedStage({
    workload: { clients },
    measured: (name) => {
      if (name === "messages") each += 60_000;
      return {};
    },
    memory: (held) => ({ residentBytes: 7e7 + each * held, heapBytes: 1e7 + 1_000 * held, ...use }),
    loadMemory: (held) => ({ residentBytes: 5e7 + 2 * each * held, heapBytes: 2_000 * held }),
  });
  await memory.play(stage);
  return stage;
}

describe("the memory of a client", () => {
  it("is measured without clients, when connected, and after a message each way", async () => {
    const stage = await played();
    expect(stage.calls).toEqual([
      "server's memory",
      "phase connect",
      "  connect 1000 with channels of their own",
      "server's memory",
      "phase messages",
      "  send 0.5/s for 2000 ms",
      "server's memory",
      "disconnect to 0",
    ]);
    expect(stage.value("server.connected")).toBe(5_000);
    expect(stage.value("server.messaged")).toBe(65_000);
    expect(stage.value("client.messaged")).toBe(130_000);
    expect(stage.value("serverHeap.messaged")).toBe(1_000);
    expect(stage.value("clientHeap.connected")).toBe(2_000);
  });

  it("isn't stated for so few clients that it would be noise", async () => {
    const stage = await played({}, 499);
    expect(stage.figures.map(({ value }) => value)).toEqual(Array(8).fill(null));
    expect(stage.stated("server.messaged")?.note).toContain("--clients 500");
  });

  it("is stated of the clients alone where the server's process is unknown", async () => {
    const stage = await played({ residentBytes: null, heapBytes: null });
    expect(stage.stated("server.messaged")).toMatchObject({
      value: null,
      note: expect.stringContaining("process"),
    });
    expect(stage.value("client.connected")).toBe(10_000);
  });
});
