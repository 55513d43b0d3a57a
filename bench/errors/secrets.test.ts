import { describe, expect, it } from "vitest";
import { withoutSecrets } from "./secrets.ts";

describe("a secret", () => {
  it.each([
    ["TOKEN=s3cr3t node server.js", "TOKEN=*** node server.js"],
    [`API_KEY="two words" DB_PASSWORD='x y' node .`, "API_KEY=*** DB_PASSWORD=*** node ."],
    ["node server.js --token s3cr3t --port 80", "node server.js --token *** --port 80"],
    ["env TOKEN=s3cr3t node .", "env TOKEN=*** node ."],
    ["docker run -e TOKEN=s3cr3t -p 80 image", "docker run -e TOKEN=*** -p 80 image"],
    [`sh -c "TOKEN=s3cr3t exec node ."`, `sh -c "TOKEN=*** exec node ."`],
    ["--url=http://h/?token=abc", "--url=http://h/?token=***"],
    ["node server.js --auth-token=s3cr3t", "node server.js --auth-token=***"],
    ["node server.js --password s3cr3t", "node server.js --password ***"],
    ["curl -u me:s3cr3t http://h", "curl -u *** http://h"],
    ["curl -H 'Authorization: Bearer abc.def' h", "curl -H 'Authorization: ***' h"],
    [`node s.js --header "X-Api-Key: abc"`, `node s.js --header "X-Api-Key: ***"`],
    ["DATABASE_URL=postgres://me:pw@db/x npm start", "DATABASE_URL=postgres://***@db/x npm start"],
    ['"http://me:p@ss@h:80" is not', '"http://***@h:80" is not'],
    ["http://:pw@h/", "http://***@h/"],
    ["http://h/?access_token=abc&x=1", "http://h/?access_token=***&x=1"],
    ["http://h/?a=1&sig=abc", "http://h/?a=1&sig=***"],
    ["node s.js ghp_abcdefghijklmnopqrstuvwxyz0123456789", "node s.js ***"],
    ["node s.js eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "node s.js ***"],
    ["node s.js AKIAABCDEFGHIJKLMNOP", "node s.js ***"],
  ])("is hidden in %s", (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  it.each([
    "NODE_ENV=production node server.js --port 8080",
    "sh -c 'exec node server.js' && echo $PORT",
    "--transports sse,websocket --rate 20 --seed 5",
    "--transports sse+token=abc,websocket+token=abc+idle=2s",
    "http://127.0.0.1:3000",
    "node author.js --monkey=1 --keyboard x",
    "npx transport-bench run --metric delivery.p50 --key",
    "error: --rate: x is not a number",
    "error: required option '--token-file <file>' not specified",
    "is not redis://[user:password@]host[:port][/database], or rediss:// over TLS",
  ])("isn't seen where there is none: %s", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it("stays hidden where the server repeats it", () => {
    const said = "listening with token s3cr3t on 80";
    expect(withoutSecrets(said, "TOKEN=s3cr3t node server.js")).toBe(
      "listening with token *** on 80",
    );
    expect(withoutSecrets(said, "node server.js")).toBe(said);
  });

  it("is hidden once: what is hidden stays as it is", () => {
    const shown = withoutSecrets("A_TOKEN=x node --key y http://a:b@c");
    expect(withoutSecrets(shown)).toBe(shown);
  });

  it("doesn't take long to be looked for", () => {
    const before = process.cpuUsage();
    withoutSecrets(
      "-a".repeat(25_000) + "key".repeat(20_000) + "http://".repeat(10_000) + "a=".repeat(25_000),
    );
    expect(process.cpuUsage(before).user).toBeLessThan(2e6);
  });
});
