import { LineReader, endlessLine, jsonOf } from "../../transports/line-reader.ts";
import type { ConformanceCase } from "./case.ts";
import { expectUncompressed } from "./http-cases.ts";
import type { Question } from "./http.ts";
import { casesOfFormat, methodOf, openStream } from "./stream-cases.ts";
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

/** Cases for a server of newline-delimited JSON. */
export const streamingCases: readonly ConformanceCase[] = casesOfFormat({
  path: "/stream/",
  answering,
  hello: "a line of JSON whose hello",
  open: openLines,
  cursor: "the cursor ",
  after: (subject, channel, cursor) => questionOf(subject, `${channel}?after=${cursor}`),
  carried: (text) => text,
});

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

function questionOf(subject: Subject, rest: string): Question {
  return { method: methodOf(subject), path: `/stream/${rest}` };
}
