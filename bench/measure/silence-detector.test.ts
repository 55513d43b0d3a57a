import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SilenceDetector } from "./silence-detector.ts";

class Peer {
  heardBytes = 0;
  why: string | null = null;
  fail({ message }: Error): void {
    this.why = message;
  }
}

describe("a silence detector", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("ends those of which nothing has been heard for as long as allowed, and no others", () => {
    const detector = new SilenceDetector(1_000);
    const [silent, heard] = [new Peer(), new Peer()];
    for (const peer of [silent, heard]) detector.watch(peer, 0);
    heard.heardBytes = 2;
    detector.look(999);
    expect([silent.why, heard.why]).toEqual([null, null]);
    detector.look(1_000);
    expect([silent.why, heard.why]).toEqual(["nothing was heard for 1s", null]);
  });

  it("counts from when it has last seen that something was heard", () => {
    const detector = new SilenceDetector(1_000);
    const peer = new Peer();
    detector.watch(peer, 0);
    peer.heardBytes = 7;
    detector.look(500);
    detector.look(1_499);
    expect(peer.why).toBeNull();
    detector.look(1_500);
    expect(peer.why).not.toBeNull();
  });

  it("leaves alone what has left", () => {
    const detector = new SilenceDetector(1_000);
    const peer = new Peer();
    detector.watch(peer, 0);
    detector.forget(peer);
    expect(vi.getTimerCount()).toBe(0);
    detector.look(5_000);
    expect(peer.why).toBeNull();
  });
});
