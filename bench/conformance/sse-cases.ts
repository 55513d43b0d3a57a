import type { IncomingMessage } from "node:http";
import type { EventSourceMessage } from "eventsource-parser";
import { EventReader, endlessEvent } from "../../transports/sse-parser.ts";
import type { ConformanceCase } from "./case.ts";
import { Mismatch, expectThat } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";
import { clientCases, subscribing } from "./client-cases.ts";
import { UserAgent, expectNumber, expectStatus } from "./http.ts";
import {
  answeringHttp,
  expectUncompressed,
  refusalCase,
  refusalCases,
  sendUp,
  upstreamCases,
} from "./http-cases.ts";
import { Signal } from "./recording-client.ts";
import type { Subject } from "./subject.ts";

const wire: readonly ConformanceCase[] = [
  {
    name: "answers GET /sse/:channel with 200 and an event stream, at once and uncompressed",
    level: "required",
    async check(subject) {
      const { response } = await openEvents(subject, subject.channel());
      const type = response.headers["content-type"] ?? "nothing";
      const isEvents = /^text\/event-stream *(;|$)/i.test(type);
      expectThat(isEvents, "Content-Type: text/event-stream", quoted(type));
      expectUncompressed(response);
    },
  },
  {
    name: 'begins each stream with an event "hello" whose data is a whole number',
    level: "required",
    async check(subject) {
      const { event, data } = await (
        await openEvents(subject, subject.channel())
      ).next("the hello");
      expectThat(
        event === "hello",
        'an event "hello" first',
        `an event ${quoted(event ?? "message")}`,
      );
      expectNumber(data, "the hello's data");
    },
  },
  {
    name: "numbers messages by their ids, counting up from the hello",
    level: "optional",
    async check(subject) {
      const channel = subject.channel();
      const events = await openEvents(subject, channel);
      const hello = expectNumber((await events.next("the hello")).data, "the hello's data");
      for (const count of [1, 2, 3]) {
        await sendUp(subject, channel, `message ${count}`);
        const { id = "" } = await events.next(`message ${count}`);
        expectThat(id === String(hello + count), `the id ${hello + count}`, quoted(id));
      }
    },
  },
];

const resumeAfter = (cursor: string): ConformanceCase =>
  refusalCase(`Last-Event-ID: ${cursor}`, 400, (channel) => ({
    path: `/sse/${channel}`,
    headers: { "Last-Event-ID": cursor },
  }));

/** The format knows no carriage return within a line: any line end arrives as a line feed. */
const carried = (text: string): string => text.replaceAll(/\r\n?/g, "\n");

/** Cases for a server of server-sent events. */
export const sseCases: readonly ConformanceCase[] = [
  answeringHttp,
  ...wire,
  ...upstreamCases,
  subscribing,
  ...clientCases(carried),
  resumeAfter("999999999"),
  resumeAfter("no-number"),
  ...refusalCases("/sse/"),
];

/** No case waits for as many. */
const maxEvents = 1_000;

const ours: ReadonlySet<string> = new Set(["hello", "message"]);

interface Events {
  readonly response: IncomingMessage;
  /** The next event, which is `expected`. */
  next(expected: string): Promise<EventSourceMessage>;
}

async function openEvents(subject: Subject, channel: string): Promise<Events> {
  const path = `/sse/${channel}`;
  const headers = { Accept: "text/event-stream" };
  const response = await new UserAgent(subject).stream({ path, headers });
  expectStatus({ status: response.statusCode ?? 0 }, 200, `GET ${path}`);
  const events: EventSourceMessage[] = [];
  const arrivals = new Signal();
  let taken = 0;
  let text = "";
  // Events of other types may stand anywhere.
  const reader = new EventReader((event) => {
    if (ours.has(event.event ?? "message") && events.length < maxEvents) events.push(event);
  });
  response.on("error", () => {});
  response.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-200);
    if (!reader.feed(chunk)) response.destroy(endlessEvent());
    arrivals.changed();
  });
  return {
    response,
    async next(expected) {
      const received = (): string => (text === "" ? "nothing" : quoted(text));
      const next = arrivals.until(() => events.length > taken || response.errored !== null);
      await subject.expecting(expected, next, received);
      if (response.errored !== null) throw new Mismatch(expected, response.errored.message);
      const event = events[taken];
      taken += 1;
      expectThat(event !== undefined, expected, received());
      return event;
    },
  };
}
