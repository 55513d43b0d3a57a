import { expect, test } from "vitest";
import { connections } from "../../scenarios/connections.ts";
import { reconnect } from "../../scenarios/reconnect.ts";
import { latency } from "../../scenarios/latency.ts";
import { misfortuneOf, takenBy } from "./misfortune.ts";
import { parseVariant } from "./variant.ts";
import { asFlag } from "./naming.ts";

function resolve(
  settings: Parameters<typeof misfortuneOf>[0],
  scenarios = [reconnect],
  variants = ["sse"],
): unknown {
  const config = { scenarios, variants: variants.map(parseVariant), durationMs: 2_000 };
  return misfortuneOf(settings, config, asFlag);
}

test("where nothing is said, scenarios have their own", () => {
  expect(resolve({})).toEqual({});
});

test("what isn't said of the waits is usual, but never contradicts what is", () => {
  const usual = { policy: "full-jitter", baseMs: 250, capMs: 5_000 };
  expect(resolve({ reconnect: "fixed" })).toEqual({ reconnect: { ...usual, policy: "fixed" } });
  expect(resolve({ reconnectBase: 9_000 })).toEqual({
    reconnect: { ...usual, baseMs: 9_000, capMs: 9_000 },
  });
  expect(resolve({ reconnectCap: 100 })).toEqual({
    reconnect: { ...usual, baseMs: 100, capMs: 100 },
  });
});

test("a first wait above the longest is refused", () => {
  expect(() => resolve({ reconnectBase: 2_000, reconnectCap: 1_000 })).toThrow(
    "--reconnect-base: 2s is more than the longest wait, 1s (--reconnect-cap)",
  );
});

test("a phase too short for a cut is refused", () => {
  expect(resolve({ cutEvery: 1_999 })).toEqual({ cutEveryMs: 1_999 });
  expect(() => resolve({ cutEvery: 2_000 })).toThrow(
    "--cut-every: a phase of 2s (--duration) has no cut every 2s",
  );
});

test("what no scenario of the run takes over is refused, and others don't get it", () => {
  for (const settings of [
    { reconnect: "fixed" },
    { reconnectBase: 100 },
    { reconnectCap: 100 },
    { cutEvery: 500 },
  ] as const) {
    expect(() => resolve(settings, [latency])).toThrow(/ has no effect on latency/);
    expect(() => resolve(settings, [latency, reconnect])).not.toThrow();
  }
  expect(() => resolve({ objective: 500 }, [latency])).toThrow(
    "--objective has no effect on latency",
  );
  expect(resolve({ objective: 500 }, [connections])).toEqual({ objectiveMs: 500 });
  expect(takenBy(connections, { objectiveMs: 500, cutEveryMs: 20 })).toEqual({ objectiveMs: 500 });
  const both = { reconnect: { policy: "none", baseMs: 1, capMs: 1 }, cutEveryMs: 500 } as const;
  expect(takenBy(latency, both)).toEqual({});
  expect(takenBy(reconnect, both)).toEqual(both);
});

test("libraries are asked to come back by themselves only where all of the run do", () => {
  expect(resolve({ reconnect: "native" }, [reconnect], ["sse:eventsource", "socket.io"])).toEqual({
    reconnect: { policy: "native", baseMs: 250, capMs: 5_000 },
  });
  expect(() =>
    resolve({ reconnect: "native" }, [reconnect], ["sse:eventsource", "websocket"]),
  ).toThrow(
    "--reconnect: websocket doesn't come back by itself, as sse:eventsource, sse:browser, sse:firefox and socket.io do; name another policy",
  );
});
