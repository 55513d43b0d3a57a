import type { PageCommand, PageKind, PageReport, PageStart } from "../page-protocol.ts";
import type { OpenClient, PageClient } from "./client.ts";
import { openEventSource } from "./event-source.ts";
import { openLines } from "./lines.ts";
import { openPolls } from "./polls.ts";
import { Reporter } from "./reporter.ts";
import { openWebSocket } from "./web-socket.ts";

// What runs in a page of a browser: clients, which are told what to do over a WebSocket that isn't the server's.

const kinds: Readonly<Record<PageKind, OpenClient>> = {
  "event-source": openEventSource,
  "web-socket": openWebSocket,
  lines: openLines,
  polls: openPolls,
};

/** Takes commands over this socket; resolves when it is there. */
export async function start(url: string): Promise<PageStart> {
  const socket = new WebSocket(url);
  const reporter = new Reporter((text) => socket.send(text));
  const clients = new Map<number, PageClient>();
  socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const clockMs = performance.now();
    // It comes from the harness, which was built with this.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const command = JSON.parse(data) as PageCommand;
    if (command.do === "clock") {
      const report: PageReport = { clockMs };
      return socket.send(JSON.stringify(report));
    }
    const { client } = command;
    if (command.do === "open") {
      clients.set(client, kinds[command.settings.kind](command.settings, reporter.of(client)));
    } else if (command.do === "close") {
      clients.get(client)?.close();
      clients.delete(client);
    } else {
      clients.get(client)?.send("text" in command ? command.text : bytesOf(command.bytes));
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the harness can't be reached")));
  });
  return { resolutionMs: resolution(), isNative: isNative() };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** How many steps of the clock are looked at. */
const steps = 20;

/** The coarsest of some steps of the page's clock: how far a reading may be behind. */
function resolution(): number {
  let coarsest = 0;
  let finest = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps; step += 1) {
    const before = performance.now();
    let after = before;
    while (after === before) after = performance.now();
    coarsest = Math.max(coarsest, after - before);
    finest = Math.min(finest, after - before);
  }
  // Others may have had the processor for a while.
  return Math.min(coarsest, 2 * finest);
}

/** A page may have another clock put in its place, as tests do. */
function isNative(): boolean {
  const { now } = Object.getOwnPropertyDescriptors(performance);
  return now === undefined;
}
