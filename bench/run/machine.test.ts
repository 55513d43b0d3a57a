import { describe, expect, it } from "vitest";
import { Machine } from "./machine.ts";

/** Lets everything that can go on do so. */
const settle = (): Promise<void> => new Promise(setImmediate);

describe("the machine", () => {
  it("is one trial's at a time, in the order of asking", async () => {
    const machine = new Machine();
    const events: string[] = [];
    const trial = async (name: string): Promise<void> => {
      using turn = await machine.take();
      events.push(`${name} begins`);
      expect(turn).toBeDefined();
      await settle();
      events.push(`${name} ends`);
    };
    await Promise.all(["a", "b", "c"].map(trial));
    expect(events).toEqual(["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it("goes to the next as soon as a turn is given away, and back in its turn", async () => {
    const machine = new Machine();
    const events: string[] = [];
    const trial = async (name: string): Promise<void> => {
      using turn = await machine.take();
      events.push(`${name} works`);
      turn.give();
      events.push(`${name} waits`);
      await turn.take();
      events.push(`${name} works again`);
    };
    await Promise.all([trial("a"), trial("b")]);
    expect(events).toEqual([
      "a works",
      "a waits",
      "b works",
      "b waits",
      "a works again",
      "b works again",
    ]);
  });

  it("is kept by whoever has it and takes it once more", async () => {
    const machine = new Machine();
    const first = await machine.take();
    await first.take();
    let second = false;
    const waiting = machine.take().then((turn) => {
      second = true;
      return turn;
    });
    await settle();
    expect(second).toBe(false);
    first.give();
    (await waiting).give();
    expect(second).toBe(true);
  });

  it("is free after a turn that was given away and then ended", async () => {
    const machine = new Machine();
    {
      using turn = await machine.take();
      turn.give();
      turn.give();
    }
    using second = await machine.take();
    expect(second).toBeDefined();
  });

  it("is not lost when a trial fails", async () => {
    const machine = new Machine();
    const failing = async (): Promise<void> => {
      using turn = await machine.take();
      throw new Error(`failed with ${typeof turn}`);
    };
    await expect(failing()).rejects.toThrow("failed with object");
    using turn = await machine.take();
    expect(turn).toBeDefined();
  });
});
