import type { Dialler } from "./dialler.ts";
import type { Http2Place } from "../../transports/transport.ts";

/** Where clients dial: a connection of their own, or one that several share. */
export class Place implements Http2Place {
  /** Counted from 0 over the clients of all processes. */
  readonly number: number;
  /** Which of the servers it is with, counted on beyond their number. */
  readonly server: number;
  readonly isShared: boolean;
  readonly dialler: Dialler;
  clients = 0;

  constructor(number: number, server: number, isShared: boolean, dialler: Dialler) {
    this.number = number;
    this.server = server;
    this.isShared = isShared;
    this.dialler = dialler;
  }
}

/** The places of the clients of one process. */
export class Places {
  readonly #clientsOfEach: number;
  readonly #dialler: (server: number, place: number) => Dialler;
  readonly #taken = new Map<number, Place>();
  /** How often those have been taken by who came back. */
  readonly #returns = new Map<number, number>();

  /** `dialler` dials the server of this number, of which there may be fewer, for the place of another. */
  constructor(clientsOfEach: number, dialler: (server: number, place: number) => Dialler) {
    this.#clientsOfEach = clientsOfEach;
    this.#dialler = dialler;
  }

  /** The place of a client, by the client's number. Who comes back goes to the next server, as behind a balancer. */
  take(client: number, comesBack = false): Place {
    const number = Math.floor(client / this.#clientsOfEach);
    const place = this.#taken.get(number) ?? this.#free(number, comesBack);
    this.#taken.set(number, place);
    place.clients += 1;
    return place;
  }

  #free(number: number, comesBack: boolean): Place {
    const returns = (this.#returns.get(number) ?? 0) + (comesBack ? 1 : 0);
    if (comesBack) this.#returns.set(number, returns);
    const server = number + returns;
    return new Place(number, server, this.#clientsOfEach > 1, this.#dialler(server, number));
  }

  /** Resets the connection with the last client that leaves it. */
  async leave(place: Place): Promise<void> {
    place.clients -= 1;
    if (place.clients > 0) return;
    this.#taken.delete(place.number);
    await place.dialler.reset();
  }
}
