import { noBytes } from "../../transports/wire-bytes.ts";
import { perPart } from "../../transports/wire-parts.ts";
import { describe, expect, it } from "vitest";
import { classifyPoll } from "../../transports/classify-polls.ts";
import type { Classify } from "../../transports/classify.ts";
import { classifyUpstream } from "../../transports/upstream.ts";
import { RelayedConnection } from "./relayed-connection.ts";
import { WireLedger, diffTotals, messagesIn } from "./wire-ledger.ts";
import type { WireDelta } from "./wire-ledger.ts";

const get = (after: number): string => `GET /poll/all?after=${after} HTTP/1.1\r\nhost: a\r\n\r\n`;
const post = "POST /send/all HTTP/1.1\r\ncontent-length: 2\r\n\r\nup";
const taken = "HTTP/1.1 204 No Content\r\n\r\n";
const two = "HTTP/1.1 200 OK\r\nCursor: 12\r\nContent-Length: 10\r\n\r\n3\none3\ntwo";
const chunked =
  "HTTP/1.1 200 OK\r\nCursor: 13\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n5\nth\r\n3\r\nree\r\n0\r\n\r\n";

const chunks = "4\r\n\r\n3\r\n\r\n0\r\n\r\n".length;

const classifyOf = { push: classifyUpstream, pull: classifyPoll } as const;

/** One connection through a relay, and what has crossed it in each phase. */
class Relayed {
  readonly #ledger = new WireLedger();
  readonly #total = { down: 0, up: 0 };
  readonly #delivery: "push" | "pull";
  readonly #connection: RelayedConnection;
  #before = this.#ledger.totals({ down: 0, up: 0 });

  constructor(delivery: "push" | "pull", classify: Classify | null = classifyOf[delivery]) {
    this.#delivery = delivery;
    this.#connection = new RelayedConnection(this.#ledger, this.#total, {
      delivery,
      classify,
      heartbeatsIn: null,
    });
  }

  up(text: string): void {
    this.#connection.up(Buffer.from(text));
  }

  down(text: string): void {
    this.#connection.down(Buffer.from(text));
  }

  phase(): WireDelta {
    const now = this.#ledger.totals({ ...this.#total });
    const delta = diffTotals(this.#before, now, this.#delivery, "underWay");
    this.#before = now;
    this.#connection.settle();
    return delta;
  }
}

const nothing = { down: 0, up: 0 };

describe("a relayed poll", () => {
  it("is under way until its answer is complete, wherever a phase cuts it", () => {
    const whole = get(10) + two;
    for (let cut = 1; cut < whole.length; cut += 1) {
      const relayed = new Relayed("pull");
      const asked = get(10).slice(0, cut);
      const answered = two.slice(0, Math.max(0, cut - get(10).length));
      relayed.up(asked);
      if (answered !== "") relayed.down(answered);
      const first = relayed.phase();
      expect(first.parts.underWay).toEqual({ down: answered.length, up: asked.length });
      expect(first).toMatchObject({ requests: 0, answers: [] });
      if (asked !== get(10)) relayed.up(get(10).slice(cut));
      relayed.down(two.slice(answered.length));
      const second = relayed.phase();
      expect(second.parts.deliveries).toEqual({ down: two.length, up: get(10).length });
      expect(second.answers).toEqual([{ answers: 1, messages: 2, newest: 12 }]);
      expect(first.parts.underWay.down + second.parts.underWay.down).toBe(0);
      expect(first.parts.underWay.up + second.parts.underWay.up).toBe(0);
    }
  });

  it("is told apart by its answer from others on the same connection, also when pipelined", () => {
    const first = "GET /poll/all HTTP/1.1\r\nhost: a\r\n\r\n";
    const relayed = new Relayed("pull");
    relayed.up(first + get(10) + get(12) + post + get(13));
    relayed.down(taken + two + chunked + taken + taken);
    const { parts, answers, requests, sentUp, bodyBytes, digitBytes } = relayed.phase();
    expect(parts).toEqual({
      ...perPart(() => noBytes),
      setUp: { down: taken.length, up: first.length },
      deliveries: { down: two.length + chunked.length, up: 2 * get(10).length },
      emptyPolls: { down: taken.length, up: get(13).length },
      heartbeats: nothing,
      upstream: { down: taken.length, up: post.length },
      underWay: nothing,
    });
    expect(messagesIn(answers)).toBe(3);
    // Two digits each of what was asked for, of the cursors and of the one length; the rest frames chunks.
    expect({ bodyBytes, digitBytes }).toEqual({
      bodyBytes: 17,
      digitBytes: 2 + 2 + 2 + 2 + 2 + chunks,
    });
    expect({ requests, sentUp }).toEqual({ requests: 5, sentUp: 1 });
  });

  it("that found nothing is an empty one, whatever its status", () => {
    const relayed = new Relayed("pull");
    for (const answer of [
      "HTTP/1.1 200 OK\r\nCursor: 12\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno",
    ]) {
      relayed.up(get(12));
      relayed.down(answer);
      expect(relayed.phase().parts).toMatchObject({
        deliveries: nothing,
        emptyPolls: { down: answer.length, up: get(12).length },
      });
    }
  });
});

describe("a relayed stream", () => {
  it("is set-up until it is settled, and deliveries after that", () => {
    const relayed = new Relayed("push");
    relayed.up("GET /sse/all HTTP/1.1\r\n\r\n");
    relayed.down("HTTP/1.1 200 OK\r\n\r\n");
    const setUp = relayed.phase();
    expect(setUp.parts).toMatchObject({ setUp: setUp.total, underWay: nothing });
    expect(setUp.requests).toBe(1);
    relayed.down("data: x\n\n");
    const later = relayed.phase();
    expect(later.parts).toMatchObject({ deliveries: later.total, underWay: nothing });
    expect(later.requests).toBe(0);
  });

  it("may be asked for by POST, as long as it isn't where messages are sent up", () => {
    const relayed = new Relayed("push");
    relayed.up("POST /stream/all HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
    relayed.down("HTTP/1.1 200 OK\r\n\r\n");
    const { parts, total, requests } = relayed.phase();
    expect({ parts, requests }).toMatchObject({ parts: { setUp: total }, requests: 1 });
  });

  it("begins with whichever request the transport has no answer to", () => {
    for (const cut of [0, 10, 24]) {
      const relayed = new Relayed("push");
      const both = post + "GET /sse/all HTTP/1.1\r\n\r\n";
      relayed.up(both.slice(0, post.length + cut));
      relayed.down(taken);
      relayed.up(both.slice(post.length + cut));
      relayed.down("HTTP/1.1 200 OK\r\n\r\n");
      const { parts, total, requests } = relayed.phase();
      const { setUp, upstream, underWay } = parts;
      expect(upstream).toEqual({ down: taken.length, up: post.length });
      expect(setUp).toEqual({ down: total.down - taken.length, up: total.up - post.length });
      expect(underWay).toEqual(nothing);
      expect(requests).toBe(2);
    }
  });

  it("of something else than HTTP is one from its first byte", () => {
    const relayed = new Relayed("push", null);
    relayed.up("\0\0\0\x03all");
    relayed.down("\0\0\0\x010");
    const { parts, total, requests } = relayed.phase();
    expect(parts.setUp).toEqual(total);
    expect(requests).toBe(0);
  });

  it("has beside it what goes up by POST, which is under way until it is answered", () => {
    const relayed = new Relayed("push");
    relayed.up(post);
    const asked = relayed.phase();
    expect(asked.parts).toMatchObject({ upstream: nothing, underWay: asked.total });
    expect(asked.sentUp).toBe(0);
    relayed.down(taken);
    const answered = relayed.phase();
    expect(answered.parts.upstream).toEqual({ down: taken.length, up: post.length });
    expect(answered).toMatchObject({ sentUp: 1, requests: 1 });
  });
});
