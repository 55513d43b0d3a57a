import type { ConformanceCase } from "./case.ts";
import { CaseSkipped, expectThat } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";
import { clientCases, subscribing } from "./client-cases.ts";
import { UserAgent, expectNumber, expectStatus } from "./http.ts";
import type { Answer } from "./http.ts";
import {
  answeringHttp,
  expectUncompressed,
  keepsConnection,
  refusalCase,
  refusalCases,
  sendUp,
  upstreamCases,
} from "./http-cases.ts";
import type { Subject } from "./subject.ts";

const wire: readonly ConformanceCase[] = [
  {
    name: "answers a first poll with 204 and the channel's current cursor, at once",
    level: "required",
    gate: true,
    async check(subject) {
      await newestOf(subject, subject.channel());
    },
  },
  {
    name: "answers a poll with all messages after its cursor, however often it is repeated",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const start = await newestOf(subject, channel);
      for (const text of ["one", "two", "three"]) await sendUp(subject, channel, text);
      const all = "3\none3\ntwo5\nthree";
      // A second client asks for the same.
      await expectMessages(await poll(subject, channel, start), start + 3, all);
      await expectMessages(await poll(subject, channel, start), start + 3, all);
      await expectMessages(await poll(subject, channel, start + 2), start + 3, "5\nthree");
    },
  },
  {
    name: "keeps a connection open between polls",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const start = await newestOf(subject, channel);
      await sendUp(subject, channel, "x");
      const question = () => ({ path: `/poll/${channel}?after=${start}` });
      await keepsConnection(subject, question, subject.pauseMs);
    },
  },
];

const shortWire: readonly ConformanceCase[] = [
  {
    name: "answers a poll without new messages with 204, at once",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const start = await newestOf(subject, channel);
      expectStatus(await poll(subject, channel, start), 204, "an empty poll");
    },
  },
];

/** Long enough for an answer that is not held, on any machine that could be measured on. */
const heldMs = 300;

const longWire: readonly ConformanceCase[] = [
  {
    name: "holds a poll without new messages until there is one",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const start = await newestOf(subject, channel);
      const answer = poll(subject, channel, start);
      const held = await subject.stays(answer, heldMs);
      expectThat(held, "no answer yet", held ? "" : `status ${(await answer).status}`);
      await sendUp(subject, channel, "news");
      await expectMessages(await answer, start + 1, "4\nnews");
    },
  },
  {
    name: "answers a poll with wait=0 at once",
    level: "optional",
    async check(subject) {
      const channel = subject.channel();
      const start = await newestOf(subject, channel);
      const path = `/poll/${channel}?after=${start}&wait=0`;
      expectStatus(await new UserAgent(subject).ask({ path }), 204, path);
    },
  },
  {
    name: "answers a held poll with 204 when the hold ends",
    level: "optional",
    async check(subject) {
      const channel = subject.channel();
      const path = `/poll/${channel}?after=${await newestOf(subject, channel)}`;
      const answer = new UserAgent(subject).ask({ path });
      const held = await subject.stays(answer, subject.holdTimeoutMs);
      if (held) throw new CaseSkipped("it is held for longer than a case may take");
      expectStatus(await answer, 204, path);
    },
  },
];

const resumeAfter = (cursor: string): ConformanceCase =>
  refusalCase(`the cursor ${cursor}`, 400, (channel) => ({
    path: `/poll/${channel}?after=${cursor}`,
  }));

function pollingCases(own: readonly ConformanceCase[]): readonly ConformanceCase[] {
  return [
    answeringHttp,
    ...upstreamCases,
    ...wire,
    ...own,
    subscribing,
    ...clientCases((text) => text),
    resumeAfter("999999999"),
    resumeAfter("no-number"),
    ...refusalCases("/poll/"),
  ];
}

/** Cases for a server that is polled at an interval. */
export const shortPollingCases: readonly ConformanceCase[] = pollingCases(shortWire);

/** Cases for a server that holds polls. */
export const longPollingCases: readonly ConformanceCase[] = pollingCases(longWire);

async function newestOf(subject: Subject, channel: string): Promise<number> {
  const path = `/poll/${channel}`;
  const answer = await new UserAgent(subject).ask({ path });
  expectStatus(answer, 204, path);
  return expectNumber(answer.headers["cursor"], "the header Cursor");
}

async function poll(subject: Subject, channel: string, after: number): Promise<Answer> {
  return await new UserAgent(subject).ask({ path: `/poll/${channel}?after=${after}` });
}

async function expectMessages(answer: Answer, cursor: number, body: string): Promise<void> {
  expectStatus(answer, 200, "a poll for which there are messages");
  expectUncompressed(answer);
  const newest = expectNumber(answer.headers["cursor"], "the header Cursor");
  expectThat(newest === cursor, `Cursor: ${cursor}`, `Cursor: ${newest}`);
  expectThat(answer.body === body, `the body ${quoted(body)}`, quoted(answer.body));
}
