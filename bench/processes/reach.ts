import { setTimeout } from "node:timers/promises";
import { connect } from "node:net";
import type { BoundTransport, Connection } from "../../transports/transport.ts";
import { Dialler } from "../measure/dialler.ts";
import { authorityOf } from "../target.ts";
import type { ServerTarget } from "../target.ts";
import { sharedChannel } from "./protocol.ts";

/** How long a server that was just started may take before it listens. */
const listenMs = 10_000;

/** Some servers listen before they know all of their paths. */
const routesMs = 1_000;

/** How long a hello may take. */
const helloMs = 5_000;

const lookAgainMs = 20;

/** The first of a target's addresses that accepts a connection; null when none does. */
export async function answeringAddress({
  addresses,
  port,
}: Pick<ServerTarget, "addresses" | "port">): Promise<string | null> {
  for (const address of addresses) {
    if (await accepts(address, port)) return address;
  }
  return null;
}

/** Waits until a server that was started listens; rejects with why it doesn't. */
export async function listening(target: ServerTarget, ended: Promise<string>): Promise<string> {
  const patience = new AbortController();
  const failed = ended.then((how) => {
    throw new Error(`${target.url} never answered: ${how}`);
  });
  const awaited = (async () => {
    for (let waitedMs = 0; waitedMs < listenMs; waitedMs += lookAgainMs) {
      const address = await answeringAddress(target);
      if (address !== null) return address;
      await setTimeout(lookAgainMs, null, { signal: patience.signal });
    }
    throw new Error(`${target.url} did not answer within ${listenMs / 1_000} s of its start`);
  })();
  // Whichever comes second has nobody to tell.
  failed.catch(() => {});
  awaited.catch(() => {});
  try {
    return await Promise.race([awaited, failed]);
  } finally {
    patience.abort();
  }
}

/** A client of the channel that all share, which sends up what is to be published. */
export async function subscribed(
  bound: BoundTransport,
  target: ServerTarget,
  address: string,
  closed: (reason: string) => void,
): Promise<Connection> {
  for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
    try {
      return await subscribeOnce(bound, target, address, closed);
    } catch (error) {
      if (waitedMs >= (target.process.kind === "command" ? routesMs : 0)) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`no client could subscribe at ${target.url}: ${reason}`, { cause: error });
      }
      await setTimeout(lookAgainMs);
    }
  }
}

async function subscribeOnce(
  bound: BoundTransport,
  target: ServerTarget,
  address: string,
  closed: (reason: string) => void,
): Promise<Connection> {
  const dialler = new Dialler(address, target.port);
  const deadline = globalThis.setTimeout(() => dialler.giveUp(), helloMs);
  try {
    return await bound.connect(
      {
        authority: authorityOf(target),
        channel: sharedChannel,
        phase: 0,
        dial: () => dialler.dial(),
      },
      // What it sent comes back to it as to everybody else.
      { message: () => {}, gap: () => {}, closed },
    );
  } finally {
    clearTimeout(deadline);
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const tell = (answer: boolean): void => {
      socket.resetAndDestroy();
      resolve(answer);
    };
    socket.once("connect", () => tell(true));
    socket.once("error", () => tell(false));
  });
}
