import { connect } from "node:net";
import type { Socket } from "node:net";
import type { TlsClient } from "../layers/tls.ts";
import { nowNs } from "../measure/clock.ts";
import { resetAll } from "../measure/dialler.ts";
import { maskedFrame, opcodes } from "../measure/websocket-frames.ts";
import { Replies } from "./replies.ts";

/** Where a server is, and as whom it is tried. */
export interface Door {
  readonly host: string;
  readonly port: number;
  /** The address that connections come from; left out for any. */
  readonly from?: string;
  /** Null without TLS. */
  readonly tls: TlsClient | null;
}

const pieceBytes = 16_384;

/**
 * A connection on which anything can be written, within a time limit. Whatever is waited for, waiting ends with the
 * limit, and when the server refuses.
 */
export class Line implements AsyncDisposable {
  /** What has come back. */
  readonly replies: Replies = new Replies();
  /** How the server has refused: a status, a close code, `closed` or `reset`; null as long as it hasn't. */
  refusal: string | null = null;
  /** From `begin` until then. */
  refusedAfterNs = 0;
  /** Why there is no connection, which is nobody's refusal. */
  failure: Error | null = null;
  readonly #raw: Socket;
  readonly #stream: Socket;
  readonly #untilNs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #watchers = new Set<() => void>();
  #sinceNs = nowNs();
  #bytesBefore = 0;
  #isThere = false;

  constructor({ host, port, from, tls }: Door, limitMs: number) {
    this.#untilNs = this.#sinceNs + limitMs * 1e6;
    this.#raw = connect({
      host,
      port,
      noDelay: true,
      ...(from !== undefined && { localAddress: from }),
    });
    this.#stream = tls?.over(this.#raw) ?? this.#raw;
    this.#stream.on(tls === null ? "connect" : "secureConnect", () => {
      this.#isThere = true;
      this.#changed();
    });
    this.#stream.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#stream.on("drain", () => this.#changed());
    this.#stream.on("end", () => this.#ended("closed"));
    this.#stream.on("error", (error) => {
      if (this.#isThere) return this.#ended("reset");
      this.failure ??= error;
      this.#changed();
    });
    this.#stream.on("close", () => this.#ended("closed"));
    this.#timer = setTimeout(() => this.#changed(), limitMs);
  }

  /** From here on, it is tried what the server is to refuse. */
  begin(): void {
    if (!this.#stream.destroyed) this.refusal = null;
    this.replies.forget();
    this.#sinceNs = nowNs();
    this.#bytesBefore = this.#sentBytes;
  }

  /** What the kernel has taken since `begin`: the server has read no more. */
  get sentBytes(): number {
    return this.#sentBytes - this.#bytesBefore;
  }

  /** Whether nothing can come of it any more. */
  get isOver(): boolean {
    return this.refusal !== null || this.failure !== null || nowNs() >= this.#untilNs;
  }

  /** Whether `isSo` holds before all is over. */
  async until(isSo: () => boolean): Promise<boolean> {
    await this.#wait(isSo, null);
    return this.refusal === null && isSo();
  }

  /** Lets time pass, unless all is over before. */
  async rest(ms: number): Promise<void> {
    await this.#wait(() => false, ms);
  }

  connected(): Promise<boolean> {
    return this.until(() => this.#isThere);
  }

  /** Resolves as soon as more can be written. */
  async write(bytes: Buffer | string): Promise<void> {
    if (this.isOver || this.#stream.write(bytes)) return;
    await this.until(() => !this.#stream.writableNeedDrain);
  }

  /** Writes so many bytes in pieces, which `framed` makes something of, for as long as they aren't refused. */
  async pour(
    bytes: number,
    framed: (piece: Buffer, isLast: boolean) => Buffer = (piece) => piece,
  ): Promise<void> {
    const piece = Buffer.alloc(pieceBytes, "x");
    for (let left = bytes; left > 0 && !this.isOver; left -= pieceBytes) {
      await this.write(framed(piece.subarray(0, left), left <= pieceBytes));
      // An answer that has arrived is read before the next piece.
      await this.rest(0);
    }
  }

  /** Asks, and waits for the answer's head. */
  async ask(request: Buffer | string): Promise<boolean> {
    this.replies.forget();
    await this.write(request);
    return this.until(() => this.replies.status !== null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.refusal ??= "ours";
    this.#stream.destroy();
    await resetAll([this.#raw]);
  }

  get #sentBytes(): number {
    return this.#stream.bytesWritten - this.#stream.writableLength;
  }

  #read(chunk: Buffer): void {
    this.replies.read(chunk);
    for (const ping of this.replies.pings.splice(0)) {
      this.#stream.write(maskedFrame(opcodes.pong, ping));
    }
    const { refusal } = this.replies;
    if (refusal !== null) this.#ended(refusal);
    else this.#changed();
  }

  #ended(how: string): void {
    if (this.refusal === null && this.#isThere) {
      this.refusal = how;
      this.refusedAfterNs = nowNs() - this.#sinceNs;
    }
    this.#changed();
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }

  async #wait(isSo: () => boolean, ms: number | null): Promise<void> {
    if (isSo() || this.isOver) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#watchers.delete(look);
        clearTimeout(timer);
        resolve();
      };
      const look = (): void => {
        if (isSo() || this.isOver) done();
      };
      const timer = ms === null ? undefined : setTimeout(done, ms);
      this.#watchers.add(look);
    });
  }
}
