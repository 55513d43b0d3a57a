import { LineReader, endlessLine, jsonOf } from "../../transports/line-reader.ts";
import { clientCases, subscribing } from "./client-cases.ts";
import type { ConformanceCase } from "./case.ts";
import {
  answeringHttp,
  expectUncompressed,
  refusalCase,
  refusalCases,
  upstreamCases,
} from "./http-cases.ts";
import type { Question } from "./http.ts";
import { openStream, streamCases } from "./stream-cases.ts";
import type { OpenStream, StreamReading } from "./stream-cases.ts";
import type { Subject } from "./subject.ts";

const answering: ConformanceCase = {
  name: "answers GET /stream/:channel with 200, or POST with method=post, at once and uncompressed",
  level: "required",
  async check(subject) {
    const { response } = await openLines(subject, subject.channel());
    expectUncompressed(response);
  },
};

const resumeAfter = (cursor: string): ConformanceCase =>
  refusalCase(`the cursor ${cursor}`, 400, (channel, subject) =>
    questionOf(subject, `${channel}?after=${cursor}`),
  );

/** Cases for a server of newline-delimited JSON. */
export const streamingCases: readonly ConformanceCase[] = [
  answeringHttp,
  answering,
  ...streamCases(openLines, "a line of JSON whose hello"),
  ...upstreamCases,
  subscribing,
  ...clientCases((text) => text),
  resumeAfter("999999999"),
  resumeAfter("no-number"),
  ...refusalCases("/stream/"),
];

/** Empty lines and other objects may stand anywhere. */
const reading: StreamReading = (found) => {
  const reader = new LineReader((line) => {
    if (line.trim() === "") return;
    const value = jsonOf(line);
    if (typeof value !== "object" || value === null) return;
    if ("hello" in value) found({ isHello: true, id: "", text: String(value.hello) });
    else if ("data" in value && typeof value.data === "string") {
      found({ isHello: false, id: "id" in value ? String(value.id) : "", text: value.data });
    }
  });
  return (piece) => {
    if (!reader.feed(piece.toString())) throw endlessLine();
  };
};

function openLines(subject: Subject, channel: string): Promise<OpenStream> {
  return openStream(subject, questionOf(subject, channel), reading);
}

function questionOf({ options }: Subject, rest: string): Question {
  return { method: options["method"] === "post" ? "POST" : "GET", path: `/stream/${rest}` };
}
