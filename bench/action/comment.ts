import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { visible } from "../text/visible.ts";
import { commentOnce } from "./bot-comment.ts";

/*
 * The step of the action that comments on a pull request. Without the right to do so, as in pull requests
 * from forks, the check stands all the same.
 */

const given = (name: string): string => process.env[name] ?? "";

try {
  const text = await readFile(join(given("BENCH_RESULTS"), "comparison.md"), "utf8");
  const pullRequest = {
    api: given("GITHUB_API_URL"),
    graphql: given("GITHUB_GRAPHQL_URL"),
    token: given("GITHUB_TOKEN"),
    repository: given("GITHUB_REPOSITORY"),
    number: Number(given("PULL_REQUEST")),
  };
  await commentOnce(pullRequest, `<!-- transport-bench ${given("BENCH_COMMAND")} -->`, text);
} catch (error) {
  const why = visible(error instanceof Error ? error.message : String(error)).slice(0, 200);
  process.stdout.write(`::warning title=transport-bench::no comment (${why})\n`);
}
