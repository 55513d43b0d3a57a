import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { commentOnce } from "./bot-comment.ts";
import type { PullRequest } from "./bot-comment.ts";

interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
}

const requestSchema = z.object({
  body: z.string().optional(),
  variables: z.object({ after: z.string().nullable() }).optional(),
});

/** A server that keeps the comments of one pull request as GitHub does, two of them a page. */
class GitHub implements AsyncDisposable {
  readonly comments: Comment[];
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  constructor(...comments: Comment[]) {
    this.comments = comments;
  }

  async pullRequest(token: string): Promise<PullRequest> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    const api = `http://127.0.0.1:${port}`;
    return { api, graphql: `${api}/graphql`, token, repository: "owner/name", number: 7 };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, answer } = this.#answerTo(
      `${request.method} ${request.url}`,
      request.headers.authorization?.replace("Bearer ", "") ?? "",
      requestSchema.parse(await json(request)),
    );
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  }

  #answerTo(
    what: string,
    author: string,
    { body = "", variables }: z.infer<typeof requestSchema>,
  ): { status: number; answer: unknown } {
    if (author === "none") return { status: 403, answer: {} };
    const [, id] = /^PATCH \/repos\/owner\/name\/issues\/comments\/(\d+)$/.exec(what) ?? [];
    const edited = this.comments.find((comment) => String(comment.id) === id);
    if (edited !== undefined) {
      edited.body = body;
      return { status: 200, answer: {} };
    }
    if (what === "POST /repos/owner/name/issues/7/comments") {
      this.comments.push({ id: 100 + this.comments.length, author, body });
      return { status: 201, answer: {} };
    }
    const from = Number(variables?.after ?? 0);
    const nodes = this.comments.slice(from, from + 2).map((comment) => ({
      databaseId: comment.id,
      viewerDidAuthor: comment.author === author,
      body: comment.body,
    }));
    const pageInfo = { hasNextPage: from + 2 < this.comments.length, endCursor: String(from + 2) };
    const comments = { nodes, pageInfo };
    return { status: 200, answer: { data: { repository: { pullRequest: { comments } } } } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

const mark = "<!-- transport-bench check -->";

describe("the action's comment", () => {
  it("is made once, and edited from then on", async () => {
    await using github = new GitHub();
    const pullRequest = await github.pullRequest("bot");
    await commentOnce(pullRequest, mark, "passed");
    await commentOnce(pullRequest, mark, "regressed");
    expect(github.comments).toEqual([{ id: 100, author: "bot", body: `${mark}\nregressed` }]);
  });

  it("leaves a comment of somebody else alone, also one that begins with its mark", async () => {
    const strangers = { id: 1, author: "stranger", body: `${mark}\nmine` };
    await using github = new GitHub({ ...strangers });
    await commentOnce(await github.pullRequest("bot"), mark, "passed");
    expect(github.comments[0]).toEqual(strangers);
    expect(github.comments[1]).toMatchObject({ author: "bot", body: `${mark}\npassed` });
  });

  it("is found on whatever page it is, beside those of other commands", async () => {
    const other = { id: 1, author: "bot", body: "<!-- transport-bench ab -->\nab" };
    const chat = [2, 3].map((id) => ({ id, author: "someone", body: `see ${mark}` }));
    await using github = new GitHub(other, ...chat, { id: 4, author: "bot", body: mark });
    await commentOnce(await github.pullRequest("bot"), mark, "passed");
    expect(github.comments.map(({ body }) => body)).toEqual([
      other.body,
      ...chat.map(({ body }) => body),
      `${mark}\npassed`,
    ]);
  });

  it("is refused with the status where the token has no right to it", async () => {
    await using github = new GitHub();
    const refused = commentOnce(await github.pullRequest("none"), mark, "passed");
    await expect(refused).rejects.toThrow("POST /graphql: status 403");
  });
});
