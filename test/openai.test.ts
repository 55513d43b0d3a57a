import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { askEndpoint } from "../bench/endpoint/asking.ts";
import { identityOf } from "../bench/layers/certificate.ts";
import { TlsClient, trustIn } from "../bench/layers/tls.ts";
import { Dialler } from "../bench/measure/dialler.ts";
import { initWebAssemblySync } from "../bench/results/hdr-histogram.ts";
import { openai } from "../transports/openai.ts";

// The client that asks servers of somebody else's as they are, against servers that answer in every way.

const sse = { "Content-Type": "text/event-stream" };

function delta(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
}

/** What a client of one request hears, each as a word, in order. */
async function heard(
  server: Server,
  { options = {}, secure = false, requests = 1 }: Asking = {},
): Promise<string[]> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  return await heardAt(port, { options, secure, requests }).finally(() => {
    server.close();
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function") {
      server.closeAllConnections();
    }
  });
}

interface Asking {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly secure?: boolean;
  readonly requests?: number;
}

async function heardAt(
  port: number,
  { options = {}, secure = false, requests = 1 }: Asking,
): Promise<string[]> {
  const words: string[] = [];
  const bound = openai.configure("default", { ...options, ...(secure && { tls: "ec" }) });
  await bound.prepare();
  const tls = secure ? new TlsClient(trustIn(await identityOf("ec")), bound.layers) : null;
  const dialler = new Dialler("127.0.0.1", port, tls);
  let over = (): void => {};
  const connection = await bound.connect(
    {
      url: new URL(`http${secure ? "s" : ""}://127.0.0.1:${port}/v1/chat?key=7`),
      fields: { authorization: "Bearer abc", "content-type": "application/json" },
      channel: "",
      asks: true,
      phase: 0,
      dial: () => dialler.dial(),
    },
    {
      headed: (status) => words.push(`head ${status}`),
      message: (text) => words.push(`"${String(text)}"`),
      aside: (kind) => words.push(kind),
      answered: () => {
        words.push("whole");
        over();
      },
      failed: ({ kind, detail }) => {
        words.push(`${kind}: ${detail}`);
        over();
      },
      closed: (reason) => words.push(`closed ${reason}`),
      gap: () => {},
      reconnected: () => {},
    },
  );
  for (let request = 0; request < requests; request += 1) {
    const ended = new Promise<void>((resolve) => (over = resolve));
    connection.send(Buffer.from('{"stream":true}'));
    await ended;
  }
  await connection[Symbol.asyncDispose]();
  await dialler.reset();
  return words;
}

/** What comes down for one request, as `endpoint` counts it. */
async function bytesDown(server: Server, secure: boolean): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  const bound = openai.configure("default", secure ? { tls: "ec" } : {});
  initWebAssemblySync();
  await bound.prepare();
  const tls = secure ? new TlsClient(trustIn(await identityOf("ec")), bound.layers) : null;
  const asked = {
    bound,
    url: new URL(`http${secure ? "s" : ""}://127.0.0.1:${port}/v1/chat`),
    fields: {},
    body: Buffer.from("{}"),
    dialler: () => new Dialler("127.0.0.1", port, tls),
    hide: (text: string) => text,
  };
  const { requests, bytes } = await askEndpoint(asked, { clients: 1, forMs: 1 }, { busyWaitNs: 0 });
  server.close();
  expect(requests).toBeGreaterThan(0);
  return bytes.down / requests;
}

/** By HTTP. */
function answering(listener: RequestListener): Server {
  return createServer(listener);
}

/** Bytes that are no matter of HTTP's. */
function speaking(speak: (socket: Socket) => void): Server {
  return createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => speak(socket));
  });
}

describe("a client of an endpoint as it is", () => {
  it("posts the body with the user's fields to the path of the URL, and reads SSE", async () => {
    let asked: Pick<IncomingMessage, "method" | "url" | "headers"> | undefined;
    let body = "";
    const words = await heard(
      answering((request, response) => {
        asked = request;
        request.on("data", (part) => (body += String(part)));
        response.writeHead(200, sse);
        response.end(
          `: hi\n\ndata: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n${delta("Hel")}${delta("lo")}` +
            'data: {"choices":[],"usage":{"total_tokens":2}}\n\ndata: [DONE]\n\n',
        );
      }),
    );
    expect(words.join(" ")).toBe('head 200 ping role "Hel" "lo" usage finish whole');
    expect([asked?.method, asked?.url, body]).toEqual([
      "POST",
      "/v1/chat?key=7",
      '{"stream":true}',
    ]);
    expect(asked?.headers).toMatchObject({
      authorization: "Bearer abc",
      "content-type": "application/json",
    });
  });

  it("asks again on the same connection, and on a new one where that has ended", async () => {
    const ports: (number | undefined)[] = [];
    const server = answering((request, response) => {
      ports.push(request.socket.remotePort);
      response.writeHead(200, { ...sse, ...(ports.length === 2 && { Connection: "close" }) });
      response.end(delta("Hel"));
    });
    const whole = ["head 200", '"Hel"', "whole"];
    expect(await heard(server, { requests: 3 })).toEqual([...whole, ...whole, ...whole]);
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
  });

  it("reads lines of JSON, and a compressed answer", async () => {
    const lines = '{"message":{"content":"Hel"}}\n{"message":{"content":"lo"},"done":true}';
    const words = await heard(
      answering((_request, response) => {
        response.writeHead(200, {
          "Content-Type": "application/x-ndjson",
          "Content-Encoding": "gzip",
        });
        response.end(gzipSync(lines));
      }),
    );
    expect(words).toEqual(["head 200", '"Hel"', '"lo"', "whole"]);
  });

  it("asks for what is compressed where it is to", async () => {
    let accepted: string | undefined;
    await heard(
      answering((request, response) => {
        accepted = request.headers["accept-encoding"];
        response.writeHead(200, sse).end(delta("Hel"));
      }),
      { options: { gzip: "true" } },
    );
    expect(accepted).toBe("gzip");
  });

  it("asks over TLS", async () => {
    const { key, certificate: cert } = await identityOf("ec");
    const server = createSecureServer({ key, cert }, (_request, response) => {
      response.writeHead(200, sse).end(delta("Hel"));
    });
    expect(await heard(server, { secure: true })).toEqual(["head 200", '"Hel"', "whole"]);
  });

  it("counts no handshake as a part of a request", async () => {
    const { key, certificate: cert } = await identityOf("ec");
    const answer: RequestListener = (_request, response) => {
      response.writeHead(200, sse).end(delta("Hel"));
    };
    const plain = await bytesDown(createServer(answer), false);
    const secure = await bytesDown(createSecureServer({ key, cert }, answer), true);
    // What records take, and the two tickets that come with the first answer; a certificate has more.
    expect(secure - plain).toBeGreaterThanOrEqual(22);
    expect(secure - plain).toBeLessThan(800);
  });

  it("takes interim answers for a first byte, and not for an answer", async () => {
    const words = await heard(
      answering((_request, response) => {
        response.writeEarlyHints({ link: "</x>; rel=preload" });
        response.writeHead(200, sse).end(delta("Hel"));
      }),
    );
    expect(words).toEqual(["head 103", "head 200", '"Hel"', "whole"]);
  });
});

describe("an answer that fails is told by its kind", () => {
  it("refused, reset, unreachable by HTTP", async () => {
    const closed = createTcpServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, "close");
    expect(await heardAt(port, {})).toEqual(["refused: ECONNREFUSED"]);
    expect(await heard(speaking((socket) => socket.resetAndDestroy()))).toEqual([
      "reset: no answer",
    ]);
    const [words] = await heard(speaking((socket) => socket.end("SSH-2.0-OpenSSH\r\n")));
    expect(words).toMatch(/^not HTTP: /);
  });

  it("TLS", async () => {
    const [words] = await heard(
      speaking((socket) => socket.end("HTTP/1.1 400 No TLS\r\n\r\n")),
      {
        secure: true,
      },
    );
    expect(words).toMatch(/^TLS: /);
  });

  it("a status, with the first words of what is said", async () => {
    const words = await heard(
      answering((_request, response) => {
        response.writeHead(429, { "Retry-After": "20", "Content-Type": "application/json" });
        response.end('{"error":{"message":"slow down"}}');
      }),
    );
    expect(words).toEqual([
      "head 429",
      'status 429: retry-after 20: {"error":{"message":"slow down"}}',
    ]);
  });

  it("no stream, with the type that it has", async () => {
    const words = await heard(
      answering((_request, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end('{"choices": "The tide."}');
      }),
    );
    expect(words[1]).toBe('no stream: application/json: {"choices": "The tide."}');
  });

  it("cut in mid-answer, by a reset and by an end that isn't told from one", async () => {
    const cut = await heard(
      answering((_request, response) => {
        response.writeHead(200, sse).write(delta("Hel"), () => response.destroy());
      }),
    );
    expect(cut).toEqual(["head 200", '"Hel"', "cut: the server ended the connection"]);
    const head = "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    const unframed = await heard(speaking((socket) => socket.end(head + delta("Hel"))));
    expect(unframed.at(-1)).toBe("cut: the server ended the connection");
    const done = await heard(
      speaking((socket) => socket.end(`${head}${delta("Hel")}data: [DONE]\n\n`)),
    );
    expect(done.at(-1)).toBe("whole");
  });

  it("an error within the stream, and an answer without a token", async () => {
    const error = await heard(
      answering((_request, response) => {
        response
          .writeHead(200, sse)
          .end(`${delta("Hel")}data: {"error":{"message":"overloaded"}}\n\n`);
      }),
    );
    expect(error).toEqual(["head 200", '"Hel"', "error event: overloaded"]);
    const nothing = await heard(
      answering((_request, response) => {
        response.writeHead(200, sse).end('data: {"progress":1}\n\n');
      }),
    );
    expect(nothing.at(-1)).toBe("no token: it came whole, and no event of it adds text");
  });

  it("timed out, where nothing comes for so long", async () => {
    const words = await heard(
      answering((_request, response) => {
        response.writeHead(200, sse).write(delta("Hel"));
      }),
      { options: { timeoutMs: "100ms" } },
    );
    expect(words).toEqual(["head 200", '"Hel"', "timed out: nothing came for 0.1 s"]);
  });

  it("and the next request is answered", async () => {
    let asked = 0;
    const words = await heard(
      answering((_request, response) => {
        asked += 1;
        if (asked === 1) response.writeHead(200, sse).write(delta("a"), () => response.destroy());
        else response.writeHead(200, sse).end(delta("b"));
      }),
      { requests: 2 },
    );
    expect(words.slice(-3)).toEqual(["head 200", '"b"', "whole"]);
  });
});
