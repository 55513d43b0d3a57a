import * as z from "zod";

/** A pull request on GitHub, or on a server that speaks its API. */
export interface PullRequest {
  /** `https://api.github.com` */
  readonly api: string;
  /** `https://api.github.com/graphql` */
  readonly graphql: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
}

/**
 * Comments with a text that begins with `mark`, or edits the comment that did so before. Only one that the
 * owner of the token wrote: anybody may begin a comment with that mark. Throws when it may not comment.
 */
export async function commentOnce(
  pullRequest: PullRequest,
  mark: string,
  text: string,
): Promise<void> {
  const { api, repository, number } = pullRequest;
  const earlier = await botComment(pullRequest, mark);
  const issues = `${api}/repos/${repository}/issues`;
  const body = { body: `${mark}\n${text}` };
  await (earlier === null
    ? request(pullRequest, "POST", `${issues}/${number}/comments`, body)
    : request(pullRequest, "PATCH", `${issues}/comments/${earlier}`, body));
}

/** The query for a comment's author: only this API tells it for every kind of token. */
const query = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { databaseId viewerDidAuthor body }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const answerSchema = z.object({
  data: z.object({
    repository: z.object({
      pullRequest: z.object({
        comments: z.object({
          nodes: z.array(
            z.object({ databaseId: z.int(), viewerDidAuthor: z.boolean(), body: z.string() }),
          ),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        }),
      }),
    }),
  }),
});

/** More pages than these have no comment of ours before them that anyone would look for. */
const maxPages = 50;

/** The number of the first comment of the token's owner that begins with the mark; null without one. */
async function botComment(pullRequest: PullRequest, mark: string): Promise<number | null> {
  const [owner, name] = pullRequest.repository.split("/");
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const variables = { owner, name, number: pullRequest.number, after };
    const answer = await request(pullRequest, "POST", pullRequest.graphql, { query, variables });
    const { nodes, pageInfo } = answerSchema.parse(answer).data.repository.pullRequest.comments;
    const own = nodes.find(({ viewerDidAuthor, body }) => viewerDidAuthor && body.startsWith(mark));
    if (own !== undefined) return own.databaseId;
    if (!pageInfo.hasNextPage) return null;
    after = pageInfo.endCursor;
  }
  return null;
}

async function request(
  { token }: PullRequest,
  method: "POST" | "PATCH",
  url: string,
  body: unknown,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  if (!response.ok)
    throw new Error(`${method} ${new URL(url).pathname}: status ${response.status}`);
  return response.json();
}
