import type { ClientHandlers } from "../../transports/transport.ts";
import type { Fault } from "../settings/fault.ts";
import { replaceMethod, blockFor } from "./faulty.ts";
import type { Undo } from "./faulty.ts";

/**
 * The fault that a load process makes of what its clients receive; of faults that aren't a client's it makes none.
 */
export class ClientFaults {
  #fault: Fault | null;
  #undo: Undo[] = [];

  constructor(fault: Fault | null) {
    this.#fault = fault;
  }

  /** Ends the fault before; to be made, the next one has to `affect` each client that there is. */
  make(fault: Fault | null): void {
    for (const undo of this.#undo) undo();
    this.#undo = [];
    this.#fault = fault;
  }

  affect(client: ClientHandlers): void {
    if (this.#fault === null) return;
    const message = messageUnder(this.#fault, client.message.bind(client));
    if (message !== null) this.#undo.push(replaceMethod(client, "message", message));
  }
}

type Message = ClientHandlers["message"];

function messageUnder(fault: Fault, message: Message): Message | null {
  if (fault.kind === "slow-reader") {
    return (payload) => {
      message(payload);
      blockFor(fault.perDeliveryMs);
    };
  }
  // As if a field of the messages had grown that clients don't read.
  if (fault.kind === "grow") return (payload) => message(payload.slice(0, -fault.bytes));
  return null;
}
