import type { EventSourceMessage } from "eventsource-parser";
import { blocksIn } from "./sse-parser.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { ProtocolError, quoted } from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";
import { StreamSubscription } from "./stream-subscription.ts";

/** The size of one read. Events are counted only once more than this has arrived without a message. */
const maxReadBytes = 65_536;

/** A stream brings nothing but comments and other events. */
export function noMessageComes(): ProtocolError {
  const much = `more than ${maxPerSecond} events and comments within a second`;
  return new ProtocolError(`${much}, and no message`);
}

/** Handles the events of a stream, for every client of this wire format. */
export class EventSubscription extends StreamSubscription {
  #bytesSinceMessage = 0;
  #flood: FloodDetector | undefined;

  override refusalOf(status: number, header: Header): ProtocolError | null {
    const type = header("content-type") ?? "";
    if (status === 200 && !/^text\/event-stream *(;|$)/i.test(type)) {
      return new ProtocolError(`the Content-Type is ${quoted(type)}, and not text/event-stream`);
    }
    this.note('an event stream, but no event "hello"');
    return super.refusalOf(status, header);
  }

  /** Takes note of the stream's bytes as they arrive. */
  received(chunk: Buffer): void {
    this.#bytesSinceMessage += chunk.length;
    if (this.#bytesSinceMessage > maxReadBytes) this.#count(blocksIn(chunk));
    if (!this.isConnecting) return;
    this.note(`an event stream, but no event "hello", only ${quoted(chunk.toString())}`);
  }

  #count(blocks: number): void {
    this.#flood ??= new FloodDetector();
    if (this.#flood.exceeds(blocks)) this.fail(noMessageComes());
  }

  take({ event, id, data }: EventSourceMessage): void {
    if (event === "hello") this.hello(data);
    // Without a type, an event is a message: section 9.2.6 of the standard.
    else if (event === undefined || event === "message") this.message(id, data);
  }

  /** A message that comes without an id of its own has that of the one before, as the standard has it. */
  message(id: string | undefined, data: string): void {
    this.#bytesSinceMessage = 0;
    this.deliver(id === undefined || id === "" ? undefined : Number(id), data);
  }
}
