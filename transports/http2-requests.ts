import { constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Dispatcher } from "undici";
import { http2Fields } from "./header-fields.ts";
import { sessionAt } from "./http2-sessions.ts";
import type { OpenSession, PlacedSession } from "./http2-sessions.ts";
import { ProtocolError, endedByServer, normalizedError, tooLong } from "./protocol-error.ts";
import type { Http2Place, Target } from "./transport.ts";

/** How a client makes requests. */
export interface RequestOptions {
  /** In bytes; negative for no bound. */
  readonly maxAnswerBytes: number;
  /** Whether answers stay open, or are held back: each then keeps one of the streams that a server allows. */
  readonly isLasting: boolean;
  /** Called when a further connection is dialled, since the server has ended the one before. */
  readonly redialled: () => void;
}

/** One request. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly body?: Buffer;
}

/**
 * The requests of one client by Node's own HTTP/2, one after the other, since streams overtake each other. They have
 * the same handlers as those by undici, whose HTTP/2 stands on this, too, and is still called experimental.
 */
export class Http2Requests {
  readonly #target: Target;
  readonly #options: RequestOptions;
  readonly #placed: PlacedSession;
  /** The request under way. */
  #stream: ClientHttp2Stream | null = null;
  #isBusy = false;
  /** Those behind it. */
  #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(target: Target, place: Http2Place, options: RequestOptions) {
    this.#target = target;
    this.#options = options;
    this.#placed = sessionAt(place);
    this.#placed.join();
  }

  dispatch(question: Question, handler: Dispatcher.DispatchHandler): boolean {
    const begin = (): void => {
      this.#isBusy = true;
      const open = this.#placed.open(this.#target, this.#options.redialled);
      open.whenReady(() => {
        if (!this.#isClosed) this.#begin(open, question, handler);
      });
    };
    if (this.#isBusy) this.#waiting.push(begin);
    else begin();
    return true;
  }

  async destroy(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream?.close(constants.NGHTTP2_CANCEL);
    this.#placed.leave();
  }

  #begin(open: OpenSession, question: Question, handler: Dispatcher.DispatchHandler): void {
    const { session, maxStreams, lasting } = open;
    let kept = 0;
    const release = (): void => {
      open.lasting -= kept;
      kept = 0;
    };
    const ended = (error: Error | null): void => {
      release();
      if (this.#isClosed) return;
      this.#stream = null;
      this.#isBusy = false;
      if (error === null) handler.onComplete?.([]);
      else handler.onError?.(error);
      if (!this.#isBusy) this.#waiting.shift()?.();
    };
    if (!open.isUsable) return ended(new Error(endedByServer));
    if (maxStreams !== null && lasting >= maxStreams) return ended(allTaken(maxStreams));
    const stream = this.#request(session, question);
    this.#stream = stream;
    if (this.#options.isLasting) kept = 1;
    open.lasting += kept;
    // That of a client which is closed before its answer ends.
    stream.once("close", release);
    this.#read(stream, session, handler, ended);
  }

  #request(
    session: ClientHttp2Session,
    { method, path, headers, body }: Question,
  ): ClientHttp2Stream {
    const stream = session.request(
      {
        ":method": method,
        ":authority": this.#target.url.host,
        ":path": path,
        ...http2Fields(headers ?? {}, this.#target),
        ...(body !== undefined && { "content-length": body.length }),
      },
      { endStream: body === undefined },
    );
    if (body !== undefined) stream.end(body);
    return stream;
  }

  #read(
    stream: ClientHttp2Stream,
    session: ClientHttp2Session,
    handler: Dispatcher.DispatchHandler,
    ended: (error: Error | null) => void,
  ): void {
    const { maxAnswerBytes } = this.#options;
    let hasHead = false;
    let bytes = 0;
    let failure: Error | null = null;
    const take = (fields: IncomingHttpHeaders & { ":status"?: number }): void => {
      const { ":status": status = 0 } = fields;
      hasHead ||= status >= 200;
      handler.onResponseStarted?.();
      handler.onHeaders?.(status, rawHeaders(fields), () => void stream.resume(), "");
    };
    const end = (error: Error | null): void => {
      stream.off("end", complete).off("close", cutOff).off("data", receive);
      ended(error);
    };
    const receive = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (maxAnswerBytes < 0 || bytes <= maxAnswerBytes) {
        if (handler.onData?.(chunk) === false) stream.pause();
        return;
      }
      end(tooLong("an answer", maxAnswerBytes));
      stream.close(constants.NGHTTP2_CANCEL);
    };
    // Also comes with the end of a session, or of the stream by a reset.
    const complete = (): void => {
      if (hasHead && stream.rstCode === constants.NGHTTP2_NO_ERROR && !session.destroyed) end(null);
    };
    const cutOff = (): void => end(whyCutOff(stream, session, failure));
    stream.on("headers", take).on("response", take).on("data", receive);
    stream
      .on("error", (error) => (failure ??= error))
      .on("end", complete)
      .on("close", cutOff);
  }
}

/** As undici has them: names and values in turn. */
function rawHeaders(fields: IncomingHttpHeaders): Buffer[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    name.startsWith(":") ? [] : [Buffer.from(name), Buffer.from(String(value), "latin1")],
  );
}

function allTaken(maxStreams: number): ProtocolError {
  return new ProtocolError(`the server allows ${maxStreams} streams on a session`);
}

/** Why a stream has ended before its answer did. */
function whyCutOff(
  { rstCode }: ClientHttp2Stream,
  session: ClientHttp2Session,
  failure: Error | null,
): Error {
  // An error of the connection is the cause of the stream's, where it hadn't begun.
  const error = failure?.cause instanceof Error ? failure.cause : failure;
  const code = error !== null && "code" in error ? String(error.code) : "";
  if (error !== null && !code.startsWith("ERR_HTTP2_")) return normalizedError(error);
  if (code === "ERR_HTTP2_ERROR") return new ProtocolError("an answer that isn't HTTP/2");
  if (code === "ERR_HTTP2_SESSION_ERROR" && error !== null) {
    return new ProtocolError(`the server ended the session: ${error.message}`);
  }
  if (session.closed || session.destroyed) return new Error(endedByServer);
  return new ProtocolError(`the server reset the stream with ${nameOf(rstCode ?? 0)}`);
}

/** The name of an error code: RFC 9113, section 7. */
function nameOf(code: number): string {
  const known = Object.entries(constants).find(
    ([name, value]) => errorNames.test(name) && value === code,
  );
  return known?.[0].replace("NGHTTP2_", "") ?? `code ${code}`;
}

const errorNames =
  /^NGHTTP2_(?:NO_ERROR|REFUSED_STREAM|CANCEL|CONNECT_ERROR|ENHANCE_YOUR_CALM|INADEQUATE_SECURITY|HTTP_1_1_REQUIRED|(?:PROTOCOL|INTERNAL|FLOW_CONTROL|FRAME_SIZE|COMPRESSION)_ERROR|SETTINGS_TIMEOUT|STREAM_CLOSED)$/;
