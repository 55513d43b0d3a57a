import { describe, expect, it } from "vitest";
import { Channels, refusedCursor } from "./channels.ts";
import { maxMessageBytes } from "./transport.ts";

function open(options = { logMessages: 100, logBytes: 1_000_000 }): Channels<string> {
  return new Channels<string>(options, 0, { channels: 1_000 });
}

function publish(channels: Channels<string>, name: string, bytes = 10): void {
  channels.append(channels.get(name), Buffer.alloc(bytes));
}

describe("channels", () => {
  it("are not made by asking where they stand", () => {
    using channels = open();
    expect(channels.newest("a")).toBe(0);
    expect(channels.find("a")).toBeUndefined();
    expect(channels.size).toBe(0);
  });

  it("go with the last listener where nothing was published", () => {
    using channels = open();
    const channel = channels.get("a");
    channel.peers.add("alice").add("bob");
    channels.leave(channel, "alice");
    expect(channels.size).toBe(1);
    channels.leave(channel, "bob");
    expect(channels.size).toBe(0);
  });

  it("are left alone by a listener of one that was dropped before", () => {
    using channels = open();
    const dropped = channels.get("a");
    channels.leave(dropped, "alice");
    const channel = channels.get("a");
    channel.peers.add("bob");
    channels.leave(dropped, "alice");
    expect(channels.find("a")).toBe(channel);
  });

  it("stay while somebody listens, or has asked since the last sweep", () => {
    using channels = open();
    for (const name of ["listened to", "asked for", "forgotten"]) publish(channels, name);
    channels.get("listened to").peers.add("alice");
    channels.sweep();
    channels.newest("asked for");
    channels.sweep();
    expect(channels.find("forgotten")).toBeUndefined();
    expect(channels.size).toBe(2);
    for (let count = 0; count < 3; count += 1) channels.sweep();
    expect(channels.size).toBe(1);
    expect(channels.newest("listened to")).toBe(1);
  });

  it("tell whoever comes back to one that was dropped of a gap, never of other messages as the missed ones", () => {
    using channels = open();
    for (let count = 0; count < 7; count += 1) publish(channels, "a");
    for (let count = 0; count < 5; count += 1) publish(channels, "b");
    channels.sweep();
    channels.sweep();
    expect(channels.size).toBe(0);
    // Before anything is published, and after; where nothing was missed, there is no gap.
    expect(channels.newest("b")).toBe(7);
    publish(channels, "b");
    expect(channels.get("b").log.after(5).cursor).toBe(7);
    expect(channels.get("b").log.after(7).entries).toHaveLength(1);
    publish(channels, "a");
    expect(channels.get("a").log.after(7)).toMatchObject({
      cursor: 7,
      entries: [Buffer.alloc(10)],
    });
    expect(refusedCursor("9", channels.newest("a"))).toMatch(/ahead/);
  });

  it("are bounded in number, and those go first that nobody uses", () => {
    using channels = open();
    publish(channels, "in use");
    channels.get("listened to").peers.add("alice");
    let largest = 0;
    for (let count = 0; count < 4_000; count += 1) {
      publish(channels, `stranger-${count}`);
      if (count % 10 === 0) channels.newest("in use");
      largest = Math.max(largest, channels.size);
    }
    expect(largest).toBeLessThanOrEqual(1_500);
    expect(channels.newest("in use")).toBe(1);
    expect(channels.get("listened to").peers.size).toBe(1);
  });

  it("are bounded in number when all of them are in use", () => {
    using channels = open();
    for (let count = 0; count < 2_000; count += 1) {
      publish(channels, `stranger-${count}`);
      if (count % 90 === 0) for (let at = 0; at < count; at += 1) channels.find(`stranger-${at}`);
    }
    expect(channels.size).toBeLessThanOrEqual(1_600);
  });

  it("go on after the numbers of a server before this one", () => {
    using channels = new Channels<string>({ logMessages: 100, logBytes: 1_000 }, 120);
    expect(refusedCursor("118", channels.newest("a"))).toBeNull();
    publish(channels, "a");
    expect(channels.newest("a")).toBe(121);
    const missed = channels.get("a").log.after(118);
    expect([missed.cursor, missed.entries.length]).toEqual([120, 1]);
  });

  it("are bounded in memory: the largest logs are cut, and small ones stay whole", () => {
    using channels = open({ logMessages: 1_000, logBytes: maxMessageBytes });
    for (let count = 0; count < 5; count += 1) publish(channels, "small");
    // Twice as much as all logs may have together.
    for (let channel = 0; channel < 16; channel += 1) {
      for (let count = 0; count < 8; count += 1) publish(channels, `large-${channel}`, 2 ** 20);
    }
    const logs = Array.from({ length: 16 }, (_, index) => channels.get(`large-${index}`).log);
    const weight = logs.reduce((sum, log) => sum + log.weight, 0);
    expect(weight).toBeLessThan(8 * maxMessageBytes);
    expect(weight).toBeGreaterThan(2 * maxMessageBytes);
    expect(channels.get("small").log.after(0).entries).toHaveLength(5);
    for (const log of logs) expect(log.after(0).cursor + log.after(0).entries.length).toBe(8);
  });
});
