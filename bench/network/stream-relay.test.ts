import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { Server, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { codeOf } from "../errors/errors.ts";
import { listen, portOf } from "../measure/listen.ts";
import { parseNetwork } from "../settings/parse-network.ts";
import { isForRelay } from "../settings/relay-profile.ts";
import { asItComes } from "./carriage.ts";
import { StreamRelay } from "./stream-relay.ts";

const host = "127.0.0.1";
const left: AsyncDisposable[] = [];

afterEach(async () => {
  await Promise.all(left.splice(0).map((one) => one[Symbol.asyncDispose]()));
});

/** A relay in front of a server whose accepted sockets are handed to `accepted`. */
async function relayTo(
  accepted: (socket: Socket) => void,
  profile: string | null = null,
  keepsAddresses = false,
): Promise<StreamRelay> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    accepted(socket);
  });
  await listen(server, 0, host);
  left.push({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const network = profile === null ? null : parseNetwork(profile);
  const played = network !== null && isForRelay(network) ? network : null;
  const behind = [{ host, port: portOf(server) }];
  const relay = await StreamRelay.open([host], behind, 1, played, keepsAddresses);
  left.push(relay);
  return relay;
}

async function dial({ port }: StreamRelay): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  left.push({ [Symbol.asyncDispose]: async () => void socket.destroy() });
  await once(socket, "connect");
  return socket;
}

async function received(socket: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks);
}

const echo = (socket: Socket): void => void socket.pipe(socket);

describe("a relay of streams", () => {
  test("carries every byte both ways, in order, and counts it", async () => {
    const relay = await relayTo(echo);
    const client = await dial(relay);
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    client.write(sent);
    expect(sent.equals(await received(client, sent.length))).toBe(true);
    expect(relay.bytes).toEqual({ down: sent.length, up: sent.length });
  });

  test.each([
    ["slices", { sliceBytes: 7 }],
    ["a delay with jitter", { delayMs: 3, jitterMs: 3 }],
    ["a limited rate", { bytesPerSecond: 1_000_000 }],
    ["bytes that are held back", { hold: { bytes: 1_000, forMs: 1 } }],
  ])("changes none and drops none with %s", async (_name, carriage) => {
    const relay = await relayTo(echo);
    relay.carry("down", carriage);
    relay.carry("up", carriage);
    const client = await dial(relay);
    const sent = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
    client.write(sent);
    expect(sent.equals(await received(client, sent.length))).toBe(true);
  });

  test("delays each way by what is asked for, at least", async () => {
    const relay = await relayTo(echo);
    const client = await dial(relay);
    relay.carry("up", { delayMs: 20 });
    relay.carry("down", { delayMs: 10 });
    const beganMs = performance.now();
    client.write("a");
    await received(client, 1);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(30);
  });

  test("resets connections on both sides", async () => {
    const ends: Promise<void>[] = [];
    const relay = await relayTo((socket) => {
      echo(socket);
      ends.push(new Promise((resolve) => socket.once("close", () => resolve())));
    });
    const client = await dial(relay);
    client.write("a");
    await received(client, 1);
    const closed = once(client.resume(), "error");
    expect(relay.cut("reset", 1)).toBe(1);
    const [error] = await closed;
    expect(codeOf(error)).toBe("ECONNRESET");
    await Promise.all(ends);
    expect(relay.open).toBe(0);
  });

  test("ends connections behind what is under way", async () => {
    const relay = await relayTo((socket) => socket.end("the last"));
    relay.carry("down", { isStalled: true });
    const client = await dial(relay);
    await waitFor(() => relay.open === 1);
    relay.cut("end", 1);
    relay.carry("down", { isStalled: false });
    let text = "";
    for await (const chunk of client) text += String(chunk);
    expect(["", "the last"]).toContain(text);
  });

  test("carries a reset no farther than the bytes, which are stalled", async () => {
    const accepted: Socket[] = [];
    const relay = await relayTo((socket) => void accepted.push(socket.resume()));
    const client = await dial(relay);
    await waitFor(() => relay.open === 1 && accepted.length === 1);
    relay.carry("up", { isStalled: true });
    client.resetAndDestroy();
    // The relay has learnt of it, and so would the server by now.
    await waitFor(() => relay.open === 0);
    accepted[0]?.write("still there?");
    expect(accepted[0]?.destroyed).toBe(false);
    relay.carry("up", { isStalled: false });
    await waitFor(() => accepted[0]?.closed === true);
  });

  test("cuts the share of connections that is asked for, which the seed chooses", async () => {
    const relay = await relayTo(echo);
    for (let index = 0; index < 40; index += 1) {
      const client = await dial(relay);
      client.on("error", () => {});
      client.write("a");
      await received(client, 1);
    }
    const cut = relay.cut("reset", 0.5);
    expect(cut).toBeGreaterThan(5);
    expect(cut).toBeLessThan(35);
    await waitFor(() => relay.open === 40 - cut);
  });

  test("refuses new connections, keeps those that are open, and takes new ones on the same port again", async () => {
    const relay = await relayTo(echo);
    const client = await dial(relay);
    const { port } = relay;
    relay.refuse();
    const [error] = await once(connect({ host, port }), "error");
    expect(codeOf(error)).toBe("ECONNREFUSED");
    client.write("still");
    expect(String(await received(client, 5))).toBe("still");
    await relay.listen();
    expect(relay.port).toBe(port);
    const again = await dial(relay);
    again.write("again");
    expect(String(await received(again, 5))).toBe("again");
  });

  test("passes new connections on to another server, and those that are open to the one before", async () => {
    const relay = await relayTo(echo);
    const before = await dial(relay);
    const upper = (socket: Socket): void =>
      void socket.on("data", (bytes) => socket.write(String(bytes).toUpperCase()));
    const other = await relayTo(upper);
    relay.passTo([{ host, port: other.port }]);
    const after = await dial(relay);
    before.write("one");
    after.write("two");
    expect(String(await received(before, 3))).toBe("one");
    expect(String(await received(after, 3))).toBe("TWO");
  });

  test("plays its network before all that a script asks for, and again when that is over", async () => {
    const relay = await relayTo(echo, "relay:delay=20ms/10ms");
    const beganMs = performance.now();
    const client = await dial(relay);
    const roundTrip = async (sinceMs = performance.now()): Promise<number> => {
      client.write("a");
      await received(client, 1);
      return performance.now() - sinceMs;
    };
    // The connection takes a round trip to be made.
    expect(await roundTrip(beganMs)).toBeGreaterThanOrEqual(59);
    relay.carry("up", { delayMs: 15 });
    expect(await roundTrip()).toBeGreaterThanOrEqual(44);
    relay.begin(1);
    relay.carry("up", asItComes);
    expect(await roundTrip()).toBeGreaterThanOrEqual(29);
    expect(relay.books.down).toMatchObject({ bytes: 1, pieces: 1 });
    expect(relay.books.down.delayMs).toBeGreaterThanOrEqual(19);
    expect(relay.books.up.delayMs).toBeLessThan(relay.books.down.delayMs + 10);
  });

  test("has the end of a connection take as long as its bytes", async () => {
    const relay = await relayTo((socket) => socket.end(), "relay:delay=25ms/0ms");
    const client = await dial(relay);
    const beganMs = performance.now();
    await once(client.resume(), "end");
    // A round trip until it is made, and then the end of it.
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(40);
  });

  test("ends connections in which nothing comes for as long as that is allowed", async () => {
    const relay = await relayTo((socket) => socket.resume(), "relay:idle-timeout=100ms/none");
    const client = await dial(relay);
    await waitFor(() => relay.open === 1);
    await once(client.resume(), "end");
    client.end();
    await waitFor(() => relay.open === 0);
  });

  test("resets clients of a server that can't be reached", async () => {
    const nobody = createServer();
    await listen(nobody, 0, host);
    const port = portOf(nobody);
    await new Promise((resolve) => nobody.close(resolve));
    const relay = await StreamRelay.open([host], [{ host, port }], 1);
    left.push(relay);
    const client = connect({ host, port: relay.port });
    const [error] = await once(client, "error");
    expect(codeOf(error)).toBe("ECONNRESET");
  });
});

async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

test.skipIf(process.platform !== "linux")(
  "shows the addresses of clients to who needs them",
  async () => {
    const seen: (string | undefined)[] = [];
    const shown = async (keepsAddresses: boolean): Promise<void> => {
      let accepted = (): void => {};
      const isAccepted = new Promise<void>((resolve) => (accepted = resolve));
      const relay = await relayTo(
        (socket) => {
          seen.push(socket.remoteAddress);
          accepted();
        },
        null,
        keepsAddresses,
      );
      const socket = connect({ host, port: relay.port, localAddress: "127.1.7.1" });
      left.push({ [Symbol.asyncDispose]: async () => void socket.destroy() });
      await isAccepted;
    };
    await shown(true);
    await shown(false);
    expect(seen).toEqual(["127.1.7.1", "127.0.0.1"]);
  },
);
