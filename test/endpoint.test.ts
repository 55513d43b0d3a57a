import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import { readResults } from "../bench/results/files.ts";
import type { Results } from "../bench/results/schema.ts";
import { TemporaryFolder, bench } from "./bench-process.ts";
import { ExampleServer } from "./example-server.ts";
import { Nginx } from "./plain-nginx.ts";
import { balancers, isMissing } from "./requirements.ts";

const request = fileURLToPath(new URL("../examples/llm-endpoint/request.json", import.meta.url));

const short = [
  "--trials",
  "1",
  "--duration",
  "600ms",
  "--clients",
  "2",
  "--rate",
  "4",
  "--extra-trials",
  "0",
];

function figure({ trials }: Results, key: string): unknown {
  return trials[0]?.figures.find((one) => one.key === key)?.value;
}

/** What an answer takes on a connection, by a client that knows nothing of tokens. */
async function bytesOfAnswer(url: string): Promise<number> {
  const { host, hostname, port, pathname, search } = new URL(url);
  const body = readFileSync(request);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  let text = "";
  for await (const part of socket) {
    text += String(part);
    if (text.endsWith("\r\n0\r\n\r\n")) break;
  }
  return text.length;
}

const secret = "sk-live-0123456789abcdef";

describe.concurrent("bench run of an endpoint as it is", () => {
  it("has the figures of the example's schedule, and no word of when tokens were due", async () => {
    using folder = new TemporaryFolder();
    await using server = new ExampleServer("llm-endpoint/server.js");
    const url = `http://127.0.0.1:${await server.port}/v1/chat/completions?rate=400&first=50&pattern=bursts`;
    const args = ["--target", url, "--transports", "openai", "--request", request];
    const { stdout, code } = await bench(folder.path, "run", ...args, ...short, "--out", "out");
    const results = await readResults(join(folder.path, "out"));
    expect(code).toBe(runCode(results));
    const [trial] = results.trials;
    expect(trial?.outcome.status).not.toBe("failed");
    expect(trial?.scenario).toBe("endpoint");
    const [turns, arrivals] = trial?.phases ?? [];
    const asked = turns?.endpoint;
    if (asked === undefined || arrivals?.endpoint === undefined) throw new Error("nothing asked");
    expect(asked.tokens).toBe(64 * asked.whole);
    // Eight at once, which a busy machine may read with the next eight.
    expect(asked.reads).toBeLessThanOrEqual(8 * asked.whole);
    expect(asked.mostInRead % 8).toBe(0);
    expect(Number(figure(results, "burst"))).toBeGreaterThanOrEqual(87.5);
    expect(asked.bytes.down).toBe(asked.whole * (await bytesOfAnswer(url)));
    expect(figure(results, "buffer")).toBe("none seen");
    expect(asked.asides).toEqual({ finish: 2 * asked.whole });
    expect(arrivals.endpoint.requests).toBe(2);
    // Nothing is early: what the machine does makes it later.
    expect(Number(figure(results, "ttft.p50"))).toBeGreaterThanOrEqual(49e6);
    expect(Number(figure(results, "stall"))).toBeGreaterThanOrEqual(19e6);
    const written = ["report.md", "results.csv", "figures.csv"].map((name) =>
      readFileSync(join(folder.path, "out", name), "utf8"),
    );
    for (const text of [stdout, ...written]) expect(text).not.toMatch(/latency|lateness/i);
  });

  it.skipIf(isMissing(balancers))(
    "names nginx, which holds tokens back as it is installed, and doesn't where it is told not to",
    async () => {
      using folder = new TemporaryFolder();
      await using server = new ExampleServer("llm-endpoint/server.js");
      await using nginx = await Nginx.start(folder.path, await server.port);
      const long = join(folder.path, "long.json");
      writeFileSync(long, JSON.stringify({ stream: true, max_tokens: 200 }));
      const ask = async (port: number, query: string): Promise<unknown> => {
        const url = `http://127.0.0.1:${port}/v1/chat/completions?first=20&${query}`;
        const args = ["--target", url, "--transports", "openai", "--request", long, "--no-report"];
        await bench(folder.path, "run", ...args, ...short, "--extra-trials", "0", "--out", query);
        return figure(await readResults(join(folder.path, query)), "buffer");
      };
      expect(await ask(nginx.buffering, "rate=400")).toMatch(
        /^tokens come \d+ at once, every 4,096 B: looks held back by nginx\/[\d.]+; proxy_buffering off/,
      );
      expect(await ask(nginx.plain, "rate=300")).toBe("none seen");
      // Its own bursts go on as they are.
      expect(await ask(nginx.plain, "rate=500&pattern=bursts")).toBe("none seen");
    },
  );

  it("never says a secret, of a variable or in the file, nor what the server repeats of it", async () => {
    using folder = new TemporaryFolder();
    const server = createServer((asked, response) => {
      response.writeHead(401, { "Content-Type": "application/json" });
      const { authorization, "x-trace": trace } = asked.headers;
      response.end(`no: ${String(authorization)} ${String(trace)} ${String(asked.url)}`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    const { port } = server.address() as AddressInfo;
    const config = {
      target: `http://127.0.0.1:${port}/v1/chat?code=querysecret77`,
      transports: "openai",
      headers: { Authorization: "Bearer ${ENDPOINT_TEST_KEY}", "X-Trace": "literalsecret99" },
    };
    writeFileSync(join(folder.path, "bench.config.json"), JSON.stringify(config));
    process.env["ENDPOINT_TEST_KEY"] = secret;
    const args = [...short, "--request", request, "--out", "out"];
    const { stdout, stderr, code } = await bench(folder.path, "run", ...args);
    server.close();
    expect(code).toBe(1);
    const files = readdirSync(join(folder.path, "out")).map((name) =>
      readFileSync(join(folder.path, "out", name), "utf8"),
    );
    for (const text of [stdout, stderr, ...files]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain("literalsecret99");
      expect(text).not.toContain("querysecret77");
    }
    const results = await readResults(join(folder.path, "out"));
    const outcome = results.trials[0]?.outcome;
    expect(outcome?.status === "failed" && outcome.reason).toMatch(
      /^no answer came whole: status 401 \(\d+\); status 401: no: \*\*\*/,
    );
    expect(results.run.target?.request).toMatchObject({
      path: "/v1/chat?code=***",
      headers: ["content-type", "authorization", "x-trace"],
    });
    expect(results.run.command).toContain("--config bench.config.json");
  });
});
