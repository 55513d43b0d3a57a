import { describe, expect, it } from "vitest";
import { MachineLock } from "./machine-lock.ts";

/** Lets everything that can go on do so. */
const settle = (): Promise<void> => new Promise(setImmediate);

describe("the lock of a machine", () => {
  it("is one trial's at a time, in the order of asking", async () => {
    const machineLock = new MachineLock();
    const events: string[] = [];
    const trial = async (name: string): Promise<void> => {
      using lease = await machineLock.acquire();
      events.push(`${name} begins`);
      expect(lease).toBeDefined();
      await settle();
      events.push(`${name} ends`);
    };
    await Promise.all(["a", "b", "c"].map(trial));
    expect(events).toEqual(["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it("goes to the next as soon as a lease is released, and back after it", async () => {
    const machineLock = new MachineLock();
    const events: string[] = [];
    const trial = async (name: string): Promise<void> => {
      using lease = await machineLock.acquire();
      events.push(`${name} works`);
      lease.release();
      events.push(`${name} waits`);
      await lease.acquire();
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
    const machineLock = new MachineLock();
    const first = await machineLock.acquire();
    await first.acquire();
    let second = false;
    const waiting = machineLock.acquire().then((lease) => {
      second = true;
      return lease;
    });
    await settle();
    expect(second).toBe(false);
    first.release();
    (await waiting).release();
    expect(second).toBe(true);
  });

  it("is free after a lease that was released and then ended", async () => {
    const machineLock = new MachineLock();
    {
      using lease = await machineLock.acquire();
      lease.release();
      lease.release();
    }
    using second = await machineLock.acquire();
    expect(second).toBeDefined();
  });

  it("is not lost when a trial fails", async () => {
    const machineLock = new MachineLock();
    const failing = async (): Promise<void> => {
      using lease = await machineLock.acquire();
      throw new Error(`failed with ${typeof lease}`);
    };
    await expect(failing()).rejects.toThrow("failed with object");
    using lease = await machineLock.acquire();
    expect(lease).toBeDefined();
  });
});
