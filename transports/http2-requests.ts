import { constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Dispatcher } from "undici";
import { http2Fields } from "./header-fields.ts";
import { whyStreamEnded } from "./http2-endings.ts";
import { sessionAt } from "./http2-sessions.ts";
import type { OpenSession, PlacedSession } from "./http2-sessions.ts";
import { ProtocolError, tooLong } from "./protocol-error.ts";
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

  /** Has the session dialled at once; resolves when both sides have said how they use it. */
  async connect(): Promise<void> {
    const open = this.#placed.open(this.#target, this.#options.redialled);
    await new Promise<void>((resolve) => open.whenSettled(resolve));
    if (open.refusal !== null) throw open.refusal;
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
    const { session, refusal } = open;
    let release = (): void => {};
    const ended = (error: Error | null): void => {
      release();
      if (this.#isClosed) return;
      this.#stream = null;
      this.#isBusy = false;
      if (error === null) handler.onComplete?.([]);
      else handler.onError?.(error);
      if (!this.#isBusy && !this.#isClosed) this.#waiting.shift()?.();
    };
    if (refusal !== null) return ended(refusal);
    const stream = this.#request(session, question);
    this.#stream = stream;
    if (this.#options.isLasting) release = open.takeStream();
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
    let interim = 0;
    let failure: Error | null = null;
    const take = (fields: IncomingHttpHeaders & { ":status"?: number }): void => {
      const { ":status": status = 0 } = fields;
      hasHead ||= status >= 200;
      if (status < 200) interim += 1;
      if (interim > maxInterim) return giveUp(endlessInterim());
      handler.onResponseStarted?.();
      handler.onHeaders?.(status, rawHeaders(fields), () => void stream.resume(), "");
    };
    const end = (error: Error | null): void => {
      stream.off("end", complete).off("close", cutOff).off("data", receive).off("headers", take);
      ended(error);
    };
    const giveUp = (why: ProtocolError): void => {
      end(why);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const receive = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (maxAnswerBytes < 0 || bytes <= maxAnswerBytes) {
        if (handler.onData?.(chunk) === false) stream.pause();
        return;
      }
      giveUp(tooLong("an answer", maxAnswerBytes));
    };
    // Also comes with the end of a session, or of the stream by a reset.
    const complete = (): void => {
      if (hasHead && stream.rstCode === constants.NGHTTP2_NO_ERROR && !session.destroyed) end(null);
    };
    const cutOff = (): void => end(whyStreamEnded(stream, session, failure));
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

/** How many interim answers to one request are taken for some that have a use. */
const maxInterim = 1_000;

function endlessInterim(): ProtocolError {
  return new ProtocolError(`more than ${maxInterim} interim answers to a request`);
}
