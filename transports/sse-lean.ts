import { AnswerBody } from "./answer-body.ts";
import type { AnswerHead } from "./answer-head.ts";
import { FloodDetector } from "./flood-detector.ts";
import { LeanEventReader } from "./lean-event-reader.ts";
import type { EventTaker } from "./lean-event-reader.ts";
import { LeanExchange, refuseToSend } from "./lean-exchange.ts";
import type { AnswerReader } from "./lean-exchange.ts";
import { endedByServer, unexpectedUpgrade } from "./protocol-error.ts";
import { streamMethods } from "./stream-methods.ts";
import type { StreamMethod } from "./stream-methods.ts";
import { EventSubscription, noMessageComes } from "./sse-subscription.ts";
import type { ClientHandlers, Connection, Target } from "./transport.ts";

/** With fewer comments and other events than this between two messages, nobody looks at the time. */
const usualBetweenMessages = 1_000;

/** A client that only receives: it reads events straight from the socket, and takes as little memory as it can. */
export function connectLeanEvents(
  target: Target,
  handlers: ClientHandlers,
  { method }: { readonly method: StreamMethod },
): Promise<Connection> {
  const subscription = new LeanSubscription(target, handlers);
  const exchange = new LeanExchange(target, request(target, method), subscription);
  return subscription.connected(() => exchange.close());
}

/** The fields that the default client sends. */
function request({ channel, after, url }: Target, method: StreamMethod): string {
  const length = method === "post" ? "Content-Length: 0\r\n" : "";
  const resumed = after === undefined ? "" : `Last-Event-ID: ${after}\r\n`;
  return (
    `${streamMethods[method]} /sse/${channel} HTTP/1.1\r\nHost: ${url.host}\r\n` +
    `Accept: text/event-stream\r\n${resumed}${length}` +
    "Connection: close\r\n\r\n"
  );
}

class LeanSubscription extends EventSubscription implements AnswerReader, EventTaker {
  readonly #events: LeanEventReader = new LeanEventReader(this);
  #body: AnswerBody | null = null;
  /** How much else has come since the last message. */
  #sinceMessage = 0;
  #flood: FloodDetector | undefined;

  head(head: AnswerHead): void {
    const { status, header } = head;
    const refusal = status === 101 ? unexpectedUpgrade() : this.refusalOf(status, header);
    if (refusal !== null) throw refusal;
    this.#body = new AnswerBody(head, (chunk, from, to) => this.#read(chunk, from, to));
  }

  override hello(text: string): void {
    super.hello(text);
    if (!this.isConnecting) this.forgetTarget();
  }

  override send(): void {
    refuseToSend();
  }

  override deliver(number: number | undefined, data: Buffer): void {
    this.#sinceMessage = 0;
    super.deliver(number, data);
  }

  withoutMessage(): void {
    this.#sinceMessage += 1;
    if (this.#sinceMessage <= usualBetweenMessages) return;
    this.#flood ??= new FloodDetector();
    if (this.#flood.exceeds()) this.fail(noMessageComes());
  }

  closed(why: Error): void {
    this.fail(why);
  }

  read(chunk: Buffer, from: number, to: number): void {
    this.#body?.read(chunk, from, to);
    if (this.#body?.isEnded === true) this.fail(new Error(endedByServer));
  }

  #read(chunk: Buffer, from: number, to: number): void {
    if (this.isConnecting) this.received(chunk.subarray(from, to));
    this.#events.read(chunk, from, to);
  }
}
