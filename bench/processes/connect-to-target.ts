import { setTimeout } from "node:timers/promises";
import { formatMs } from "../../transports/option-values.ts";
import { FloodDetector, floodOfMessages } from "../../transports/flood-detector.ts";
import { ProtocolError } from "../../transports/protocol-error.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Connection } from "../../transports/transport.ts";
import type { TlsClient } from "../layers/tls.ts";
import { Dialler, countOpenable, subscribeMs } from "../measure/dialler.ts";
import type { ServerTarget } from "../settings/target.ts";
import type { StartedCommand } from "../programs/started-command.ts";
import { causeOf, hungUp } from "./dial-all.ts";
import { sharedChannel } from "./protocol.ts";
import { tlsMismatch } from "./tls-mismatch.ts";

/** Some servers listen before they know all of their paths. */
const routesMs = 1_000;

const lookAgainMs = 20;

/** The first of a target's addresses that accepts a connection; null when none does within 10 s each. */
export async function answeringAddress({
  addresses,
  port,
}: Pick<ServerTarget, "addresses" | "port">): Promise<string | null> {
  for (const address of addresses) {
    if ((await countOpenable(address, port, 1)) === 1) return address;
  }
  return null;
}

/** Waits until a server that was started listens; rejects with why it doesn't. */
export async function waitUntilListening(
  target: ServerTarget,
  command: StartedCommand,
): Promise<string> {
  const polling = new AbortController();
  const failed = command.ended.then((how) => {
    throw new Error(`${target.url} never answered: ${how}`);
  });
  const awaited = (async () => {
    do {
      const address = await answeringAddress(target);
      if (address !== null) return address;
      await setTimeout(lookAgainMs, null, { signal: polling.signal });
    } while (command.sinceStartMs < command.startTimeoutMs);
    const limit = formatMs(command.startTimeoutMs);
    throw new Error(
      `${target.url} did not answer within ${limit} of its start; use --start-timeout to allow more`,
    );
  })();
  // Whichever comes second has nobody to tell.
  failed.catch(() => {});
  awaited.catch(() => {});
  try {
    return await Promise.race([awaited, failed]);
  } finally {
    polling.abort();
  }
}

/** A client that sends messages up, and receives them like every other client. */
export interface PublishingClient {
  /** Whether what it sends is bytes, and not text. */
  readonly binary?: boolean;
  /** Called with each message; returns whether it may be one that was sent. */
  takesBack(): boolean;
  closed(reason: string): void;
}

/** A client that sends nothing. */
export const onlyLooking: PublishingClient = { takesBack: () => false, closed: () => {} };

/** The start of the error for a server that listens, but doesn't speak the wire format. */
export const unsubscribable = "no client could subscribe";

/** The user's own server where it has been found, as clients dial it. */
export interface FoundServer {
  readonly target: ServerTarget;
  /** The one of its addresses that answers. */
  readonly address: string;
  /** Null without TLS. */
  readonly tls: TlsClient | null;
}

/**
 * A client of the channel that all share, which sends up what is to be published. A server that `command` has
 * just started may refuse it for a while.
 */
export async function subscribe(
  bound: BoundTransport,
  server: FoundServer,
  command: StartedCommand | null,
  client: PublishingClient,
): Promise<Connection> {
  let refusedMs: number | undefined;
  for (;;) {
    try {
      return await subscribeOnce(bound, server, client);
    } catch (error) {
      refusedMs ??= performance.now();
      if (!mayStillStart(error, command, performance.now() - refusedMs)) {
        const mismatch = await tlsMismatch(server, bound.layers);
        if (mismatch !== null)
          throw new Error(`${server.target.url} ${mismatch}`, { cause: error });
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${unsubscribable}: ${reason}`, { cause: error });
      }
      await setTimeout(lookAgainMs);
    }
  }
}

/** Whether what a server answered may be due to its start, which is not over yet. */
function mayStillStart(
  error: unknown,
  command: StartedCommand | null,
  refusedForMs: number,
): boolean {
  const cause = causeOf(error);
  if (command === null || cause === "ETIMEDOUT") return false;
  const isReady = !notReady.has(error instanceof ProtocolError ? String(error.status) : cause);
  return isReady ? refusedForMs < routesMs : command.sinceStartMs < command.startTimeoutMs;
}

/** Nobody listens, or somebody in front of a server that doesn't: RFC 9110, section 15.6. */
const notReady: ReadonlySet<string> = new Set(["502", "503", "504", "ECONNREFUSED", hungUp]);

async function subscribeOnce(
  bound: BoundTransport,
  { target, address, tls }: FoundServer,
  client: PublishingClient,
): Promise<Connection> {
  const dialler = new Dialler(address, target.port, tls);
  const flood = new FloodDetector();
  const message = (): void => {
    if (!client.takesBack() && flood.exceeds()) dialler.fail(floodOfMessages());
  };
  return await dialler.within(subscribeMs, () =>
    bound.connect(
      {
        url: new URL(target.url),
        channel: sharedChannel,
        binary: client.binary === true,
        phase: 0,
        dial: () => dialler.dial(),
      },
      { message, gap: () => {}, closed: (reason) => client.closed(reason), reconnected: () => {} },
    ),
  );
}
