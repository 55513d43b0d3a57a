import hpack from "hpack.js";

// What a relay reads of HTTP/2 as it passes: RFC 9113, section 4 and 6.

/** What a frame carries, without padding: fields where it completes them, or a piece of a body. */
export interface Frame {
  /** 0 for frames of the connection. */
  readonly stream: number;
  readonly kind: "fields" | "body" | "ping" | "other";
  /** Names in small letters; none where the frame completes none. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether nothing follows in this direction of the stream. */
  readonly isLast: boolean;
  /** As it crossed the wire. */
  readonly bytes: number;
}

const types = { data: 0, headers: 1, ping: 6, continuation: 9 } as const;
const flags = { endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;
const headBytes = 9;
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** What a decoder's table holds if nothing else is agreed on; a larger one is announced in the block itself. */
const tableBytes = 4_096;

const none: ReadonlyMap<string, string> = new Map();
const nothing: Buffer = Buffer.alloc(0);

/** Finds the frames in one direction of a connection. */
export class Http2Reader {
  readonly #frame: (frame: Frame) => void;
  readonly #fields = hpack.decompressor.create({ table: { size: tableBytes } });
  #pending = nothing;
  #isBeginning = true;
  /** The stream whose fields go on in the next frame, with what it has said so far. */
  #begun: { readonly isLast: boolean; readonly blocks: Buffer[] } | null = null;

  constructor(frame: (frame: Frame) => void) {
    this.#frame = frame;
  }

  read(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let before = this.#isBeginning ? this.#prefaceBytes() : 0;
    for (;;) {
      const rest = this.#pending;
      if (rest.length < before + headBytes) break;
      const bytes = before + headBytes + rest.readUIntBE(before, 3);
      if (rest.length < bytes) break;
      this.#isBeginning = false;
      this.#take(rest.subarray(before, bytes), bytes);
      this.#pending = rest.subarray(bytes);
      before = 0;
    }
  }

  /** A client begins with it, and its bytes are counted with the first frame. */
  #prefaceBytes(): number {
    return this.#pending.toString("latin1", 0, preface.length).startsWith("PRI")
      ? preface.length
      : 0;
  }

  #take(frame: Buffer, bytes: number): void {
    const type = frame.readUInt8(3);
    const flag = frame.readUInt8(4);
    const stream = frame.readUInt32BE(5) & 0x7f_ff_ff_ff;
    const has = (one: number): boolean => (flag & one) !== 0;
    const whole = { stream, fields: none, body: nothing, isLast: false, bytes };
    if (type === types.data) {
      const body = unpadded(frame, has(flags.padded), 0);
      this.#frame({ ...whole, kind: "body", body, isLast: has(flags.endStream) });
    } else if (type === types.headers || type === types.continuation) {
      const isFirst = type === types.headers;
      const block = unpadded(
        frame,
        isFirst && has(flags.padded),
        isFirst && has(flags.priority) ? 5 : 0,
      );
      const begun = (isFirst ? null : this.#begun) ?? { isLast: has(flags.endStream), blocks: [] };
      begun.blocks.push(block);
      this.#begun = has(flags.endHeaders) ? null : begun;
      if (this.#begun !== null) return this.#frame({ ...whole, kind: "other" });
      const fields = this.#decoded(Buffer.concat(begun.blocks));
      this.#frame({ ...whole, kind: "fields", fields, isLast: begun.isLast });
    } else this.#frame({ ...whole, kind: type === types.ping ? "ping" : "other" });
  }

  #decoded(block: Buffer): ReadonlyMap<string, string> {
    this.#fields.write(block);
    this.#fields.execute();
    const fields = new Map<string, string>();
    for (let field = this.#fields.read(); field !== null; field = this.#fields.read()) {
      fields.set(field.name, field.value);
    }
    return fields;
  }
}

function unpadded(frame: Buffer, isPadded: boolean, skipped: number): Buffer {
  if (!isPadded) return frame.subarray(headBytes + skipped);
  const padding = frame.readUInt8(headBytes);
  return frame.subarray(headBytes + 1 + skipped, frame.length - padding);
}
