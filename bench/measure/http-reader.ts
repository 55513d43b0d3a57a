/** A whole HTTP/1.1 message. */
export interface HttpMessage {
  /** The start line and the fields, each with its line end. */
  readonly head: string;
  /** Head and body as they crossed the wire. */
  readonly bytes: number;
  /** Bytes of the body, without the framing of chunks. */
  readonly bodyBytes: number;
  /** Bytes that frame the chunks of the body, trailers included; 0 where it isn't chunked. */
  readonly chunkBytes: number;
}

export interface HttpHandlers {
  /** A head is complete, and its body begins. */
  head(head: string): void;
  /** A piece of the body, without the framing of chunks. */
  body(piece: Buffer): void;
  complete(message: HttpMessage): void;
}

/** A longer head, or line between chunks, is no HTTP that a client of this harness would accept. */
const maxTextBytes = 65_536;

/**
 * Finds in one direction of a connection where each message ends, as RFC 9112 has it in sections 6 and 7.
 * After bytes that aren't HTTP, no further message is completed.
 */
export class HttpReader {
  readonly #handlers: HttpHandlers;
  #state: "head" | "body" | "chunk size" | "chunk" | "chunk end" | "trailers" | "broken" = "head";
  /** The start of a line that isn't complete. */
  #line = "";
  #head = "";
  #bytes = 0;
  #headBytes = 0;
  #bodyBytes = 0;
  /** How many bytes of the body or chunk are left; infinite where only the connection's end ends the body. */
  #left = 0;

  constructor(handlers: HttpHandlers) {
    this.#handlers = handlers;
  }

  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== "broken") {
      const isData = this.#state === "body" || this.#state === "chunk";
      const end = isData ? Math.min(chunk.length, at + this.#left) : lineEnd(chunk, at);
      const piece = chunk.subarray(at, end);
      this.#bytes += piece.length;
      at = end;
      if (isData) this.#takeData(piece);
      else this.#takeText(piece.toString("latin1"));
    }
  }

  /** The connection has ended. */
  end(): void {
    if (this.#state === "body" && this.#left === Number.POSITIVE_INFINITY) this.#complete();
    this.#state = "broken";
  }

  #takeData(piece: Buffer): void {
    this.#left -= piece.length;
    this.#bodyBytes += piece.length;
    this.#handlers.body(piece);
    if (this.#left > 0) return;
    if (this.#state === "chunk") this.#state = "chunk end";
    else this.#complete();
  }

  #takeText(text: string): void {
    this.#line += text;
    if (this.#line.length + this.#head.length > maxTextBytes) this.#state = "broken";
    if (!text.endsWith("\n")) return;
    const line = this.#line;
    this.#line = "";
    const isEmpty = line === "\r\n" || line === "\n";
    if (this.#state === "head") this.#takeHeadLine(line, isEmpty);
    else if (this.#state === "chunk size") this.#takeChunkSize(line);
    else if (this.#state === "chunk end") this.#state = isEmpty ? "chunk size" : "broken";
    else if (this.#state === "trailers" && isEmpty) this.#complete();
  }

  #takeHeadLine(line: string, isEmpty: boolean): void {
    if (!isEmpty) this.#head += line;
    else if (/^HTTP\/1\.1 1(?!01)/.test(this.#head)) this.#head = "";
    else if (this.#head !== "") this.#beginBody();
  }

  #beginBody(): void {
    this.#headBytes = this.#bytes;
    this.#handlers.head(this.#head);
    const isAnswer = this.#head.startsWith("HTTP/");
    const length = fieldOf(this.#head, "content-length");
    if (/^HTTP\/\S+ (204|304)/.test(this.#head)) this.#complete();
    else if (/chunked$/i.test(fieldOf(this.#head, "transfer-encoding") ?? "")) {
      this.#state = "chunk size";
    } else if (length === "0" || (length === null && !isAnswer)) this.#complete();
    else {
      this.#left = length === null ? Number.POSITIVE_INFINITY : Number(length);
      this.#state = this.#left > 0 ? "body" : "broken";
    }
  }

  #takeChunkSize(line: string): void {
    const [digits] = /^[\da-f]{1,8}/i.exec(line) ?? [];
    this.#left = Number.parseInt(digits ?? "", 16);
    this.#state = digits === undefined ? "broken" : this.#left === 0 ? "trailers" : "chunk";
  }

  #complete(): void {
    const chunkBytes = this.#bytes - this.#headBytes - this.#bodyBytes;
    const message = {
      head: this.#head,
      bytes: this.#bytes,
      bodyBytes: this.#bodyBytes,
      chunkBytes,
    };
    this.#state = "head";
    this.#head = "";
    this.#bytes = 0;
    this.#bodyBytes = 0;
    this.#handlers.complete(message);
  }
}

/** The value of a field in a head; null when there is none. */
export function fieldOf(head: string, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, "im").exec(head)?.[1] ?? null;
}

/** Where the line ends that begins at `at`, or the chunk does. */
function lineEnd(chunk: Buffer, at: number): number {
  const lineFeed = chunk.indexOf("\n", at);
  return lineFeed === -1 ? chunk.length : lineFeed + 1;
}
