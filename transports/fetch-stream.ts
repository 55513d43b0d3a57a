import { TextDecoderStream } from "node:stream/web";
import type { ReadableStream } from "node:stream/web";
import type { Coding } from "./content-coding.ts";
import { fetchFailure } from "./http-client.ts";
import type { HttpClient, StreamReader } from "./http-client.ts";
import type { Question } from "./http2-requests.ts";
import { endedByServer } from "./protocol-error.ts";
import type { Target } from "./transport.ts";

/** The pieces of a body as a client of some format reads them. */
export type PiecesOf<Piece> = (body: ReadableStream) => AsyncIterable<Piece>;

/** As they come. */
export async function* chunksOf(body: ReadableStream): AsyncIterable<Buffer> {
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/** As decoded text. */
export function textsOf(body: ReadableStream): AsyncIterable<string> {
  return body.pipeThrough(new TextDecoderStream());
}

/** Makes a request by `fetch`, whose answer is read as it comes. */
export async function fetchStream<Piece>(
  { url }: Target,
  { dispatcher }: HttpClient,
  { path, method, headers, body }: Question,
  reader: StreamReader<Piece>,
  piecesOf: PiecesOf<Piece>,
  coding: Coding,
): Promise<void> {
  const { fetch } = await import("./undici-web.ts");
  let hasHead = false;
  try {
    const response = await fetch(new URL(path, url), {
      method,
      // Where it leads is not what is to be measured.
      redirect: "manual",
      dispatcher,
      // By itself it would ask for any, and what is compressed can't be held against what isn't.
      headers: { ...headers, "accept-encoding": coding },
      ...(body !== undefined && { body }),
    });
    hasHead = true;
    reader.head(response.status, (name) => response.headers.get(name) ?? undefined);
    if (response.body !== null) {
      for await (const piece of piecesOf(response.body)) reader.data(piece);
    }
  } catch (error) {
    return reader.ended(fetchFailure(error, hasHead));
  }
  if (reader.whole === undefined) reader.ended(new Error(endedByServer));
  else reader.whole();
}
