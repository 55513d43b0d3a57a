import { expect, it } from "vitest";
import { measureAdded } from "../scenarios/proxy-added.ts";
import { askBoth, headWaits } from "../scenarios/proxy-asked.ts";
import { closePair, lookAtEvents, openPair } from "../scenarios/proxy-events.ts";
import { eventsFault } from "../scenarios/proxy-findings.ts";
import { clientGoes, serverGoes } from "../scenarios/proxy-gone.ts";
import { findHeld } from "../scenarios/proxy-held.ts";
import { searchIdle } from "../scenarios/proxy-idle.ts";
import { playProxied } from "./proxied-trial.ts";

// Through a relay, in the place of a proxy; through programs of others: see docs/scale.md.

it("charges what passes all on with nothing, and what holds events with what it holds", async () => {
  await playProxied("sse", async (stage) => {
    const clean = await openPair(stage);
    expect(clean.proxy).toMatchObject({ refusal: null, readyNs: expect.any(Number) });
    const look = await lookAtEvents(stage, "clean", clean);
    expect(eventsFault(look)).toBeNull();
    expect(look).toMatchObject({ sent: 10, came: 10 });
    await closePair(stage, clean);
    expect(headWaits(await askBoth(stage, "asked"))).toBe(false);

    await stage.network.carry({ hold: { bytes: 4_096, forMs: 500 } }, { direction: "down" });
    const held = await openPair(stage);
    const heldLook = await lookAtEvents(stage, "held", held);
    expect(eventsFault(heldLook)).toBe("buffered");
    expect(heldLook.proxy.burst).toBeGreaterThanOrEqual(4);
    await closePair(stage, held);
    const bytes = await findHeld(stage, heldLook.proxy.longestMs);
    if (bytes.by !== "bytes") throw new Error(`held by ${bytes.by}`);
    // Who is kept from running sends several events at once, of which the last may be more than one too many.
    expect(bytes.least).toBeLessThan(1.25 * 4_096);
    expect(bytes.most).toBeGreaterThanOrEqual(4_096);
  });
}, 30_000);

it("tells who is told of whose end, and after how long a silent connection is ended", async () => {
  await playProxied("websocket", async (stage) => {
    const { proxy, ...added } = await measureAdded(stage);
    // A relay adds no bytes.
    expect(added).toMatchObject({ setUpBytes: 0, messageBytes: 0, latencyNs: expect.any(Number) });
    expect((await clientGoes(stage, proxy, "written to")).toldMs).toBeLessThan(1_000);
    expect((await serverGoes(stage)).toldMs).toBeLessThan(1_000);
    const [idle] = await Promise.all([
      searchIdle(stage),
      stage.network.cut({ how: "end", afterMs: 700 }),
    ]);
    expect(idle.boundMs).toBe(2_500);
    expect(idle.control.endedMs).toBeNull();
    expect(idle.silent.endedMs).toBeGreaterThan(300);
    expect(idle.silent.endedMs).toBeLessThan(1_500);
  });
}, 30_000);

it("asks by hand, and answers with fields and padding as it is told", async () => {
  await playProxied("streaming", async (stage) => {
    const fields = { "Cache-Control": "no-transform", "X-Accel-Buffering": "no" };
    expect(await stage.server.answer({ fields, paddingBytes: 2_048 })).toEqual({ pads: true });
    const padded = await stage.probe.ask({ through: "direct", forMs: 200 });
    expect(padded).toMatchObject({
      status: 200,
      reason: "OK",
      fields: { "cache-control": "no-transform", "x-accel-buffering": "no" },
    });
    expect(padded?.bodyBytes).toBeGreaterThan(2_048);
    await stage.server.answer({});
    const plain = await stage.probe.ask({ through: "proxy", forMs: 200 });
    expect(plain?.fields).toMatchObject({ "cache-control": "no-store" });
    expect(plain?.bodyBytes).toBeLessThan(100);
  });
});
