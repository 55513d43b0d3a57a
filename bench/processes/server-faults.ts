import type { Server } from "node:http";
import type { TransportServer } from "../../transports/transport.ts";
import type { Fault } from "../settings/fault.ts";
import { replaceMethod, blockFor, blockUntil } from "./faulty.ts";
import type { Undo } from "./faulty.ts";
import { closingAnswers, leaking, withNagle } from "./socket-faults.ts";

type Publish = TransportServer["publish"];
type Send = (index: number, dueNs: number) => void;

/** A fault that affects single messages. */
type MessageFault = Extract<Fault, { atMessage?: unknown }>;

/** Makes the fault that a server was asked for; ignores faults of other processes. */
export class ServerFaults {
  #fault: Fault | null;
  #mounted: { readonly server: TransportServer; readonly http: Server } | null = null;
  #undo: Undo = () => {};
  #isMeasured = false;
  /** Messages since the phase began, or since the fault was asked for. */
  #messages = 0;
  #held: { readonly channel: string; readonly payload: Buffer } | null = null;

  constructor(fault: Fault | null) {
    this.#fault = fault;
  }

  /** `server` has been mounted on `http`: from here on the fault is made there. */
  mount(server: TransportServer, http: Server): void {
    this.#mounted = { server, http };
    this.make(this.#fault);
  }

  /** Replaces the previous fault; null ends it. */
  make(fault: Fault | null): void {
    this.#undo();
    this.#undo = () => {};
    this.#fault = fault;
    this.begin(this.#isMeasured);
    if (fault === null || this.#mounted === null) return;
    const { server, http } = this.#mounted;
    const publish = server.publish.bind(server);
    const faulty = this.#publishUnder(fault, publish);
    this.#undo =
      faulty === null ? onSockets(fault, http) : replaceMethod(server, "publish", faulty);
  }

  /**
   * A phase begins: counting messages starts again, and faults of single messages are made only if it is measured.
   */
  begin(measured: boolean): void {
    this.#isMeasured = measured;
    this.#messages = 0;
    this.#held = null;
  }

  /** The function to send messages with: `send`, delayed by the fault if that is `late`. */
  sending(send: Send): Send {
    const fault = this.#fault;
    if (fault?.kind !== "late") return send;
    return (index, dueNs) => {
      if (this.#isMeasured) blockUntil(dueNs + fault.byMs * 1e6);
      send(index, dueNs);
    };
  }

  /** Null where the fault isn't made in publishing. */
  #publishUnder(fault: Fault, publish: Publish): Publish | null {
    if (fault.kind === "delay") {
      return (channel, payload) => {
        blockFor(fault.byMs);
        publish(channel, payload);
      };
    }
    if (fault.kind === "grow") {
      const more = Buffer.alloc(fault.bytes, "+");
      return (channel, payload) => publish(channel, Buffer.concat([payload, more]));
    }
    if (!isOfMessages(fault)) return null;
    return (channel, payload) => {
      if (this.#isHit(fault)) this.#publishHit(fault, publish, channel, payload);
      else this.#publishSpared(publish, channel, payload);
    };
  }

  #isHit({ atMessage, oneIn }: MessageFault): boolean {
    if (!this.#isMeasured) return false;
    this.#messages += 1;
    return oneIn === undefined ? this.#messages === atMessage : this.#messages % oneIn === 0;
  }

  #publishHit(fault: MessageFault, publish: Publish, channel: string, payload: Buffer): void {
    switch (fault.kind) {
      case "drop":
        return;
      case "swap":
        this.#held = { channel, payload };
        return;
      case "corrupt":
        return publish(channel, corrupted(payload));
      case "duplicate":
        publish(channel, payload);
        return publish(channel, payload);
      case "block":
        publish(channel, payload);
        // Not at once: what this message makes sockets do belongs to it.
        setImmediate(() => blockFor(fault.forMs));
    }
  }

  #publishSpared(publish: Publish, channel: string, payload: Buffer): void {
    publish(channel, payload);
    if (this.#held?.channel !== channel) return;
    publish(channel, this.#held.payload);
    this.#held = null;
  }
}

const messageFaults: ReadonlySet<string> = new Set([
  "block",
  "drop",
  "duplicate",
  "swap",
  "corrupt",
] satisfies MessageFault["kind"][]);

function isOfMessages(fault: Fault): fault is MessageFault {
  return messageFaults.has(fault.kind);
}

function onSockets(fault: Fault, http: Server): Undo {
  if (fault.kind === "leak") return leaking(http, fault.bytes);
  if (fault.kind === "nagle") return withNagle(http);
  if (fault.kind === "close") return closingAnswers(http);
  return () => {};
}

/** Makes another digit of the due time's first one, which hardly any trial gets far enough to need. */
function corrupted(payload: Buffer): Buffer {
  const copy = Buffer.from(payload);
  copy[8] = (copy[8] ?? 0) ^ 1;
  return copy;
}
