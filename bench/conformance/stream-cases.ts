import type { IncomingMessage } from "node:http";
import { asError, quoted } from "../../transports/protocol-error.ts";
import type { ConformanceCase } from "./case.ts";
import { clientCases, subscribing } from "./client-cases.ts";
import { UserAgent, expectNumber, expectStatus } from "./http.ts";
import type { Question } from "./http.ts";
import { answeringHttp, refusalCase, refusalCases, sendUp, upstreamCases } from "./http-cases.ts";
import { Mismatch, expectThat } from "./mismatch.ts";
import { Signal } from "./recording-client.ts";
import type { Subject } from "./subject.ts";

// What the formats have in common whose messages come on an answer that stays open.

/** A hello or a message, as it came. */
export interface StreamItem {
  readonly isHello: boolean;
  /** The number of a hello, or the payload of a message. */
  readonly text: string;
  readonly id: string;
}

export interface OpenStream {
  readonly response: IncomingMessage;
  /** The next item, which is `expected`. */
  next(expected: string): Promise<StreamItem>;
}

type Open = (subject: Subject, channel: string) => Promise<OpenStream>;

/** What is a format's own. */
export interface StreamFormat {
  /** The path of a channel, but for its name: `/sse/`. */
  readonly path: string;
  /** How a request for a stream is answered. */
  readonly answering: ConformanceCase;
  /** What a stream has to begin with. */
  readonly hello: string;
  readonly open: Open;
  /** How a cursor is named in the names of cases. */
  readonly cursor: string;
  /** The request for what follows a cursor. */
  readonly after: (subject: Subject, channel: string, cursor: string) => Question;
  /** What becomes of a text for which the format itself has no exact form. */
  readonly carried: (text: string) => string;
}

/** All cases for a server of such a format. */
export function casesOfFormat(format: StreamFormat): readonly ConformanceCase[] {
  const resumeAfter = (cursor: string): ConformanceCase =>
    refusalCase(`${format.cursor}${cursor}`, 400, (channel, subject) =>
      format.after(subject, channel, cursor),
    );
  return [
    answeringHttp,
    format.answering,
    ...streamCases(format),
    ...upstreamCases,
    subscribing,
    ...clientCases(format.carried),
    resumeAfter("999999999"),
    resumeAfter("no-number"),
    ...refusalCases(format.path),
  ];
}

/** Cases for what comes on a stream. */
function streamCases({ open, hello }: StreamFormat): readonly ConformanceCase[] {
  return [
    {
      name: `begins each stream with ${hello} is a whole number`,
      level: "required",
      async check(subject) {
        await helloOf(await open(subject, subject.channel()));
      },
    },
    {
      name: "numbers messages by their ids, counting up from the hello",
      level: "optional",
      async check(subject) {
        const channel = subject.channel();
        const stream = await open(subject, channel);
        const newest = await helloOf(stream);
        for (const count of [1, 2, 3]) {
          await sendUp(subject, channel, `message ${count}`);
          const { id } = await stream.next(`message ${count}`);
          expectThat(id === String(newest + count), `the id ${newest + count}`, quoted(id));
        }
      },
    },
  ];
}

async function helloOf(stream: OpenStream): Promise<number> {
  const { isHello, text } = await stream.next("the hello");
  expectThat(isHello, "the hello first", `the message ${quoted(text)}`);
  return expectNumber(text, "the hello");
}

/** The method by which streams are asked for. */
export function methodOf({ options }: Subject): "GET" | "POST" {
  return options["method"] === "post" ? "POST" : "GET";
}

/** No case waits for as many. */
const maxItems = 1_000;

/** Reads a stream piece by piece; throws where it can't go on. */
export type StreamReading = (found: (item: StreamItem) => void) => (piece: Buffer) => void;

/** Asks for a stream. */
export async function openStream(
  subject: Subject,
  question: Question,
  reading: StreamReading,
): Promise<OpenStream> {
  const response = await new UserAgent(subject).stream(question);
  expectStatus({ status: response.statusCode ?? 0 }, 200, question.path);
  const items: StreamItem[] = [];
  const arrivals = new Signal();
  let taken = 0;
  let text = "";
  const read = reading((item) => void (items.length < maxItems && items.push(item)));
  response.on("error", () => {});
  response.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-200);
    try {
      read(chunk);
    } catch (error) {
      response.destroy(asError(error));
    }
    arrivals.changed();
  });
  return {
    response,
    async next(expected) {
      const received = (): string => (text === "" ? "nothing" : quoted(text));
      const next = arrivals.until(() => items.length > taken || response.errored !== null);
      await subject.expecting(expected, next, received);
      if (response.errored !== null) throw new Mismatch(expected, response.errored.message);
      const item = items[taken];
      taken += 1;
      expectThat(item !== undefined, expected, received());
      return item;
    },
  };
}
