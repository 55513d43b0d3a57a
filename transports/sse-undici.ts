import { HttpClient, loadHttpClient, unbounded } from "./http-client.ts";
import { EventBytes, endlessEvent } from "./sse-parser.ts";
import { EventSubscription } from "./sse-subscription.ts";
import { askedHeaders } from "./sse-clients.ts";
import { ProtocolError, endedByServer } from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";
import { watchedDispatcher } from "./watched-dispatcher.ts";

/** The `EventSource` of undici; only its reconnecting is stopped. */
export async function connectUndiciEventSource(
  target: Target,
  handlers: ClientHandlers,
): Promise<Connection> {
  await loadHttpClient();
  const { EventSource } = await import("./undici-web.ts");
  const subscription = new EventSubscription(target, handlers);
  const client = new HttpClient(target, { keepAliveMs: 60_000 }, unbounded, handlers);
  // Its own bound is half a gigabyte.
  const bytes = new EventBytes();
  const watcher = {
    head(status: number, header: Header): void {
      if (status < 200) return subscription.interim(status);
      const refusal = subscription.refusalOf(status, header);
      if (refusal !== null) subscription.fail(refusal);
    },
    chunk(chunk: Buffer): void {
      subscription.received(chunk);
      if (bytes.take(chunk) === null) subscription.fail(endlessEvent());
    },
    failed: (error: Error) => subscription.fail(isAborted(error) ? refusedEvent() : error),
  };
  const source = new EventSource(new URL(`/sse/${target.channel}`, target.url), {
    node: {
      dispatcher: watchedDispatcher(client, watcher, askedHeaders(target)),
      // It doesn't come to that, but the timer would outlive the client.
      reconnectionTime: 0,
    },
  });
  source.addEventListener("hello", (event) => {
    if (isMessage(event)) subscription.hello(event.data);
  });
  source.addEventListener("message", ({ lastEventId, data }) =>
    subscription.message(lastEventId, data),
  );
  source.addEventListener("error", (event) => {
    // One that the server has sent, of that name.
    if (isMessage(event)) return;
    source.close();
    // Of what is no end in order, the watcher has told.
    subscription.fail(new Error(endedByServer));
  });
  return subscription.connected(async () => {
    source.close();
    await client.close();
  });
}

/** Whether the library has given up the stream: it has bounds of its own, such as 131 072 lines of an event. */
function isAborted({ name }: Error): boolean {
  return name === "AbortError";
}

function refusedEvent(): ProtocolError {
  return new ProtocolError("an event that undici's EventSource refuses");
}

/** Whether it is one that the server has sent: it has data then. */
function isMessage(event: Event): event is Event & { readonly data: string } {
  return "data" in event;
}
