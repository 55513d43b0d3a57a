import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, it } from "vitest";
import { StreamRelay } from "../bench/network/stream-relay.ts";
import { listen, portOf } from "../bench/measure/listen.ts";
import { proxyProgram } from "../bench/programs/proxy-program.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { nginx } from "../bench/proxies/nginx.ts";
import { passedOn } from "../bench/settings/relay-profile.ts";
import type { RelayDirection } from "../bench/settings/relay-profile.ts";
import { endpointAt } from "../bench/through/endpoint.ts";
import { look } from "../bench/through/look.ts";
import type { Looking } from "../bench/through/look.ts";
import { offered } from "../bench/through/offered.ts";
import { reportOf } from "../bench/through/report-of.ts";
import { throughSchema } from "../bench/through/report.ts";
import type { Through, ThroughFinding } from "../bench/through/report.ts";
import { bench, benchEach, TemporaryFolder } from "./bench-process.ts";
import { ExampleServer } from "./example-server.ts";
import { balancers, isMissing, python } from "./requirements.ts";
import { AnsweringEnd, endpointOn } from "./through-endpoint.ts";

const boundMs = 1_500;

async function reportAt(port: number, looking: Looking = {}): Promise<Through> {
  const endpoint = endpointOn(port);
  return throughSchema.parse(reportOf(endpoint, await look(endpoint, boundMs, looking)));
}

function of({ findings }: Through, key: ThroughFinding["key"]): ThroughFinding {
  const finding = findings.find((one) => one.key === key);
  if (finding === undefined) throw new Error(`nothing is said of ${key}`);
  return finding;
}

function statuses({ findings }: Through): Record<string, string> {
  return Object.fromEntries(findings.map(({ key, status }) => [key, status]));
}

const nothingFound = {
  endpoint: "good",
  head: "good",
  buffered: "good",
  compressed: "good",
  cut: "good",
  upgrade: "good",
  versions: "good",
};

/** Asks for what nobody in good faith asks for. */
async function answersNonsense(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/through?count=1&bytes=-1&wait=x&gap=-5`);
  expect(await response.text()).toMatch(/^data: 1 \d{13} \n\n$/);
}

describe.concurrent("an answering end with nothing in front of it", () => {
  it("of bench serve --through goes on after whatever it is asked for", async () => {
    await using end = await AnsweringEnd.open();
    const { port } = end.address;
    expect((await fetch(`http://127.0.0.1:${port}//`)).status).toBe(404);
    await answersNonsense(port);
  });

  it("of bench serve --through has nothing found, and WebSockets are opened", async () => {
    await using end = await AnsweringEnd.open();
    const report = await reportAt(end.address.port);
    expect(statuses(report)).toMatchObject({ ...nothingFound, "keep-alive": "good" });
    expect(of(report, "upgrade").found).toMatch(/^is opened/);
    expect(report.figures).toMatchObject({
      burst: 0,
      heldMs: null,
      heldBytes: null,
      idle: { ms: boundMs, isCut: false },
      protocol: "http/1.1",
      askedBy: "1.1",
    });
  });

  it.each(["through/express.js", "through/fastify.js"])(
    "of examples/%s has nothing found",
    async (example) => {
      await using server = new ExampleServer(example);
      await answersNonsense(await server.port);
      const report = await reportAt(await server.port);
      expect(statuses(report)).toMatchObject({ ...nothingFound, "keep-alive": "good" });
    },
  );

  it.skipIf(isMissing(python))("of examples/through/python.py has nothing found", async () => {
    await using server = new ExampleServer("through/python.py");
    await answersNonsense(await server.port);
    const report = await reportAt(await server.port);
    // Python's own server answers in HTTP/1.0.
    expect(statuses(report)).toMatchObject({ ...nothingFound, "keep-alive": "limited" });
    expect(of(report, "versions").found).toMatch(/^HTTP\/1\.0 only/);
  });
});

describe.concurrent("what is planted in between", () => {
  const relayed = async (down: Partial<RelayDirection>, looking?: Looking): Promise<Through> => {
    await using end = await AnsweringEnd.open();
    const profile = { name: "", down: { ...passedOn, ...down }, up: passedOn, notPlayed: [] };
    await using relay = await StreamRelay.open(["127.0.0.1"], [end.address], 1, profile);
    return await reportAt(relay.port, looking);
  };

  it("is told as a buffer of so many bytes, for so long", async () => {
    const report = await relayed({ hold: { bytes: 4_096, forMs: 500 } }, { triesCures: false });
    const { burst, heldMs, heldBytes } = report.figures;
    expect(burst).toBeGreaterThanOrEqual(9);
    expect(heldMs).toBeGreaterThan(440);
    expect(heldMs).toBeLessThan(650);
    expect(heldBytes?.atLeast).toBeLessThan(4_096);
    expect(heldBytes?.atMost).toBeGreaterThanOrEqual(4_096);
    expect(of(report, "buffered")).toMatchObject({
      status: "bad",
      found: expect.stringMatching(/held for \d{3} ms, or until about 4\.[012] kB have gathered$/),
    });
    expect(of(report, "cut").status).toBe("good");
  });

  it("is told as a cut-off, and that heartbeats keep clear of it", async () => {
    const report = await relayed({ idleTimeoutMs: 900 });
    const { idle, idleWebSocket } = report.figures;
    for (const lived of [idle, idleWebSocket]) {
      expect(lived?.isCut).toBe(true);
      expect(lived?.ms).toBeGreaterThan(890);
      expect(lived?.ms).toBeLessThan(1_200);
    }
    expect(of(report, "cut").cures[0]).toMatchObject({ by: "application", helped: true });
    expect(of(report, "buffered").status).toBe("good");
  });
});

describe.skipIf(isMissing(balancers))("nginx in between", () => {
  const behind = async (configuration: string): Promise<Through> => {
    await using end = await AnsweringEnd.open();
    const fronting = { servers: [end.address], reads: "http", connections: 100 } as const;
    const program = proxyProgram(nginx, configuration);
    await using proxy = await RunningProgram.start(program, "server", { fronting });
    return await reportAt(proxy.place.port);
  };

  it("by default buffers and doesn't pass upgrades on, and what cures that was tried, or is cited", async () => {
    const report = await behind("default");
    expect(of(report, "named").found).toMatch(/server: nginx\/\d/);
    expect(of(report, "buffered")).toMatchObject({
      status: "bad",
      found: expect.stringMatching(
        /30 of 30 at once: held until the answer ends, or until about (?:4\.\d|8\.\d) kB/,
      ),
    });
    expect(of(report, "buffered").cures.slice(0, 2)).toMatchObject([
      { what: "X-Accel-Buffering: no", by: "application", helped: true },
      {
        what: "nginx: proxy_buffering off",
        by: "proxy",
        source: expect.stringContaining("nginx.org"),
      },
    ]);
    expect(of(report, "upgrade")).toMatchObject({
      status: "bad",
      found: expect.stringContaining("has left out Upgrade"),
      cures: [{ what: expect.stringContaining("proxy_set_header Upgrade") }],
    });
    expect(of(report, "versions").found).toMatch(/asked in HTTP\/1\.0$/);
  });

  it("has nothing found when it is corrected", async () => {
    expect(statuses(await behind("corrected"))).toMatchObject(nothingFound);
  });
});

describe("what is offered", () => {
  it("is waited for no longer than the limit, and needs no answer without TLS", async () => {
    await using server = createTcpServer((socket) => void socket.resume());
    await listen(server, 0, "127.0.0.1");
    const url = new URL(`https://127.0.0.1:${portOf(server)}/`);
    const secure = endpointAt(url, {}, { ca: null, isVerified: false });
    await expect(offered(secure, 200)).rejects.toMatchObject({ code: "ETIMEDOUT" });
    const plain = await offered(endpointOn(portOf(server)), 200);
    expect(plain).toEqual({ protocol: "http/1.1", tls: null });
  });
});

describe("fields that the server was sent", () => {
  it("are those of something in between, unless the user has given them", async () => {
    await using end = await AnsweringEnd.open();
    const url = new URL(`http://127.0.0.1:${end.address.port}/through`);
    const endpoint = endpointAt(url, { "x-tenant": "7" }, { ca: null, isVerified: false });
    const looked = await look(endpoint, boundMs);
    const named = (given: readonly string[]): string =>
      of(reportOf(endpoint, { ...looked, given }), "named").found;
    expect(named(looked.given)).toBe("nothing in between names itself");
    expect(named([])).toBe("requests get x-tenant");
  });
});

describe("an answering end with limits in front of it", () => {
  it("has no cure and no cut-off that were refused", async () => {
    await using server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? "/", "http://answering.end");
      const asked = (name: string): number => Number(searchParams.get(name) ?? 0);
      const isCure = ["accel", "transform", "padding"].some((name) => searchParams.has(name));
      if (isCure || asked("gap") >= boundMs / 4) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { "Bench-Through": "1.1" });
      const sent = Array.from(
        { length: asked("count") },
        (_, index) => Date.now() + asked("wait") + index * asked("gap"),
      );
      const text = sent.map((at, index) => `data: ${index + 1} ${at} \n\n`).join("");
      setTimeout(() => response.end(text), (sent.at(-1) ?? Date.now()) - Date.now());
    });
    await listen(server, 0, "127.0.0.1");
    const report = await reportAt(portOf(server));
    server.closeAllConnections();
    expect(of(report, "buffered").status).toBe("bad");
    expect(of(report, "buffered").cures.filter(({ helped }) => helped !== null)).toEqual([]);
    expect(of(report, "cut")).toMatchObject({
      status: "unknown",
      found: "can't be told: answered 503 Service Unavailable",
    });
  });
});

describe("an answering end that refuses all but one event", () => {
  it("has nothing told but that", async () => {
    await using server = createServer((request, response) => {
      const isMore = /count=(?!1(?:&|$))/.test(request.url ?? "");
      response.writeHead(isMore ? 429 : 200, { "Bench-Through": "1.1" });
      response.end(isMore ? "" : `data: 1 ${Date.now()} \n\n`);
    });
    await listen(server, 0, "127.0.0.1");
    const report = await reportAt(portOf(server));
    server.closeAllConnections();
    for (const key of ["head", "buffered", "compressed", "cut"] as const) {
      expect(of(report, key)).toMatchObject({
        status: "unknown",
        found: "can't be told: answered 429 Too Many Requests",
      });
    }
  });
});

describe("an endpoint without an answering end", () => {
  it("is described from outside, and what can't be told is said", async () => {
    let events = 0;
    await using server = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream", Server: "my own" });
      const timer = setInterval(() => response.write(`data: tick ${(events += 1)}\n\n`), 50);
      response.once("close", () => clearInterval(timer));
    });
    await listen(server, 0, "127.0.0.1");
    const report = await reportAt(portOf(server));
    server.closeAllConnections();
    expect(report.isAnswered).toBe(false);
    expect(of(report, "named").found).toBe("server: my own");
    expect(of(report, "buffered")).toMatchObject({
      status: "unknown",
      found: expect.stringMatching(
        /^\d+ events came, \d+ at once at most; the longest pause was .*can't be told$/,
      ),
    });
    expect(of(report, "cut").found).toMatch(
      /^live [\d.]+ ms at least: it wasn't silent for longer$/,
    );
    expect(of(report, "upgrade").status).toBe("unknown");
  });

  it("that refuses a WebSocket without an answer is told so in words", async () => {
    await using server = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write(": hello\n\n");
    });
    server.on("upgrade", (_request, socket) => void socket.destroy());
    await listen(server, 0, "127.0.0.1");
    const report = await reportAt(portOf(server));
    server.closeAllConnections();
    expect(of(report, "upgrade").found).toBe("the connection was closed in the middle");
  });

  it("that pings, and ends who doesn't answer, is no proxy that cuts", async () => {
    await using server = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write(": hello\n\n");
    });
    server.on("upgrade", (_request, socket) => {
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      );
      setTimeout(() => socket.write(Buffer.from([0x89, 0])), 200);
      setTimeout(() => socket.destroy(), 400);
    });
    await listen(server, 0, "127.0.0.1");
    const report = await reportAt(portOf(server));
    server.closeAllConnections();
    expect(of(report, "upgrade")).toMatchObject({
      status: "good",
      found: expect.stringContaining("the server isn't silent"),
    });
    expect(report.figures.idleWebSocket).toBeNull();
  });
});

describe("bench doctor --through", () => {
  it("prints no secret, whatever the server repeats", async () => {
    await using server = createServer((request, response) => {
      const { authorization = "" } = request.headers;
      response.writeHead(200, {
        Via: authorization,
        Server: request.url,
        "Content-Type": "text/plain",
      });
      response.end(authorization);
    });
    await listen(server, 0, "127.0.0.1");
    using folder = new TemporaryFolder();
    const url = `http://me:passw0rd@127.0.0.1:${portOf(server)}/events?channel=s3cr3t`;
    const header = ["--header", "Authorization: Bearer t0ps3cr3t", "--header", "X-Tenant: acme7"];
    for (const more of [[], ["--json"]]) {
      const args = ["doctor", "--through", url, "--bound", "1s", ...header, ...more];
      const { code, stdout, stderr } = await bench(folder.path, ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).not.toMatch(/passw0rd|s3cr3t|acme7/);
      expect(stdout).toContain("channel=***");
    }
  });

  it("says in a line what is wrong, before it waits for anything", async () => {
    await using server = createServer((request, response) => {
      const [, status] = /^\/(\d{3})/.exec(request.url ?? "") ?? [];
      if (request.url === "/closed") request.socket.destroy();
      if (request.url === "/garbage") request.socket.end("hello\r\n");
      if (request.url === "/endless")
        request.socket.write(`HTTP/1.1 200 OK\r\nA: ${"b".repeat(2e4)}`);
      if (status === undefined) return;
      response.writeHead(Number(status), {
        Location: "/elsewhere?token=s3cr3t",
        Server: "front/1",
      });
      response.end();
    });
    await listen(server, 0, "127.0.0.1");
    const here = `http://127.0.0.1:${portOf(server)}`;
    using folder = new TemporaryFolder();
    const through = (...args: string[]) => ({ folder: folder.path, args: ["doctor", ...args] });
    const calls = [
      through("--through", "nowhere"),
      through("--through", "ftp://127.0.0.1/x"),
      through("--through", `${here}/301`),
      through("--through", `${here}/401`),
      through("--through", `${here}/404`),
      through("--through", `${here}/502`),
      through("--through", `${here}/closed`),
      through("--through", `${here}/garbage`),
      through("--through", `${here}/endless`),
      through("--through", here.replace("http:", "https:")),
      through("--through", "http://127.0.0.1:1/through"),
      through("--through", here, "--header", "nothing"),
      through("--through", here, "--header", "Upgrade: h2c"),
      through("--through", here, "--bound", "1h"),
      through("--through", here, "--insecure"),
      through("--through", here, "--clients", "7"),
      through("--header", "A: b"),
    ];
    const ended = await benchEach(calls);
    const lines = ended.map(({ stderr }) =>
      stderr.replaceAll(/127\.0\.0\.1:\d{4,}/g, "HERE").trimEnd(),
    );
    expect(lines.join("\n")).toMatchSnapshot();
    expect(ended.map(({ code }) => code)).toEqual(calls.map(() => 2));
  });
});
