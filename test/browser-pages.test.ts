import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PageHost } from "../bench/browsers/page-host.ts";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { Link } from "../bench/conformance/link.ts";
import { Dialler, urlAt } from "../bench/measure/dialler.ts";
import { nowNs } from "../bench/measure/clock.ts";
import { programNamed } from "../bench/programs/index.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { medianOf } from "../bench/statistics/basics.ts";
import { browserNames } from "../transports/browser-names.ts";
import type { BrowserName } from "../transports/browser-names.ts";
import { bothBrowsers, isMissing } from "./requirements.ts";

/** Of a page whose clock is another: the one that it had. */
const real = "window.realNow = performance.now.bind(performance)";

/** A clock that is off by so much, and gains a millisecond in each second. */
function wrongBy(offsetMs: number): string {
  return `${real}; performance.now = () => window.realNow() * 1.001 + ${offsetMs}`;
}

const clientOf: Readonly<Record<BrowserName, string>> = { chromium: "browser", firefox: "firefox" };

describe.skipIf(isMissing(bothBrowsers)).each(browserNames)("pages of %s", (name) => {
  let program: RunningProgram;
  beforeAll(async () => (program = await RunningProgram.start(programNamed(name), "browser")));
  afterAll(() => program[Symbol.asyncDispose]());

  const open = (prelude?: string): Promise<PageHost> => {
    const { host, port } = program.place;
    return PageHost.open({ name, host, port }, prelude);
  };

  it("open without a byte at the server, and deliver what Node's client gets, never before it was sent", async () => {
    await using pages = await open();
    const { bound } = parseVariant(`sse:${clientOf[name]}`);
    await using link = await Link.open(bound, { pages });
    await pages.page(urlAt("127.0.0.1", link.relay.port), 0);
    expect(link.relay).toMatchObject({ up: 0, down: 0 });
    await using inPage = await link.connect();
    const { stampBoundNs = Infinity } = inPage.connection;

    const stamps: number[] = [];
    const told: number[] = [];
    const { seen } = inPage;
    const record = seen.message.bind(seen);
    seen.message = (payload: Buffer | string, agoNs = 0): void => {
      told.push(nowNs());
      stamps.push(nowNs() - agoNs);
      record(payload);
    };
    const dialler = new Dialler("127.0.0.1", link.relay.port);
    const inNode = new RecordingClient();
    const arrived: number[] = [];
    inNode.message = () => void arrived.push(nowNs());
    const url = new URL("http://localhost");
    await using node = await parseVariant("sse").bound.connect(
      { url, channel: "all", phase: 0, dial: () => dialler.dial() },
      inNode,
    );
    const sent: number[] = [];
    for (let message = 1; message <= 50; message += 1) {
      sent.push(nowNs());
      link.publish(`message ${message}`);
      await inPage.received(message);
    }
    expect(arrived).toHaveLength(50);
    expect(node.cursor).toBe(50);
    // A stamp that were off by more would lie before the message was sent, or after its page has told of it.
    for (const [index, stamp] of stamps.entries()) {
      expect(stamp).toBeGreaterThanOrEqual((sent[index] ?? 0) - stampBoundNs);
      expect(stamp).toBeLessThanOrEqual((told[index] ?? 0) + stampBoundNs);
    }
    // Both are clients of this machine, of which one has another process between it and its socket.
    const later = stamps.map((stamp, index) => (stamp - (arrived[index] ?? 0)) / 1e6);
    expect(Math.abs(medianOf(later) ?? Infinity)).toBeLessThan(50);
    await dialler.reset();
  });

  it.each([3_000, -3_000])(
    "have clocks that are right within their bound, also when off by %i ms",
    async (offsetMs) => {
      await using pages = await open(wrongBy(offsetMs));
      const server = urlAt("127.0.0.1", 28_080);
      const page = await pages.page(server, 0);
      const { tab, clock } = page;
      // Where the browser tells it, the moment is known to microseconds; else the same page's own clock tells how it goes.
      const originMs = await tab.clockOriginMs();
      const readings: { pageMs: number; realMs: number; sentNs: number; readNs: number }[] = [];
      for (let reading = 0; reading < 100; reading += 1) {
        const sentNs = nowNs();
        const both = await tab.run("[performance.now(), window.realNow()]");
        if (!Array.isArray(both)) throw new Error("no readings");
        const [pageMs, realMs] = both.map(Number);
        readings.push({ pageMs: pageMs ?? NaN, realMs: realMs ?? NaN, sentNs, readNs: nowNs() });
      }
      await page.check();
      expect(clock.boundNs).toBeLessThan(20e6);
      for (const { pageMs, realMs, sentNs, readNs } of readings) {
        const toldNs = clock.nsOf(pageMs);
        if (originMs === null) {
          expect(toldNs).toBeGreaterThanOrEqual(sentNs - clock.boundNs);
          expect(toldNs).toBeLessThanOrEqual(readNs + clock.boundNs);
        } else {
          expect(Math.abs(toldNs - (originMs + realMs) * 1e6)).toBeLessThanOrEqual(clock.boundNs);
        }
      }
    },
  );
});
