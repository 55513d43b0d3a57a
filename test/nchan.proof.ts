import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { casesOf, conform } from "../bench/conformance/conform.ts";
import { TlsClient } from "../bench/layers/tls.ts";
import { urlAt } from "../bench/measure/dialler.ts";
import { readResults } from "../bench/results/files.ts";
import type { Trial } from "../bench/results/schema.ts";
import { readAuthorities } from "../bench/settings/authorities.ts";
import { importAdapter } from "../bench/settings/import-adapter.ts";
import { freePort } from "../tools/prove/free-port.ts";
import { TemporaryFolder, bench, eventually } from "./bench-process.ts";
import { failuresOf } from "./conformance-check.ts";
import { isMissing, nchan } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";
import { expectWhole } from "./whole-trial.ts";

// A server that nobody here wrote, by examples/adapters/nchan.ts.

const host = "127.0.0.1";
const example = (name: string): string =>
  fileURLToPath(new URL(`../examples/adapters/${name}`, import.meta.url));

/** How long it holds a poll, for a test that waits for the end of one. */
const holdSeconds = 1;

/** nginx with nchan, as nchan.sh starts it. */
class Nchan implements AsyncDisposable {
  readonly port: number;
  readonly #process: ChildProcess;

  /** Over TLS where a file for its certificate is named. */
  static async start(certificate = ""): Promise<Nchan> {
    const server = new Nchan(await freePort(), certificate);
    await eventually(() => server.#answers());
    return server;
  }

  private constructor(port: number, certificate: string) {
    this.port = port;
    const own = { PORT: String(port), HOLD_SECONDS: String(holdSeconds), CERTIFICATE: certificate };
    const env = { ...process.env, ...own };
    this.#process = spawn(example("nchan.sh"), { env, stdio: ["ignore", "ignore", "inherit"] });
  }

  async #answers(): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error("nchan.sh has ended");
    const socket = connect(this.port, host);
    try {
      await once(socket, "connect");
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

/** Bytes of the head of a request or an answer. */
function headOf(...lines: readonly string[]): number {
  return [...lines, "", ""].join("\r\n").length;
}

describe.skipIf(isMissing(nchan))("nginx with nchan", () => {
  const folder = new TemporaryFolder();
  let server: Nchan;
  let trials: readonly Trial[];

  beforeAll(async () => {
    server = await Nchan.start();
    const words = (line: string): string[] => line.split(" ");
    await bench(
      folder.path,
      ...words("run --quick --duration 300ms --warmup 100ms --extra-trials 0 --scenarios overhead"),
      ...words("--seed 1 --out out --no-report --adapters"),
      example("nchan.ts"),
      ...words(`--transports nchan-sse,nchan-websocket,nchan-long-polling@${holdSeconds}s`),
      ...words(`--target http://${host}:${await freePort()} --target-command`),
      `TMPDIR=$PWD HOLD_SECONDS=${holdSeconds} exec "${example("nchan.sh")}"`,
    );
    ({ trials } = await readResults(join(folder.path, "out")));
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const figure = (transport: string, key: string): unknown =>
    trialOf(transport).figures.find((one) => one.key === key)?.value;

  function trialOf(transport: string): Trial {
    const trial = trials.find(({ variant }) => variant.split("@")[0] === transport);
    if (trial === undefined) throw new Error(`${transport} wasn't measured`);
    return trial;
  }

  it.each(["nchan-sse", "nchan-websocket", "nchan-long-polling"])(
    "does all that a server must to be measured: %s",
    async (name) => {
      const { transports } = await importAdapter(example("nchan.ts"));
      const transport = transports.find((one) => one.name === name)?.configure("default", {});
      if (transport === undefined) throw new Error(`there is no ${name}`);
      const { port } = server;
      const required = casesOf(name).filter(({ level }) => level === "required");
      const outcomes = await conform(required, {
        url: urlAt(host, port),
        host,
        port,
        transport,
        caseLimitMs: 20_000,
      });
      expect(outcomes).toHaveLength(required.length);
      expect(failuresOf(outcomes)).toEqual({});
    },
  );

  it("does the same over TLS", async () => {
    const certificate = join(folder.path, "own.pem");
    await using secure = await Nchan.start(certificate);
    const { transports } = await importAdapter(example("nchan.ts"));
    const bound = transports.find(({ name }) => name === "nchan-sse")?.configure("default", {});
    if (bound === undefined) throw new Error("there is no nchan-sse");
    const trust = {
      host: "localhost",
      authorities: readAuthorities(certificate),
      isVerified: true,
    };
    const { port } = secure;
    const outcomes = await conform(
      casesOf("nchan-sse").filter(({ level }) => level === "required"),
      {
        url: new URL(`https://localhost:${port}`),
        host,
        port,
        tls: new TlsClient(trust, {}),
        transport: bound,
        caseLimitMs: 20_000,
      },
    );
    expect(failuresOf(outcomes)).toEqual({});
    rmSync(certificate);
  });

  it("loses nothing, and each byte is in one part", () => {
    expect(trials).toHaveLength(3);
    for (const trial of trials) expectWhole(trial);
  });

  it("leaves no folder of its own", () => {
    expect(readdirSync(folder.path)).toEqual(["out"]);
  });

  it("sends as many bytes as its formats have", async () => {
    expect(figure("nchan-sse", "overhead.at20")).toBe("id: 1700000000:0\ndata: \n\n".length);
    // RFC 6455, section 5.2, for 256 bytes.
    expect(figure("nchan-websocket", "overhead.at20")).toBe(4);
    const { headers } = await fetch(new URL("/publish/none", urlAt(host, server.port)));
    const date = "Thu, 01 Jan 1970 00:00:00 GMT";
    const answer = headOf(
      "HTTP/1.1 200 OK",
      `Server: ${headers.get("server")}`,
      `Date: ${date}`,
      "Content-Length: 256",
      `Last-Modified: ${date}`,
      "Connection: keep-alive",
      "Etag: 0",
      "Vary: If-None-Match, If-Modified-Since",
    );
    const poll = headOf(
      "GET /poll/all HTTP/1.1",
      "Host: 127.0.0.1:12345",
      `If-Modified-Since: ${date}`,
      "If-None-Match: 0",
      "Connection: keep-alive",
    );
    expect(figure("nchan-long-polling", "overhead.at20")).toBe(answer + poll);
  });

  it("answers a poll that was held in vain with a status of its own", () => {
    const idle = trialOf("nchan-long-polling").phases.find(({ name }) => name === "idle");
    expect(idle === undefined ? 0 : wireOf(idle).parts.emptyPolls.down).toBeGreaterThan(0);
  });
});
