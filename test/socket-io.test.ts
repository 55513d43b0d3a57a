import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { Dialler } from "../bench/measure/dialler.ts";
import { socketIo } from "../transports/socket-io.ts";
import { Link } from "../bench/conformance/link.ts";
import { layeredContracts, ofSocketIo } from "./layered-variants.ts";
import { Stranger, besideAlice, statusOf, upgrade } from "./stranger.ts";

// With each of Engine.IO's transports, and what only Socket.IO has.

layeredContracts(ofSocketIo, []);

const openLink = (options: Readonly<Record<string, unknown>>): Promise<Link> =>
  Link.open(socketIo.configure("default", options));

const pollPath = "/socket.io/?EIO=4&transport=polling";
const webSocketPath = "/socket.io/?EIO=4&transport=websocket";

describe("the heartbeats of Socket.IO", () => {
  it("are frames of 3 bytes down and 7 up, over WebSocket", async () => {
    await using link = await openLink({ transports: "websocket", heartbeatMs: 5 });
    await using alice = await link.connect();
    expect(await heartbeatsOf(link, 5)).toEqual({ down: 15, up: 35 });
    expect(alice.seen.endings).toEqual([]);
  });

  it("are an answer to a poll and a request with its answer, over polling", async () => {
    await using link = await openLink({ transports: "polling", heartbeatMs: 5 });
    await using alice = await link.connect();
    const { down } = await heartbeatsOf(link, 5);
    expect(alice.seen.endings).toEqual([]);
    // Headers: far more than the `2` and the `3` in them.
    expect(down).toBeGreaterThan(5 * 100);
    const { deliveries, emptyPolls, upstream } = link.listener.totals().parts;
    expect([deliveries, emptyPolls, upstream].map((part) => part.down + part.up)).toEqual([
      0, 0, 0,
    ]);
  });
});

/** The bytes of heartbeats, as soon as so many have been attributed. */
async function heartbeatsOf(link: Link, count: number) {
  for (;;) {
    const { parts, attributions } = link.listener.totals();
    if (attributions.heartbeats >= count) return { ...parts.heartbeats };
    await new Promise(setImmediate);
  }
}

describe("an acknowledgement", () => {
  it.each([
    ["text", {}, ["430[]", "431[]", "432[]"]],
    ["MessagePack", { msgpack: true }, [0, 1, 2].map(() => "..id..type3.data..nsp./")],
  ])("counts to the message that was sent up, as %s", async (_name, more, packets) => {
    await using link = await openLink({ transports: "websocket", ack: true, ...more });
    await using alice = await link.connect();
    for (const payload of ["a", "b", "c"]) alice.connection.send(Buffer.from(payload));
    while (link.listener.totals().attributions.upstream < 3) await new Promise(setImmediate);
    const { parts } = link.listener.totals();
    const framed = packets.map((packet) => packet.length + 2);
    expect(parts.upstream.down).toBe(framed.reduce((sum, bytes) => sum + bytes, 0));
    expect(parts.underWay).toEqual({ down: 0, up: 0 });
    expect(parts.deliveries).toEqual({ down: 0, up: 0 });
  });
});

describe("a client that polls", () => {
  const connectionsAfter = async (agent: string): Promise<number> => {
    await using link = await openLink({ transports: "polling", agent });
    await using alice = await link.connect();
    for (let count = 1; count <= 5; count += 1) {
      link.publish("one more");
      await alice.seen.count(count);
    }
    expect(alice.seen.reconnects).toEqual([]);
    return link.listener.totals().connections;
  };

  it("keeps two connections, as a browser does", async () => {
    expect(await connectionsAfter("keep-alive")).toBe(2);
  });

  it("has one for each request without an agent, as `socket.io-client` does in Node", async () => {
    expect(await connectionsAfter("none")).toBeGreaterThanOrEqual(7);
  });
});

describe("Socket.IO's own recovery", () => {
  // With a log of one message, it is what brings the others.
  const options = { recovery: true, logMessages: 1 };

  it("brings what a client has missed", async () => {
    await using link = await openLink(options);
    const alice = await link.connect();
    link.publish("seen");
    await alice.seen.count(1);
    const { cursor } = alice.connection;
    await alice[Symbol.asyncDispose]();
    // A session is kept when the server has noticed that its client is gone.
    while (link.listener.open.size > 0) await new Promise(setImmediate);
    for (const payload of ["one", "two", "three"]) link.publish(payload);
    await using again = await link.connect({ after: cursor });
    expect(await again.seen.count(3)).toEqual(["one", "two", "three"]);
    expect(again.seen.gaps).toEqual([]);
    expect(again.connection.cursor).toBe(4);
  });

  it("brings it to each of several clients that had come equally far", async () => {
    await using link = await openLink(options);
    const clients = [await link.connect(), await link.connect(), await link.connect()];
    link.publish("seen");
    for (const { seen } of clients) await seen.count(1);
    for (const client of clients) await client[Symbol.asyncDispose]();
    while (link.listener.open.size > 0) await new Promise(setImmediate);
    for (const payload of ["one", "two", "three"]) link.publish(payload);
    for (let coming = 0; coming < clients.length; coming += 1) {
      await using again = await link.connect({ after: 1 });
      expect(await again.seen.count(3)).toEqual(["one", "two", "three"]);
      expect(again.seen.gaps).toEqual([]);
    }
  });

  it("leaves a client whose session is unknown to the log, which reports the gap", async () => {
    await using link = await openLink(options);
    for (const payload of ["one", "two", "three"]) link.publish(payload);
    await using again = await link.connect({ after: 0, channel: "all" });
    expect(await again.seen.count(1)).toEqual(["three"]);
    expect(again.seen.gaps).toEqual([2]);
  });
});

describe("the server of Socket.IO", () => {
  const edge = { transport: socketIo, options: {} };

  it.each([
    ["polls", pollPath, {}],
    ["WebSockets", webSocketPath, upgrade],
  ])("keeps strangers out that ask for %s", async (_name, path, headers) => {
    await besideAlice(edge, async (link) => {
      const status = (more: Record<string, string>): Promise<number> =>
        statusOf(link, path, { ...headers, ...more });
      expect(await status({ Host: "evil.example" })).toBe(403);
      expect(await status({ Origin: "https://evil.example" })).toBe(403);
      expect(await status({ Origin: "http://localhost:1" })).toBeLessThan(300);
    });
  });

  it("refuses what is nothing of Socket.IO", async () => {
    await besideAlice(edge, async (link) => {
      expect(await statusOf(link, "/", {})).toBe(404);
      expect(await statusOf(link, "/ws/all", upgrade)).toBe(404);
      expect(await statusOf(link, `${pollPath}&sid=unknown`, {})).toBe(400);
    });
    await besideAlice({ ...edge, options: { transports: "polling" } }, async (link) => {
      expect(await statusOf(link, webSocketPath, upgrade)).toBe(400);
    });
  });

  it.each([
    ["a channel that is none", '40{"channel":"no such name"}'],
    ["a cursor that is ahead", '40{"channel":"all","after":99}'],
    ["no channel", "40"],
  ])("refuses a client with %s, in a packet that says why", async (_name, packet) => {
    await besideAlice(edge, async (link) => {
      const stranger = new WebSocket(`ws://localhost:${link.listener.port}${webSocketPath}`);
      stranger.once("message", () => stranger.send(packet));
      await once(stranger, "message");
      const [answer] = await once(stranger, "message");
      expect(String(answer)).toMatch(/^44\{"message":".+"\}$/);
      stranger.terminate();
    });
  });

  it.each([
    ['42["error","x"]'],
    ['42["disconnect"]'],
    ['42["m"]'],
    ['42["m",5]'],
    ['42[{"m":1}]'],
    ['451-["m",{"_placeholder":true,"num":9}]'],
    ['40{"channel":"other"}'],
    ["41"],
    ["43[]"],
    ["44"],
    ["4"],
    ["2"],
    ["3"],
    ["5"],
    ["9"],
    [""],
    ["{"],
  ])("survives a client that sends %j", async (packet) => {
    await besideAlice(edge, async (link) => {
      const stranger = new WebSocket(`ws://localhost:${link.listener.port}${webSocketPath}`);
      await once(stranger, "message");
      stranger.send('40{"channel":"all"}');
      await once(stranger, "message");
      stranger.send(packet);
      stranger.send('42["m","after it"]');
      stranger.close();
      await once(stranger, "close");
    });
  });

  it("survives a poll that breaks off, and a request that sends something up that does", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      stranger.head("GET", pollPath, {});
      const sid = await until(stranger, /"sid":"([^"]+)"/);
      stranger.head("POST", `${pollPath}&sid=${sid}`, { "Content-Length": "100" });
      await stranger.reset();
    });
  });

  it("cuts a client off that falls behind the log", async () => {
    const narrow = { ...edge, options: { logMessages: 5 } };
    await besideAlice(narrow, async (link) => {
      const stranger = new WebSocket(`ws://localhost:${link.listener.port}${webSocketPath}`);
      await once(stranger, "message");
      stranger.send('40{"channel":"other"}');
      await once(stranger, "message");
      stranger.pause();
      const closed = once(stranger, "close");
      const open = link.listener.open.size;
      while (link.listener.open.size === open) {
        link.publish("x".repeat(1_000_000), "other");
        await new Promise(setImmediate);
      }
      stranger.resume();
      await closed;
    });
  });
});

/** Waits for what a stranger receives, and returns the first group of it. */
async function until(stranger: Stranger, pattern: RegExp): Promise<string> {
  await stranger.until(pattern);
  return pattern.exec(stranger.text)?.[1] ?? "";
}

describe("a client of Socket.IO", () => {
  const opening = (upgrades: string): string =>
    `0{"sid":"x","upgrades":${upgrades},"pingInterval":1000,"pingTimeout":1000}`;

  it.each([
    ["a first packet that is no JSON", ["0{bad"], /the server ended|transport|refused/],
    ["a first packet of another shape", ["0{}"], /the server ended|transport|refused/],
    ["a refusal without a reason", [opening("[]"), "44"], /the server ended|refused/],
    ["a refusal", [opening("[]"), '44{"message":"no"}'], /^refused: "no"/],
    ["a hello that is no number", [opening("[]"), '40{"sid":"y"}', '42["hello","x"]'], /hello/],
    ["a message before the hello", [opening("[]"), '40{"sid":"y"}', '42["m","x"]'], /before/],
    ["a message that is no text", [opening("[]"), '40{"sid":"y"}', '42["m",5]'], /no text/],
    ["nothing but an end", [opening("[]"), null], /ended|closed/],
  ])("rejects with the reason when a server answers with %s", async (_name, packets, reason) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    server.on("connection", (peer) => {
      for (const packet of packets) {
        if (packet === null) peer.terminate();
        else peer.send(packet);
      }
    });
    const { port } = server.address() as AddressInfo;
    const dialler = new Dialler("127.0.0.1", port);
    const connecting = socketIo.configure("default", { transports: "websocket" }).connect(
      {
        url: new URL(`http://localhost:${port}`),
        channel: "all",
        phase: 0,
        dial: () => dialler.dial(),
      },
      new RecordingClient(),
    );
    await expect(connecting).rejects.toThrow(reason);
    await dialler.closed();
    for (const peer of server.clients) peer.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  it("hands over the messages of an answer before it tells that it asks again", async () => {
    const answers = [opening("[]"), '40{"sid":"y"}\x1e42["hello",0]', '42["m","a"]\x1e42["m","b"]'];
    const server = createServer(({ method }, response) => {
      response.setHeader("Connection", "close");
      const answer = method === "POST" ? "ok" : answers.shift();
      if (answer === undefined) server.emit("asked again");
      else response.end(answer);
    }).listen(0, "127.0.0.1");
    const askedAgain = once(server, "asked again");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const dialler = new Dialler("127.0.0.1", port);
    const order: string[] = [];
    const connection = await socketIo.configure("default", { transports: "polling" }).connect(
      {
        url: new URL(`http://localhost:${port}`),
        channel: "all",
        phase: 0,
        dial: () => dialler.dial(),
      },
      {
        message: (payload) => order.push(payload.toString()),
        gap: () => {},
        closed: (reason) => order.push(reason),
        reconnected: () => order.push("reconnected"),
      },
    );
    await askedAgain;
    expect(order.slice(-3)).toEqual(["a", "b", "reconnected"]);
    await connection[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  it("names the status of an answer that is none of Engine.IO's", async () => {
    await using link = await openLink({ transports: "polling" });
    const webSocketOnly = socketIo.configure("default", { transports: "websocket" });
    const dialler = new Dialler("127.0.0.1", link.listener.port);
    const target = {
      url: new URL("http://localhost"),
      channel: "all",
      phase: 0,
      dial: () => dialler.dial(),
    };
    await expect(webSocketOnly.connect(target, new RecordingClient())).rejects.toThrow(
      "status 400",
    );
    await dialler.closed();
  });
});
