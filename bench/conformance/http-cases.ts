import { setImmediate, setTimeout } from "node:timers/promises";
import { formatMs } from "../../transports/option-values.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import type { ConformanceCase } from "./case.ts";
import { expectThat } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";
import { UserAgent, expectStatus } from "./http.ts";
import type { Answer, Question } from "./http.ts";
import type { Subject } from "./subject.ts";

// What the formats over HTTP have in common.

/** Whether there is a server of HTTP at all, whatever it answers. */
export const answeringHttp: ConformanceCase = {
  name: "answers HTTP requests",
  level: "required",
  gate: true,
  async check(subject) {
    await new UserAgent(subject).stream({ path: "/" });
  },
};

/** `POST /send/:channel`, the upstream of formats that have none of their own. */
export const upstreamCases: readonly ConformanceCase[] = [
  {
    name: "takes a message sent up with 204 and no body",
    level: "required",
    gate: true,
    async check(subject) {
      const answer = await sendUp(subject, subject.channel(), "up");
      expectThat(answer.body === "", "no body", quoted(answer.body));
    },
  },
  {
    name: "keeps a connection open for sending messages up",
    level: "required",
    check: (subject) => {
      const path = `/send/${subject.channel()}`;
      return keepsConnection(subject, () => ({ method: "POST", path, body: "up" }));
    },
  },
  {
    name: "refuses a message of more than 8 MiB with 413",
    level: "optional",
    async check(subject) {
      const question = { method: "POST", path: `/send/${subject.channel()}` };
      const body = Buffer.alloc(maxMessageBytes + 1, "x");
      expectStatus(await new UserAgent(subject).ask({ ...question, body }), 413, "the POST");
    },
  },
];

/** Cases for requests that a server has to refuse. */
export function refusalCases(path: string): readonly ConformanceCase[] {
  return [
    refusalCase("an unknown path", 404, () => ({ path: "/nowhere/at/all" })),
    refusalCase("a channel with an invalid name", 404, () => ({ path: `${path}a.b` })),
    refusalCase("a DELETE of a channel", 405, (channel) => ({
      method: "DELETE",
      path: `${path}${channel}`,
    })),
  ];
}

/** A question that has to be answered with `status`, and why. */
export function refusalCase(
  name: string,
  status: number,
  question: (channel: string, subject: Subject) => Question,
): ConformanceCase {
  return {
    name: `refuses ${name} with ${status}`,
    level: "optional",
    async check(subject) {
      const asked = question(subject.channel(), subject);
      // The answer's head is enough: where the request isn't refused, the body may go on forever.
      const answer = await new UserAgent(subject).stream(asked);
      expectStatus({ status: answer.statusCode ?? 0 }, status, asked.path);
    },
  };
}

/** Sends a message up on a connection of its own. */
export async function sendUp(subject: Subject, channel: string, body: string): Promise<Answer> {
  const agent = new UserAgent(subject);
  const answer = await agent.ask({ method: "POST", path: `/send/${channel}`, body });
  expectStatus(answer, 204, `POST /send/${channel}`);
  return answer;
}

const keptRequests = 4;

/**
 * Expects that one connection serves several requests, the last one `pauseMs` after the others: of a closed
 * one, each would pay for a new one.
 */
export async function keepsConnection(
  subject: Subject,
  question: () => Question,
  pauseMs = 0,
): Promise<void> {
  const agent = new UserAgent(subject);
  const before = subject.dialled;
  for (let count = 1; count <= keptRequests; count += 1) {
    const { headers } = await agent.ask(question());
    expectThat(
      !/\bclose\b/i.test(headers.connection ?? ""),
      "a connection that is kept",
      "Connection: close",
    );
    // A server that closes without a word does so by now, or the next request finds out.
    await (count === keptRequests - 1 ? setTimeout(pauseMs) : setImmediate());
  }
  const dialled = subject.dialled - before;
  const apart = pauseMs === 0 ? "" : `, the last ${formatMs(pauseMs)} after the others`;
  const expected = `1 connection for ${keptRequests} requests${apart}`;
  expectThat(dialled === 1, expected, `${dialled} connections`);
}

/** Expects an answer as the server has it: the clients of the harness ask for no compression. */
export function expectUncompressed({ headers }: Pick<Answer, "headers">): void {
  const encoding = headers["content-encoding"] ?? "identity";
  expectThat(encoding === "identity", "no Content-Encoding", quoted(encoding));
}
