import type { BoundTheory, WireBytes } from "../../transports/transport.ts";

/** What was delivered in a phase, on one channel that all clients share. */
export interface Traffic {
  readonly payloadBytes: number;
  readonly clients: number;
  /** The number of the first message on its channel. */
  readonly firstNumber: number;
  /** Delivered to each client: an average where polls fetched them, so not always whole. */
  readonly messages: number;
  /** Null where messages are pushed. */
  readonly polls: Polls | null;
  readonly channel: string;
  readonly authority: string;
}

export interface Polls {
  /** Over all clients: answers that held messages. */
  readonly answers: number;
  /** Whether a poll waits at the server for the next message. */
  readonly held: boolean;
}

export interface ExpectedBytes extends WireBytes {
  /** How far an honest measurement may be from it, either way. */
  readonly tolerance: WireBytes;
}

/** What a whole phase must have cost by theory, requests included: what is counted as deliveries. */
export function expectedBytes(theory: BoundTheory, traffic: Traffic): ExpectedBytes {
  const { polls } = traffic;
  return polls === null ? pushed(theory, traffic) : polled(theory, traffic, polls);
}

/** Every message goes to every client by itself, so nothing is left open. */
function pushed(theory: BoundTheory, traffic: Traffic): ExpectedBytes {
  const { payloadBytes, clients, firstNumber, messages, channel, authority } = traffic;
  let down = 0;
  let up = 0;
  for (let number = firstNumber; number < firstNumber + messages; number += 1) {
    // Without a spread, which would take ten times as long: there may be a million of them.
    const bytes = theory.down({ payloadBytes, messages: 1, number, channel, authority });
    down += bytes.down;
    up += bytes.up;
  }
  return { down: down * clients, up: up * clients, tolerance: { down: 0, up: 0 } };
}

/** All answers are taken to bring equally many messages: which did is not known. */
function polled(theory: BoundTheory, traffic: Traffic, { answers, held }: Polls): ExpectedBytes {
  const { clients, firstNumber, messages } = traffic;
  if (answers === 0) return { down: 0, up: 0, tolerance: { down: 0, up: 0 } };
  const batch = (messages * clients) / answers;
  let down = 0;
  let up = 0;
  const stride = Math.ceil(answers / clients / mostSamples);
  for (const { poll, times } of sampled(answers / clients, stride)) {
    const number = firstNumber - 1 + Math.ceil(poll * batch);
    const bytes = answerOf(theory, traffic, batch, number);
    down += bytes.down * times * clients;
    up += bytes.up * times * clients;
  }
  const last = firstNumber - 1 + Math.ceil(messages);
  // Where every answer brought one message, its numbers are known; each further message leaves open
  // which number it took away, and which body it made a digit longer.
  const merged = Math.max(0, Math.min(answers, messages * clients - answers));
  const unknown = merged + (stride - 1) * clients;
  const growth = String(last).length - String(firstNumber - 1).length;
  const spread = Math.max(1, growth);
  const empty = answerOf(theory, traffic, 0, last).down;
  // What is answered but not yet asked again when the window closes is missing among the answers; of
  // what is fetched at other times, an answer to each client may be under way.
  const atTheEdges = held ? empty : answerOf(theory, traffic, batch, last).down - empty;
  return {
    down,
    up,
    tolerance: {
      down: unknown * (spread + 1) + clients * atTheEdges,
      // A held poll's window is a message ahead: it opens with the first number asked for already. At
      // other times a client's first poll asks for what it missed before, whose number has a digit less.
      up: unknown * spread + clients * (held ? growth : 1),
    },
  };
}

/** The answer to a poll that brings `batch` messages, or on average as many; `number` is the last one's. */
function answerOf(theory: BoundTheory, traffic: Traffic, batch: number, number: number): WireBytes {
  const messages = Math.floor(batch);
  const fewer = theory.down({ ...traffic, messages, number });
  if (messages === batch) return fewer;
  const more = theory.down({ ...traffic, messages: messages + 1, number });
  const share = batch - messages;
  return {
    down: fewer.down + (more.down - fewer.down) * share,
    up: fewer.up + (more.up - fewer.up) * share,
  };
}

/** So many of a client's polls are looked at; of more, each stands for its neighbours. */
const mostSamples = 10_000;

/** Which of a client's polls, counted from 1, to look at, and for how many each stands. */
function* sampled(polls: number, stride: number): Iterable<{ poll: number; times: number }> {
  for (let before = 0; before < polls; before += stride) {
    const times = Math.min(stride, polls - before);
    yield { poll: before + Math.ceil(times / 2), times };
  }
}
