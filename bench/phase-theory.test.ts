import { describe, expect, it } from "vitest";
import { phaseTheory } from "./phase-theory.ts";
import type { PhaseTraffic } from "./phase-theory.ts";
import { parseVariant } from "./variant.ts";

function theoryOf(variant: string, traffic: Partial<PhaseTraffic> = {}) {
  return phaseTheory(parseVariant(variant).bound, {
    payloadBytes: 256,
    authority: "127.0.0.1:5000",
    clients: 10,
    publishedBefore: 0,
    published: 20,
    served: 200,
    answers: 0,
    sentUp: [],
    ...traffic,
  });
}

const nothing = { down: 0, up: 0 };

describe("the theory of a phase", () => {
  it("has every published message once for every client", () => {
    // RFC 6455: four bytes before 256.
    expect(theoryOf("websocket")).toEqual({
      source: "RFC 6455, section 5.2",
      deliveries: { down: 200 * 260, up: 0, tolerance: nothing },
      upstream: null,
    });
  });

  it("counts on from what was published before", () => {
    const first = theoryOf("sse", { publishedBefore: 0, published: 9 })?.deliveries;
    const later = theoryOf("sse", { publishedBefore: 9, published: 9 })?.deliveries;
    // An id of one more digit in each event.
    expect((later?.down ?? 0) - (first?.down ?? 0)).toBe(90);
  });

  it("has a request for every answer of a poll", () => {
    const theory = theoryOf("long-polling", { published: 20, served: 200, answers: 200 });
    const request =
      "GET /poll/all?after=1 HTTP/1.1\r\nhost: 127.0.0.1:5000\r\nconnection: keep-alive\r\n\r\n";
    // After 10 to 19 takes a digit more.
    expect(theory?.deliveries?.up).toBe(200 * request.length + 10 * 10);
  });

  it("has what each client sends up, under its own name", () => {
    const sentUp = Array.from({ length: 11 }, () => 2);
    const theory = theoryOf("sse", { published: 0, sentUp });
    expect(theory?.deliveries).toBeNull();
    const ten = theoryOf("sse", { published: 0, sentUp: sentUp.slice(0, 10) });
    const [up = 0, upOfTen = 0] = [theory?.upstream?.up, ten?.upstream?.up];
    // `client-10` is one byte longer than those before.
    expect(up - upOfTen).toBe(upOfTen / 10 + 2);
  });

  it("is none where nothing was sent", () => {
    expect(theoryOf("websocket", { published: 0, served: 0 })).toBeNull();
  });
});
