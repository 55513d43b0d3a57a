import type { Socket } from "node:net";
import { inFullRecords } from "./stream-account.ts";
import { noBytes, subtractBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import type { Direction } from "../../transports/classify.ts";

/**
 * What TLS takes on a connection with a server, seen from its client. Each piece that Node reads or writes is a record
 * of its own; all that is left is TLS's own doing: handshakes, session tickets, alerts, and padding if the server pads.
 */
export class TlsShare {
  readonly #raw: Socket;
  /** The bytes of records, with what they carry. */
  readonly #records = { down: 0, up: 0 };
  #told = noBytes;

  constructor(raw: Socket) {
    this.#raw = raw;
  }

  /** How many bytes a piece takes more than it has. */
  around(direction: Direction, bytes: number): number {
    const whole = inFullRecords(bytes);
    this.#records[direction] += whole;
    return whole - bytes;
  }

  /** What is of no record, as far as it wasn't taken before. */
  take(): WireBytes {
    const { bytesRead: down, bytesWritten: up } = this.#raw;
    const own = subtractBytes({ down, up }, this.#records);
    const more = subtractBytes(own, this.#told);
    this.#told = own;
    return more;
  }
}
