import { describe, expect, it } from "vitest";
import { CountedListener } from "../bench/measure/listener.ts";
import { maxMessageBytes } from "../transports/transport.ts";
import type { Link } from "../bench/conformance/link.ts";
import { Stranger, ask, besideAlice, edges, statusOf, withPost } from "./stranger.ts";
import type { Edge } from "./stranger.ts";

// A web page anywhere can have the browser on a server's machine send it requests, but it can't choose
// what they say of where they come from.

const ownHosts = [
  "localhost",
  "localhost:3000",
  "app.localhost",
  "c1.bench.localhost:3000",
  "LocalHost:1",
  "127.0.0.1",
  "127.0.0.1:65535",
  "127.8.9.10:80",
  "[::1]",
  "[::1]:3000",
];

const strangeHosts = [
  "evil.example",
  "evil.example:3000",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "evil.example:localhost",
  "evil-localhost",
  ".localhost",
  "localhost@evil.example",
  "localhost:1:2",
  "127.0.0.1, evil.example",
  "192.0.2.7",
  "[::2]:3000",
  "",
];

const ownOrigins = ["http://localhost", "http://127.0.0.1:8080", "https://[::1]:3000"];

const strangeOrigins = [
  "https://evil.example",
  "http://evil.example:3000",
  "http://localhost.evil.example",
  "http://127.0.0.1.evil.example",
  "http://evil.example/http://localhost",
  "http://localhost@evil.example",
  "http://localhost/",
  "null",
  "file://",
  "localhost",
  "",
];

describe.each(edges)("the server of $transport.name", (edge) => {
  const status = (link: Link, headers: Readonly<Record<string, string>>): Promise<number> =>
    statusOf(link, edge.path, { ...edge.handshake, ...headers });

  it("answers to every name of loopback, at any port", async () => {
    await besideAlice(edge, async (link) => {
      for (const Host of ownHosts) expect(await status(link, { Host }), Host).toBeLessThan(300);
    });
  });

  it("refuses every other name with 403", async () => {
    await besideAlice(edge, async (link) => {
      for (const Host of strangeHosts) expect(await status(link, { Host }), Host).toBe(403);
    });
  });

  it("takes requests of pages on loopback", async () => {
    await besideAlice(edge, async (link) => {
      for (const Origin of ownOrigins)
        expect(await status(link, { Origin }), Origin).toBeLessThan(300);
    });
  });

  it("refuses those of any other page with 403", async () => {
    await besideAlice(edge, async (link) => {
      for (const Origin of strangeOrigins) expect(await status(link, { Origin }), Origin).toBe(403);
      expect(await status(link, { "Sec-Fetch-Site": "cross-site" })).toBe(403);
      expect(await status(link, { "Sec-Fetch-Site": "none" })).toBeLessThan(300);
    });
  });

  it("is not misled by a second line of either", async () => {
    await besideAlice(edge, async (link) => {
      for (const line of ["Host: localhost", "Host: evil.example", "Origin: http://evil.example"]) {
        const more = `localhost\r\n${line}\r\nOrigin: http://localhost`;
        expect(await status(link, { Host: more }), line).toBe(403);
      }
    });
  });

  it("says why in one line, whatever the path", async () => {
    await besideAlice(edge, async (link) => {
      for (const path of [edge.path, "/nowhere"]) {
        const headers = { ...edge.handshake, Origin: "https://evil.example" };
        const answer = await ask(link, { path, headers });
        expect(answer.status).toBe(403);
        expect(answer.body.trim()).toMatch(/^[^\n]*web pages[^\n]*$/);
        expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      }
    });
  });

  it("takes requests of an origin that is allowed, and for its host", async () => {
    const origins = ["https://app.example"];
    const allowing = { ...edge, listen: () => CountedListener.open(["127.0.0.1"], { origins }) };
    await besideAlice(allowing, async (link) => {
      const Origin = "https://app.example";
      expect(await status(link, { Origin })).toBeLessThan(300);
      expect(await status(link, { Origin, Host: "app.example" })).toBeLessThan(300);
      expect(await status(link, { Host: "app.example:8443" })).toBeLessThan(300);
      expect(await status(link, { Origin: "http://app.example" })).toBe(403);
      expect(await status(link, { Origin: "https://app.example:8443" })).toBe(403);
      expect(await status(link, { Origin: "https://an.app.example" })).toBe(403);
      expect(await status(link, { Host: "an.app.example" })).toBe(403);
    });
  });
});

describe.each(withPost)("the server of $transport.name", (edge: Edge) => {
  it("takes no message from a page of another origin", async () => {
    await besideAlice(edge, async (link) => {
      const body = Buffer.from("x");
      for (const headers of [{ Origin: "https://evil.example" }, { Host: "evil.example" }]) {
        expect((await ask(link, { method: "POST", path: "/send/all", headers, body })).status).toBe(
          403,
        );
      }
      expect(link.upstream).toEqual([]);
    });
  });

  it("refuses a page's body of any size without keeping it", async () => {
    await besideAlice(edge, async (link) => {
      const stranger = new Stranger(link);
      const headers = { Origin: "https://evil.example", "Transfer-Encoding": "chunked" };
      stranger.head("POST", "/send/all", headers);
      const size = 2 * maxMessageBytes;
      stranger.write(Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), Buffer.alloc(size)]));
      await stranger.until(/^HTTP\/1.1 403 /);
      await stranger.reset();
      expect(link.upstream).toEqual([]);
    });
  });

  it("lets a page that it answers read the answer, and its cursor", async () => {
    await besideAlice(edge, async (link) => {
      const headers = { Origin: "http://localhost:8080" };
      const answer = await ask(link, { method: "POST", path: "/send/all", headers });
      expect(answer.headers).toMatchObject({
        "access-control-allow-origin": "http://localhost:8080",
        "access-control-expose-headers": "Cursor",
        vary: "Origin",
      });
      const plain = await ask(link, { method: "POST", path: "/send/all" });
      expect(plain.headers).not.toHaveProperty("vary");
    });
  });
});

it("answers to the addresses that it listens on", async () => {
  const [edge] = edges;
  if (edge === undefined) throw new Error("there are edges");
  // As one in a network namespace does, where only its host can be told from others here.
  const elsewhere = {
    ...edge,
    listen: async () => {
      const listener = await CountedListener.open(["127.0.0.1"]);
      const addresses = ["192.0.2.7", "2001:db8::7"];
      return Object.assign(listener, { admitted: { addresses, origins: [] } });
    },
  };
  await besideAlice(elsewhere, async (link) => {
    for (const Host of ["192.0.2.7", "192.0.2.7:3000", "[2001:db8::7]:3000"])
      expect(await statusOf(link, edge.path, { Host }), Host).toBe(204);
    expect(await statusOf(link, edge.path, { Host: "192.0.2.8" })).toBe(403);
  });
});
