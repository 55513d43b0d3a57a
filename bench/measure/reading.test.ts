import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { stopReading } from "./reading.ts";

/** A connection on loopback; `far` is the end that writes. */
async function connected(): Promise<{ near: Socket; far: Socket } & AsyncDisposable> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const near = connect(address.port, "127.0.0.1");
  await once(near, "connect");
  const far = await accepted;
  return {
    near,
    far,
    async [Symbol.asyncDispose]() {
      near.destroy();
      far.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const much = 64 * 1_048_576;

it.each(["flowing", "paused"] as const)(
  "leaves to the kernel what comes for a stream that is %s, and then takes all of it",
  async (mode) => {
    await using connection = await connected();
    const { near, far } = connection;
    let received = 0;
    if (mode === "flowing") near.on("data", ({ length }: Buffer) => (received += length));
    else {
      near.on("readable", () => {
        for (let piece = near.read(); piece !== null; piece = near.read()) received += piece.length;
      });
    }
    const readOn = stopReading(near);
    let isTaken = false;
    far.end(Buffer.alloc(much), () => (isTaken = true));
    // Clients resume what they have paused.
    near.resume();
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
    expect(isTaken).toBe(false);
    expect(received).toBeLessThanOrEqual(65_536);
    readOn();
    await once(near, "end");
    expect(received).toBe(much);
  },
);
