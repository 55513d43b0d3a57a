import type { Dialler } from "./dialler.ts";
import type { Http2Place } from "../../transports/transport.ts";

/** Where clients dial: a connection of their own, or one that several share. */
export class Place implements Http2Place {
  /** Counted from 0 over the clients of all processes. */
  readonly number: number;
  readonly isShared: boolean;
  readonly dialler: Dialler;
  clients = 0;

  constructor(number: number, isShared: boolean, dialler: Dialler) {
    this.number = number;
    this.isShared = isShared;
    this.dialler = dialler;
  }
}

/** The places of the clients of one process. */
export class Places {
  readonly #clientsOfEach: number;
  readonly #dialler: (place: number) => Dialler;
  readonly #taken = new Map<number, Place>();

  constructor(clientsOfEach: number, dialler: (place: number) => Dialler) {
    this.#clientsOfEach = clientsOfEach;
    this.#dialler = dialler;
  }

  /** The place of a client, by the client's number. */
  take(client: number): Place {
    const number = Math.floor(client / this.#clientsOfEach);
    const place =
      this.#taken.get(number) ?? new Place(number, this.#clientsOfEach > 1, this.#dialler(number));
    this.#taken.set(number, place);
    place.clients += 1;
    return place;
  }

  /** Resets the connection with the last client that leaves it. */
  async leave(place: Place): Promise<void> {
    place.clients -= 1;
    if (place.clients > 0) return;
    this.#taken.delete(place.number);
    await place.dialler.reset();
  }
}
