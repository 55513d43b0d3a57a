import { EventReader, endlessEvent } from "../../transports/sse-parser.ts";
import type { ConformanceCase } from "./case.ts";
import { expectThat } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";
import { expectUncompressed } from "./http-cases.ts";
import type { Question } from "./http.ts";
import { casesOfFormat, methodOf, openStream } from "./stream-cases.ts";
import type { OpenStream, StreamReading } from "./stream-cases.ts";
import type { Subject } from "./subject.ts";

const answering: ConformanceCase = {
  name: "answers GET /sse/:channel with 200 and an event stream, or POST with method=post, at once and uncompressed",
  level: "required",
  async check(subject) {
    const { response } = await openEvents(subject, subject.channel());
    const type = response.headers["content-type"] ?? "nothing";
    const isEvents = /^text\/event-stream *(;|$)/i.test(type);
    expectThat(isEvents, "Content-Type: text/event-stream", quoted(type));
    expectUncompressed(response);
  },
};

/** Cases for a server of server-sent events. */
export const sseCases: readonly ConformanceCase[] = casesOfFormat({
  path: "/sse/",
  answering,
  hello: 'an event "hello" whose data',
  open: openEvents,
  cursor: "Last-Event-ID: ",
  after: (subject, channel, cursor) => questionOf(subject, channel, { "Last-Event-ID": cursor }),
  // It knows no carriage return within a line: any line end arrives as a line feed.
  carried: (text) => text.replaceAll(/\r\n?/g, "\n"),
});

/** Events of other types may stand anywhere. */
const reading: StreamReading = (found) => {
  const reader = new EventReader(({ event = "message", id = "", data }) => {
    const isHello = event === "hello";
    if (isHello || event === "message") found({ isHello, id, text: data });
  });
  return (piece) => {
    if (!reader.feed(piece)) throw endlessEvent();
  };
};

function openEvents(subject: Subject, channel: string): Promise<OpenStream> {
  const headers = { Accept: "text/event-stream" };
  return openStream(subject, questionOf(subject, channel, headers), reading);
}

function questionOf(
  subject: Subject,
  channel: string,
  headers: Readonly<Record<string, string>>,
): Question {
  return { method: methodOf(subject), path: `/sse/${channel}`, headers };
}
