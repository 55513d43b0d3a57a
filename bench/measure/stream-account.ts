import type { Socket } from "node:net";
import type { Bytes } from "./wire-ledger.ts";

/** How many of the bytes of one accepted stream somebody has named. */
export class StreamAccount {
  readonly #socket: Socket;
  #down = 0;
  #up = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  name(down: number, up: number): void {
    this.#down += down;
    this.#up += up;
  }

  /** Names all others that have crossed so far; tells how many those are. */
  nameRest(): Bytes {
    const { bytesWritten, bytesRead } = this.#socket;
    const rest = { down: bytesWritten - this.#down, up: bytesRead - this.#up };
    this.#down = bytesWritten;
    this.#up = bytesRead;
    return rest;
  }
}
