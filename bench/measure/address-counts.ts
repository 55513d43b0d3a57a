import type { Socket } from "node:net";

/** How many connections of one address beyond its limit may wait to be told so; further ones aren't heard. */
const maxTold = 100;

/** Counts the open connections of each address that has any. */
export class AddressCounts {
  readonly #counts = new Map<string, number>();
  readonly #most: number;

  constructor(limit: number) {
    this.#most = limit + maxTold;
  }

  of(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  /** Counts a connection until it closes. False for one that isn't even to be told that it is too many. */
  take(socket: Socket): boolean {
    // Undefined where it has closed already.
    const { remoteAddress: address = "" } = socket;
    if (this.of(address) >= this.#most) return false;
    this.#counts.set(address, this.of(address) + 1);
    socket.once("close", () => {
      const left = this.of(address) - 1;
      if (left > 0) this.#counts.set(address, left);
      else this.#counts.delete(address);
    });
    return true;
  }
}
