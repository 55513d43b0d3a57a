import { AskingConnection } from "./asking-connection.ts";
import type { Asking } from "./asking-connection.ts";
import { codingOf } from "./content-coding.ts";
import type { Coding } from "./content-coding.ts";
import { fetchStream } from "./fetch-stream.ts";
import type { PiecesOf } from "./fetch-stream.ts";
import { HttpClient, keptFor, loadHttpClient, unbounded } from "./http-client.ts";
import type { Question } from "./http2-requests.ts";
import type { Layers } from "./layers.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** What is a format's own: the request for an answer, or for the rest of one, and how an answer is read. */
export interface AskedFormat<Piece> {
  question(target: Target): Question;
  answer(
    target: Target,
    handlers: ClientHandlers,
    coding: Coding,
  ): ReturnType<Asking<Piece>["answer"]>;
}

/** How long an unused connection is kept, where the server doesn't say. */
const keptMs = 60_000;

/** The default way to ask: by undici, or by Node's own HTTP/2. */
export async function connectAsking(
  target: Target,
  handlers: ClientHandlers,
  layers: Layers,
  format: AskedFormat<Buffer>,
): Promise<Connection> {
  await loadHttpClient(target.http2 !== undefined);
  return openAsking(target, handlers, layers, format, (client, question, reader, coding) =>
    client.stream(question, reader, coding),
  );
}

/** The same by `fetch`, as in a browser. */
export async function connectAskingFetch<Piece>(
  target: Target,
  handlers: ClientHandlers,
  layers: Layers,
  format: AskedFormat<Piece>,
  piecesOf: PiecesOf<Piece>,
): Promise<Connection> {
  await loadHttpClient();
  return openAsking(target, handlers, layers, format, (client, question, reader, coding) => {
    void fetchStream(target, client, question, reader, piecesOf, coding);
  });
}

function openAsking<Piece>(
  target: Target,
  handlers: ClientHandlers,
  layers: Layers,
  format: AskedFormat<Piece>,
  ask: (
    client: HttpClient,
    question: Question,
    reader: Parameters<Asking<Piece>["request"]>[2],
    coding: Coding,
  ) => void,
): Promise<Connection> {
  const coding = codingOf(layers);
  const keepAliveMs = keptFor(keptMs, layers);
  const client = new HttpClient(target, { keepAliveMs }, unbounded, handlers);
  return AskingConnection.open(target, handlers, {
    answer: (asked, own) => format.answer(asked, own, coding),
    request(asked, body, reader) {
      const question = format.question(asked);
      ask(client, body === null ? question : { ...question, body }, reader, coding);
    },
    dial: keepAliveMs === null ? null : () => client.connect(),
    close: () => client.close(),
  });
}
