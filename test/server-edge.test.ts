import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { maxMessageBytes } from "../transports/transport.ts";
import { encodeFrame } from "../transports/frames.ts";
import { streaming } from "../transports/streaming.ts";
import { tcp } from "../transports/tcp.ts";
import type { Link } from "../bench/conformance/link.ts";
import { Stranger, ask, besideAlice, edges, upgrade, withPost } from "./stranger.ts";

// What a server does with clients that don't keep to the protocol: a plain answer where one is possible,
// and never any harm to the other clients.

// What is never answered is waited for in vain.
vi.setConfig({ testTimeout: 10_000 });

const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);

beforeEach(() => void process.on("uncaughtExceptionMonitor", note));

afterEach(async () => {
  // An error on a socket comes in a turn of its own.
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  process.off("uncaughtExceptionMonitor", note);
  expect(uncaught.splice(0)).toEqual([]);
});

describe.each(edges)("the server of $transport.name", (edge) => {
  const { path, handshake } = edge;

  it.each(["abc", "-1", "1.5", "1e3", "99999", "1234567890123456", "%00"])(
    "refuses the cursor %s with 400 and one line",
    async (cursor) => {
      await besideAlice(edge, async (link) => {
        const answer = await ask(link, edge.resume(cursor));
        expect(answer.status).toBe(400);
        expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
        expect(answer.body.trim().split("\n")).toEqual([expect.stringMatching(/cursor/)]);
      });
    },
  );

  it.each(["/", "/nowhere", `${path}/below`, `${path}%20`, `${path}${"x".repeat(70)}`])(
    "does not know the path %s",
    async (unknown) => {
      await besideAlice(edge, async (link) => {
        const answer = await ask(link, { path: unknown, headers: handshake });
        expect(answer.status).toBe(404);
        expect(answer.body.trim().split("\n")).toHaveLength(1);
      });
    },
  );

  it("answers bytes that are not HTTP with 400 and ends their connection", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x0a, 0x00]));
      await stranger.ended();
      expect(stranger.text).toMatch(/^HTTP\/1.1 400 /);
    });
  });

  it("survives a client that is reset as soon as it has connected", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      await stranger.connected();
      await stranger.reset();
    });
  });

  it("survives a client that vanishes in the middle of its request's head", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConn`);
      await stranger.connected();
      await stranger.reset();
    });
  });

  it("survives a client that vanishes while it is being served", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.head("GET", path, handshake);
      await stranger.until(/^HTTP\/1.1 \d+ /);
      await stranger.reset();
    });
  });

  it("survives a client that vanishes while a large message is on its way to it", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      const big = "x".repeat(4_000_000);
      if (edge.transport.configure("default", {}).delivery === "push") {
        stranger.head("GET", path, handshake);
        await stranger.until(/^HTTP\/1.1 \d+ /);
        link.publish(big);
      } else {
        link.publish(big);
        stranger.head("GET", `${path}?after=0`, handshake);
      }
      await stranger.until(/xxxx/);
      await stranger.reset();
    });
  });

  it("answers a request to upgrade to what it does not speak, and survives its reset", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      // What curl --http2 sends.
      stranger.head("GET", path, { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c" });
      await stranger.until(/^HTTP\/1.1 \d+ /);
      await stranger.reset();
    });
  });
});

describe.each(withPost)("the server of $transport.name", (edge) => {
  it.each([
    ["POST", edge.path],
    ["DELETE", edge.path],
    ["GET", "/send/all"],
    ["PUT", "/send/all"],
  ])("refuses %s %s with 405 and names what is allowed", async (method, path) => {
    await besideAlice(edge, async (link) => {
      const answer = await ask(link, { method, path });
      expect(answer.status).toBe(405);
      expect(answer.headers["allow"]).toBe(path === edge.path ? "GET" : "POST");
      expect(answer.body.trim().split("\n")).toHaveLength(1);
    });
  });

  it("refuses a body that is one byte too large with 413 and ends the connection", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.head("POST", "/send/all", { "Content-Length": String(maxMessageBytes + 1) });
      stranger.write(Buffer.alloc(maxMessageBytes + 1));
      await stranger.ended();
      expect(stranger.text).toMatch(/^HTTP\/1.1 413 .*\r\n/);
      expect(stranger.text).toContain(`a message has at most ${maxMessageBytes} bytes\n`);
      expect(link.upstream).toEqual([]);
    });
  });

  it("takes a body of exactly the largest size", async () => {
    await besideAlice(edge, async (link) => {
      const body = Buffer.alloc(maxMessageBytes, "y");
      expect((await ask(link, { method: "POST", path: "/send/all", body })).status).toBe(204);
      expect(link.upstream.map(({ payload }) => payload.length)).toEqual([maxMessageBytes]);
    });
  });

  it("takes nothing from a client that vanishes in the middle of its body", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.head("POST", "/send/all", { "Content-Length": "100" });
      stranger.write("half of");
      await stranger.connected();
      await stranger.reset();
      // What comes after it is taken all the same.
      await ask(link, { method: "POST", path: "/send/all", body: Buffer.from("whole") });
      expect(link.upstream).toEqual([{ channel: "all", payload: "whole" }]);
    });
  });
});

describe("the server of streaming", () => {
  it("takes the method that it was told, and names it to who asks by the other", async () => {
    for (const [method, other] of [
      ["GET", "POST"],
      ["POST", "GET"],
    ] as const) {
      const options = { method: method.toLowerCase() };
      await besideAlice({ transport: streaming, options }, async (link) => {
        const answer = await ask(link, { method: other, path: "/stream/all" });
        expect(answer).toMatchObject({ status: 405, headers: { allow: method } });
      });
    }
  });

  it("resumes by POST, whatever the body of the request says", async () => {
    await besideAlice({ transport: streaming, options: { method: "post" } }, async (link) => {
      link.publish("first", "other");
      link.publish('say "hello"\n', "other");
      const stranger = new Stranger(link);
      stranger.head("POST", "/stream/other?after=1", { "Content-Length": "13" });
      stranger.write('{"stream":1}\n');
      await stranger.until(/hello\\/);
      expect(stranger.text).toContain('c\r\n{"hello":1}\n\r\n');
      expect(stranger.text).toContain('{"id":2,"data":"say \\"hello\\"\\n"}\n');
      await stranger.reset();
    });
  });
});

describe("the server of long-polling", () => {
  const [, edge] = edges;
  if (edge === undefined) throw new Error("long polling is the second");

  it("forgets a poll whose client vanishes while it is held", async () => {
    await besideAlice(edge, async (link) => {
      const held = new Promise<ServerResponse>((resolve) => {
        link.listener.http.on("request", ({ url }, response) => {
          if (url === "/poll/all?after=0&stranger") resolve(response);
        });
      });
      const stranger = new Stranger(link);
      stranger.head("GET", "/poll/all?after=0&stranger", {});
      const response = await held;
      const closed = new Promise((resolve) => response.once("close", resolve));
      await stranger.reset();
      await closed;
    });
  });
});

describe("the server of websocket", () => {
  const edge = edges.at(-1);
  if (edge === undefined) throw new Error("WebSocket is the last");

  it.each([
    ["no key", { ...upgrade, "Sec-WebSocket-Key": undefined }],
    ["a key that is too short", { ...upgrade, "Sec-WebSocket-Key": "abc" }],
    ["an unknown version", { ...upgrade, "Sec-WebSocket-Version": "12" }],
    ["no version", { ...upgrade, "Sec-WebSocket-Version": undefined }],
  ])("refuses a handshake with %s", async (_name, headers) => {
    await besideAlice(edge, async (link) => {
      expect((await ask(link, { path: "/ws/all", headers })).status).toBe(400);
    });
  });

  it.each([
    ["GET", "/ws/all"],
    ["GET", "/nowhere"],
    ["POST", "/send/all"],
  ])("answers a plain %s %s with 426 and the protocol to upgrade to", async (method, path) => {
    await besideAlice(edge, async (link) => {
      const answer = await ask(link, { method, path, body: Buffer.from("x") });
      expect(answer.status).toBe(426);
      // RFC 9110, 15.5.22: it must say which protocol.
      expect(answer.headers["upgrade"]).toBe("websocket");
    });
  });

  it("lets go of a refused handshake whose client keeps its side open", async () => {
    await besideAlice(edge, async (link) => {
      const letGo = new Promise<void>((resolve) => {
        link.listener.http.once("connection", (socket) => socket.once("close", () => resolve()));
      });
      const stranger = new Stranger(link, { allowHalfOpen: true });
      stranger.head("GET", "/nowhere", upgrade);
      await stranger.ended();
      await letGo;
      await stranger.reset();
    });
  });

  /** A WebSocket whose handshake has been answered, and the frames that follow it. */
  async function handshaken(link: Link, options?: { allowHalfOpen: boolean }): Promise<Stranger> {
    const stranger = new Stranger(link, options);
    stranger.head("GET", "/ws/all", upgrade);
    // The hello: a text frame with one digit.
    await stranger.until(/\r\n\r\n\u0081\u0001\d/s);
    return stranger;
  }

  const masked = (opcode: number, payload: string): Buffer =>
    Buffer.concat([
      // With a mask of zeros the payload is as it is.
      Buffer.from([0x80 + opcode, 0x80 + payload.length, 0, 0, 0, 0]),
      Buffer.from(payload, "latin1"),
    ]);

  it.each([
    ["an unmasked frame", Buffer.from([0x81, 0x01, 0x78]), 1002],
    ["a frame with a reserved bit", Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
    ["an unknown opcode", masked(3, ""), 1002],
    ["a fragmented ping", Buffer.from([0x09, 0x80, 0, 0, 0, 0]), 1002],
    ["a continuation of nothing", masked(0, "x"), 1002],
    ["text that is not UTF-8", masked(1, "\u00ff\u00ff"), 1007],
    ["a message that is too large", oversizedHead(), 1009],
  ])("ends a client that sends %s", async (_name, frame, code) => {
    await besideAlice(edge, async (link) => {
      const stranger = await handshaken(link);
      stranger.write(frame);
      await stranger.ended();
      expect(closeCode(stranger.text)).toBe(code);
      expect(link.upstream).toEqual([]);
    });
  });

  it("takes a message that is sent together with the handshake", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.head("GET", "/ws/all", upgrade, masked(1, "early"));
      await link.upstreamChanges.until(() => link.upstream.length === 1);
      expect(link.upstream).toEqual([{ channel: "all", payload: "early" }]);
      await stranger.reset();
    });
  });

  it("sends a client that has said goodbye nothing more", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = await handshaken(link, { allowHalfOpen: true });
      stranger.write(masked(8, "\u0003\u00e8"));
      await stranger.until(/\u0088\u0002\u0003\u00e8$/s);
      link.publish("too late");
      await stranger.ended();
      expect(stranger.text).not.toContain("too late");
      await stranger.reset();
    });
  });

  it("survives a client that vanishes in the middle of a frame", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = await handshaken(link);
      stranger.write(masked(1, "half a frame").subarray(0, 9));
      await stranger.reset();
      expect(link.upstream).toEqual([]);
    });
  });
});

describe("the server of tcp", () => {
  const edge = { transport: tcp, options: {} };
  const frame = (payload: string): Buffer => encodeFrame(Buffer.from(payload, "latin1"));
  const hello = "\0\0\0\u00010";

  /** The head of a frame that is one byte larger than a message may be. */
  const oversized = Buffer.alloc(4);
  oversized.writeUInt32BE(maxMessageBytes + 1);

  const broken: readonly (readonly [string, Buffer])[] = [
    ["a channel that can't be one", frame("no/channel")],
    ["an empty channel", frame("")],
    ["a channel whose name is too long", frame("x".repeat(65))],
    ["a channel and a line end", frame("all\n")],
    ["an introduction that is too long", Buffer.from([0, 0, 0, 81])],
    ["an introduction of 4 GiB", Buffer.from([255, 255, 255, 255])],
    ["a request of HTTP", Buffer.from("GET /ws/all HTTP/1.1\r\nHost: x\r\n\r\n")],
    ...["1", "abc", "-1", "1.5", "", "1 2", "1234567890123456"].map(
      (cursor) => [`the cursor "${cursor}"`, frame(`all ${cursor}`)] as const,
    ),
  ];
  it.each(broken)("hangs up on %s, without a word", async (_name, bytes) => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(Buffer.concat([bytes, frame("not taken")]));
      await stranger.ended();
      expect(stranger.text).toBe("");
      expect(link.upstream).toEqual([]);
    });
  });

  it("hangs up at the head of a message that is too large, and has taken those before it", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(Buffer.concat([frame("all"), frame("taken"), oversized]));
      await stranger.ended();
      expect(link.upstream).toEqual([{ channel: "all", payload: "taken" }]);
    });
  });

  it("takes a message of exactly the largest size", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(Buffer.concat([frame("all"), frame("y".repeat(maxMessageBytes))]));
      await link.upstreamChanges.until(() => link.upstream.length === 1);
      expect(link.upstream.map(({ payload }) => payload.length)).toEqual([maxMessageBytes]);
      await stranger.reset();
    });
  });

  it("understands a client whose bytes come one by one", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      await stranger.connected();
      for (const byte of Buffer.concat([frame("all"), frame("slow")])) {
        stranger.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      await link.upstreamChanges.until(() => link.upstream.length === 1);
      expect(link.upstream).toEqual([{ channel: "all", payload: "slow" }]);
      expect(stranger.text).toBe(hello);
      await stranger.reset();
    });
  });

  it("serves others while a client says nothing, and tells that one nothing", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      await stranger.connected();
      link.publish("not for strangers");
      await using bob = await link.connect();
      link.publish("for both");
      expect(await bob.seen.count(1)).toEqual(["for both"]);
      expect(stranger.text).toBe("");
      await stranger.reset();
    });
  });

  it("survives a client that is reset as soon as it has connected", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      await stranger.connected();
      await stranger.reset();
    });
  });

  it("survives a client that vanishes in the middle of a message", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(Buffer.concat([frame("all"), frame("half a message").subarray(0, 9)]));
      await stranger.until(/0$/);
      await stranger.reset();
      expect(link.upstream).toEqual([]);
    });
  });

  it("survives a client that vanishes while a large message is on its way to it", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.write(frame("all"));
      await stranger.until(/0$/);
      link.publish("x".repeat(4_000_000));
      await stranger.until(/xxxx/);
      await stranger.reset();
    });
  });

  it("lets go of a client that has ended its side", async () => {
    await besideAlice(edge, async (link) => {
      const letGo = new Promise<void>((resolve) => {
        link.listener.http.once("connection", (socket) => socket.once("close", () => resolve()));
      });
      const stranger = new Stranger(link, { allowHalfOpen: true });
      stranger.write(frame("all"));
      await stranger.until(/0$/);
      stranger.end();
      await letGo;
      await stranger.reset();
    });
  });

  it("cuts off a client that has stopped reading, and lets it resume", async () => {
    const narrow = { transport: tcp, options: { logBytes: 1_000_000 } };
    await besideAlice(narrow, async (link) => {
      const accepted = new Promise<Socket>((resolve) => {
        link.listener.http.once("connection", resolve);
      });
      const stranger = new Stranger(link);
      stranger.write(frame("other"));
      await stranger.until(/0$/);
      const socket = await accepted;
      stranger.pause();
      // What the kernel takes for a reader that doesn't read is a few megabytes at most.
      for (let count = 0; count < 64 && !socket.destroyed; count += 1) {
        link.publish("x".repeat(500_000), "other");
        await new Promise(setImmediate);
      }
      expect(socket.destroyed).toBe(true);
      await stranger.reset();
      await using again = await link.connect({ channel: "other", after: 0 });
      await again.seen.changes.until(() => again.seen.gaps.length === 1);
      expect(again.seen.gaps[0]).toBeGreaterThan(0);
    });
  });
});

/** The head of a masked text frame that is one byte larger than is allowed. */
function oversizedHead(): Buffer {
  const head = Buffer.alloc(14);
  head[0] = 0x81;
  head[1] = 0x80 + 127;
  head.writeBigUInt64BE(BigInt(maxMessageBytes + 1), 2);
  return head;
}

/** The code of the close frame that a server has sent last: RFC 6455, 5.5.1. */
function closeCode(text: string): number {
  const [, high = "", low = ""] = /\u0088[\s\S]([\s\S])([\s\S])/.exec(text) ?? [];
  return high.charCodeAt(0) * 256 + low.charCodeAt(0);
}
