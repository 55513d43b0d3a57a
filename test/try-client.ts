import type { Socket } from "node:net";
import { RecordingClient } from "../bench/conformance/recording-client.ts";
import { Dialler } from "../bench/measure/dialler.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { transports } from "../transports/index.ts";
import type { Connection, ReadChunk } from "../transports/transport.ts";
import { clientsWithoutBrowser } from "./clients-without-browser.ts";

/** A variant for each client of a transport but those that need a browser, with `value` behind it: `short-polling@5ms`, … */
export function variantsOf(name: string, value = ""): string[] {
  const transport = transports.find((one) => one.name === name);
  const clients = transport === undefined ? [] : clientsWithoutBrowser(transport);
  return clients.map((client) => (client === "default" ? name : `${name}:${client}`) + value);
}

export const sseClients: readonly string[] = variantsOf("sse");

/** Variants of every client of HTTP/1.1. */
export const overHttp: readonly string[] = [
  ...sseClients,
  ...variantsOf("websocket"),
  ...variantsOf("short-polling", "@5ms"),
  ...variantsOf("long-polling"),
];

/** A client that has tried to subscribe: what became of it, and all that it was told. */
export interface Tried extends AsyncDisposable {
  readonly seen: RecordingClient;
  readonly connection: Connection | null;
  readonly failure: string | null;
}

/** Lets a client of a variant try. */
export async function subscribe(variant: string, port: number, limitMs = 60_000): Promise<Tried> {
  const seen = new RecordingClient();
  const dialler = new Dialler("127.0.0.1", port);
  const target = {
    url: new URL("http://localhost"),
    channel: "all",
    phase: 0,
    dial: (read?: ReadChunk) => dialler.dial(read),
  };
  const connecting = dialler.within(limitMs, () =>
    parseVariant(variant).bound.connect(target, seen),
  );
  const [connection, failure] = await connecting.then(
    (connected) => [connected, null] as const,
    (error: Error) => [null, error.message] as const,
  );
  return {
    seen,
    connection,
    failure,
    async [Symbol.asyncDispose]() {
      await connection?.[Symbol.asyncDispose]();
      await dialler.reset();
    },
  };
}

/** Answers each request, given how many came before it on its connection, with bytes. */
export function answering(
  answer: (socket: Socket, request: string, number: number) => void,
): (socket: Socket) => void {
  return (socket) => {
    let number = 0;
    let head = "";
    socket.on("data", (chunk) => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      const request = head;
      head = "";
      answer(socket, request, number);
      number += 1;
    });
  };
}
