import { describe, expect, it } from "vitest";
import { noBytes } from "../../transports/wire-bytes.ts";
import { perPart } from "../../transports/wire-parts.ts";
import { phaseTheory } from "./phase-theory.ts";
import type { PhaseTraffic } from "./phase-theory.ts";
import { parseVariant } from "../settings/variant.ts";

function theoryOf(variant: string, traffic: Partial<PhaseTraffic> = {}) {
  return phaseTheory(parseVariant(variant).bound, {
    payloadBytes: 256,
    escapes: 0,
    authority: "127.0.0.1:5000",
    clientsAt: [10],
    publishedBefore: 0,
    published: 20,
    answers: [],
    batches: null,
    records: perPart(() => noBytes),
    delivered: noBytes,
    sentUp: [],
    countedUp: traffic.sentUp?.reduce((sum, messages) => sum + messages, 0) ?? 0,
    ...traffic,
  });
}

describe("the theory of a phase", () => {
  it("has every published message once for every client", () => {
    // RFC 6455: four bytes before 256.
    expect(theoryOf("websocket")).toEqual({
      source: "RFC 6455, section 5.2",
      deliveries: { down: 200 * 260, up: 0 },
      upstream: null,
    });
  });

  it("has the records of TLS that were counted, if they are whole ones", () => {
    const none = perPart(() => noBytes);
    const inRecords = (down: number) => ({ ...none, deliveries: { down, up: 0 } });
    const bytes = (down: number) => theoryOf("websocket+tls", { records: inRecords(down) });
    expect(bytes(150 * 22)).toEqual({
      source: "RFC 6455, section 5.2; RFC 8446, section 5.2",
      deliveries: { down: 200 * 260 + 150 * 22, up: 0 },
      upstream: null,
    });
    expect(bytes(150 * 22 + 21)?.deliveries?.down).toBe(200 * 260 + 150 * 22);
  });

  describe("of HTTP/2", () => {
    const one = 9 + "id: 1\ndata: \n\n".length + 256;
    const counted = (down: number, up = 0, clients = 1, published = 1) =>
      theoryOf("sse+h2c", { clientsAt: [clients], published, delivered: { down, up } })?.deliveries;

    it("has as many frames as were counted, if they are whole and no more than long messages need", () => {
      expect(counted(one)).toEqual({ down: one, up: 0 });
      expect(counted(one + 9)?.down).toBe(one + 9);
      expect(counted(one + 27)?.down).toBe(one + 9);
      expect(counted(one + 8)?.down).toBe(one);
    });

    it("has no fewer frames than if all that goes to a client shared one", () => {
      expect(counted(one - 9)?.down).toBe(one);
      const all = 3 * 5 * one;
      expect(counted(all - 12 * 9, 0, 3, 5)?.down).toBe(all - 12 * 9);
      expect(counted(all - 13 * 9, 0, 3, 5)?.down).toBe(all - 12 * 9);
      // A message that nobody got.
      expect(counted(all - one, 0, 3, 5)?.down).toBeGreaterThan(all - one);
    });

    it("has the window updates that were counted, if they are whole and due", () => {
      expect(counted(one, 26)?.up).toBe(26);
      expect(counted(one, 27)?.up).toBe(26);
      expect(counted(one, 39)?.up).toBe(26);
      expect(counted(100 * one, 39, 1, 100)?.up).toBe(26);
      expect(counted(120 * one, 39, 1, 120)?.up).toBe(39);
    });
  });

  it("counts on from what was published before", () => {
    const first = theoryOf("sse", { publishedBefore: 0, published: 9 })?.deliveries;
    const later = theoryOf("sse", { publishedBefore: 9, published: 9 })?.deliveries;
    // An id of one more digit in each event.
    expect((later?.down ?? 0) - (first?.down ?? 0)).toBe(90);
  });

  it("has a request for every answer of a poll", () => {
    const answers = [
      { answers: 100, messages: 1, newest: 5 },
      { answers: 7, messages: 3, newest: 13 },
    ];
    const theory = theoryOf("long-polling", { answers });
    const request =
      "GET /poll/all?after=1 HTTP/1.1\r\nhost: 127.0.0.1:5000\r\nconnection: keep-alive\r\n\r\n";
    // After 10 takes a digit more.
    expect(theory?.deliveries?.up).toBe(107 * request.length + 7);
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

  it("can't tell what was sent up while some of it was still under way", () => {
    const theory = theoryOf("short-polling", { published: 0, sentUp: [2, 2], countedUp: 3 });
    expect(theory?.upstream).toBeNull();
  });

  it("is none where nothing was sent", () => {
    expect(theoryOf("websocket", { published: 0 })).toBeNull();
  });

  describe("of batches", () => {
    const ofTwoSizes = [
      { batches: 3, messages: 2, newest: 4 },
      { batches: 1, messages: 1, newest: 5 },
    ];

    it("has each batch once for every client, with a length before each message in it", () => {
      const { deliveries } = theoryOf("websocket+batch=20ms", { batches: [ofTwoSizes] }) ?? {};
      const message = "256:".length + 256;
      // RFC 6455: four bytes before each frame.
      expect(deliveries).toEqual({ down: 10 * (3 * (4 + 2 * message) + 4 + message), up: 0 });
    });

    it("has what messages take more in a string of JSON, once for each of them", () => {
      const batches = [{ batches: 1, messages: 3, newest: 1 }];
      const of = (escapes: number) =>
        theoryOf("socket.io@websocket+batch=20ms", { batches: [batches], escapes })?.deliveries
          ?.down ?? 0;
      expect(of(7) - of(0)).toBe(10 * 3 * 7);
    });

    it("has those of each server for its own clients", () => {
      const [two = [], one = []] = ofTwoSizes.map((group) => [group]);
      const at = { clientsAt: [7, 3], batches: [two, one] };
      const message = "256:".length + 256;
      expect(theoryOf("websocket+batch=20ms", at)?.deliveries?.down).toBe(
        7 * 3 * (4 + 2 * message) + 3 * (4 + message),
      );
    });

    it("is known for polls where all batches are alike, and not where answers may hold any", () => {
      const answers = [{ answers: 30, messages: 1, newest: 3 }];
      const alike = { batches: 3, messages: 2, newest: 3 };
      const known = theoryOf("long-polling+batch=20ms", { answers, batches: [[alike]] });
      const single = theoryOf("long-polling", { answers, payloadBytes: 2 * 260, batches: null });
      expect(known?.deliveries).toEqual(single?.deliveries);
      const mixed = theoryOf("long-polling+batch=20ms", { answers, batches: [ofTwoSizes] });
      expect(mixed?.deliveries).toBeNull();
    });
  });
});
