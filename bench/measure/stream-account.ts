import type { Socket } from "node:net";
import type { Bytes } from "./wire-ledger.ts";

/** How many of the bytes of one accepted stream have been attributed to a part. */
export class StreamAccount {
  readonly #socket: Socket;
  #down = 0;
  #up = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  attribute(down: number, up: number): void {
    this.#down += down;
    this.#up += up;
  }

  /** Attributes all others that have crossed so far; returns how many those are. */
  attributeRest(): Bytes {
    const { bytesWritten, bytesRead } = this.#socket;
    const rest = { down: bytesWritten - this.#down, up: bytesRead - this.#up };
    this.#down = bytesWritten;
    this.#up = bytesRead;
    return rest;
  }
}
