import { describe, expect, it } from "vitest";
import { courseOf } from "./arrivals.ts";
import type { Look } from "./proxy-events.ts";
import { differencesNs, medianOf } from "./proxy-events.ts";
import {
  bufferedFinding,
  cutFinding,
  delayedFinding,
  eventsFault,
  goneFinding,
  heldText,
  reloadFinding,
} from "./proxy-findings.ts";
import { heartbeatsOf } from "./proxy-idle.ts";
import type { Idle, Lived } from "./proxy-idle.ts";
import { reloadedOf } from "./proxy-reload.ts";
import type { Arrival, Heard } from "./scenario.ts";

const ms = 1e6;
const sent = Array.from({ length: 15 }, (_, index) => index * 100 * ms);

/** Events that come as late as this says, in milliseconds; those of null don't. */
function arrivals(lateMs: (index: number) => number | null): Arrival[] {
  return sent.flatMap((sentNs, index) => {
    const late = lateMs(index);
    const atNs = sentNs + (late ?? 0) * ms;
    return late === null ? [] : [{ sequence: index + 1, sentNs, atNs, bytesDown: 0 }];
  });
}

function look(through: (index: number) => number | null, past: (index: number) => number): Look {
  const [proxy, direct] = [arrivals(through), arrivals(past)];
  return {
    proxy: courseOf(proxy, sent),
    direct: courseOf(direct, sent),
    addedMs: medianOf(differencesNs(proxy, [direct]).map((ns) => ns / ms)),
    sent: sent.length,
    came: proxy.length,
    watchedMs: 2_500,
    ended: null,
  };
}

const soon = (): number => 1;
/** As from a proxy that passes on what it has every 500 ms. */
const inFives = (index: number): number => 500 - (index % 5) * 100;

describe("a proxy is charged", () => {
  it("with nothing where events come soon", () => {
    expect(eventsFault(look(() => 2, soon))).toBeNull();
  });

  it("with buffering where events come together, and told after what", () => {
    const seen = look(inFives, soon);
    expect(bufferedFinding(seen, null).text).toBe(
      "events come together, 5 at once, up to 500 ms late",
    );
    expect(bufferedFinding(seen, { by: "bytes", least: 3_978, most: 4_199 }).text).toBe(
      "events come together, 5 at once, up to 500 ms late, or when 4 KiB have gathered",
    );
  });

  it("with buffering where nothing comes", () => {
    const seen = look(() => null, soon);
    expect(bufferedFinding(seen, { by: "nothing", least: 1_048_576 }).text).toBe(
      "no event comes within 2.5 s, of 1,048,576 B that were sent",
    );
  });

  it("with delay where each event comes later by itself", () => {
    const seen = look(() => 42, soon);
    expect(eventsFault(seen)).toBe("delayed");
    expect(delayedFinding(seen).text).toBe("each event comes 41 ms later");
  });

  it("with nothing for one or two long stalls that it was held up by", () => {
    const stalled = look((index) => (index === 3 ? 240 : index === 4 ? 140 : 1), soon);
    expect(eventsFault(stalled)).toBeNull();
  });

  it("with nothing that a busy machine does to events past it, too", () => {
    const busy = (index: number): number => 20 + 15 * (index % 3);
    expect(eventsFault(look((index) => busy(index) + 60, busy))).toBeNull();
  });

  it("with nothing that comes of polling", () => {
    expect(eventsFault(look((index) => inFives(index) + 3, inFives))).toBeNull();
  });
});

it("tells a whole number of KiB only where no other can be meant", () => {
  expect(heldText({ by: "bytes", least: 3_978, most: 4_199 })).toBe("4 KiB");
  expect(heldText({ by: "bytes", least: 4_097, most: 4_300 })).toBe("4,300 B");
  expect(heldText({ by: "bytes", least: 3_000, most: 4_200 })).toBe("4,200 B");
});

function lived(endedMs: number | null): Lived {
  const opened = { id: 0, dialledNs: 0, readyNs: 0, refusal: null };
  return { opened, endedMs, reason: endedMs === null ? null : "status 504" };
}

describe("a silent connection", () => {
  const cutAt = (silentMs: number | null, controlMs: number | null): Idle => ({
    boundMs: 77_500,
    silent: lived(silentMs),
    control: lived(controlMs),
    beats: [60_000, 45_000, 30_000].map((everyMs) => ({
      everyMs,
      lived: lived(silentMs !== null && everyMs >= silentMs ? silentMs : null),
    })),
  });

  it("is cut by the proxy where one past it lives on", () => {
    expect(cutFinding(cutAt(60_012, null), null).text).toBe(
      "a silent connection is ended after 60 s (status 504)",
    );
    expect(cutFinding(cutAt(60_012, 60_020), null).text).toBeNull();
    expect(cutFinding(cutAt(null, null), null).text).toBeNull();
  });

  it("is kept by the longest heartbeat that outlived it", () => {
    expect(heartbeatsOf(cutAt(59_990, null))).toEqual({ keptMs: 45_000, cutMs: 60_000 });
    expect(heartbeatsOf(cutAt(7_000, null))).toEqual({ keptMs: null, cutMs: 30_000 });
    expect(heartbeatsOf(cutAt(null, null))).toEqual({ keptMs: null, cutMs: null });
  });
});

it("charges a proxy with whom it doesn't tell in time", () => {
  expect(goneFinding({ toldMs: 12, atNextWrite: null }, "client").text).toBeNull();
  const goesOn = { toldMs: null, atNextWrite: null, goesOn: true } as const;
  expect(goneFinding(goesOn, "server").text).toBeNull();
  expect(goneFinding({ toldMs: null, atNextWrite: true }, "client").text).toBe(
    "the server isn't told within 3 s that its client has gone; when it sends something, it is",
  );
});

describe("a reload", () => {
  const heard = (sequences: readonly number[], ended: Heard["ended"] = null): Heard => ({
    arrivals: sequences.map((sequence) => {
      const atNs = sequence * 20 * ms;
      return { sequence, sentNs: atNs, atNs, bytesDown: 0 };
    }),
    bytesDown: 0,
    bytesUp: 0,
    ended,
    ends: ended === null ? 0 : 1,
  });

  it("is charged with cuts and losses, by what came past the proxy", () => {
    const cut = { atNs: 0, reason: "the server ended the connection" };
    const reloaded = reloadedOf(heard([1, 2, 3, 4, 5]), [
      heard([1, 2, 3, 4, 5]),
      heard([1, 2, 5], cut),
    ]);
    expect(reloaded).toEqual({ of: 2, cut: 1, reason: cut.reason, lost: 2, gapMs: 60 });
    expect(reloadFinding(reloaded).text).toBe(
      "1 of 2 connections are cut (the server ended the connection); 2 messages are lost",
    );
  });

  it("is charged with nothing where all goes on", () => {
    expect(reloadFinding(reloadedOf(heard([1, 2]), [heard([1, 2])])).text).toBeNull();
    expect(reloadFinding({ impossible: "it can't" })).toEqual({ text: null, note: "it can't" });
  });
});
