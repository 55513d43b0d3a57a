import type { IncomingMessage } from "node:http";
import { createParser } from "eventsource-parser";
import type { EventSourceMessage } from "eventsource-parser";
import type { ConformanceCase } from "./case.ts";
import { expectThat, quoted } from "./case.ts";
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
    name: "numbers messages by their ids, one up from the hello",
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

/** What a server of server-sent events does. */
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
  const parser = createParser({ onEvent: (event) => events.push(event) });
  response.setEncoding("utf8");
  response.on("error", () => {});
  response.on("data", (chunk: string) => {
    text = (text + chunk).slice(-200);
    parser.feed(chunk);
    arrivals.changed();
  });
  return {
    response,
    async next(expected) {
      const came = (): string => (text === "" ? "nothing" : quoted(text));
      await subject.expecting(
        expected,
        arrivals.until(() => events.length > taken),
        came,
      );
      const event = events[taken];
      taken += 1;
      expectThat(event !== undefined, expected, came());
      return event;
    },
  };
}
