import { connect as dial } from "node:net";
import { expect, describe, it } from "vitest";
import { freeUrl } from "../tools/prove/free-port.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { BenchProcess, TemporaryFolder, bench, eventually } from "./bench-process.ts";

/** Little of everything: set-up, messages down and up, idle. */
const little = "--scenarios overhead --clients 3 --duration 200ms --trials 1 --quiet".split(" ");

/** Publishes as others do that use the server, too: on the channel of all, and on those of some clients. */
async function grow(variant: string, url: string, messages: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const { bound } = parseVariant(variant);
  for (const channel of ["all", "client-0", "client-2"]) {
    let came = 0;
    await using connection = await bound.connect(
      {
        url: new URL(url),
        channel,
        phase: 0,
        dial: () => dial({ host: hostname, port: Number(port) }),
      },
      {
        message: () => (came += 1),
        gap: (missed) => (came += missed),
        closed: () => {},
        reconnected: () => {},
      },
    );
    for (let sent = 0; sent < messages; sent += 1) connection.send(Buffer.from("x"));
    await eventually(() => came === messages);
  }
}

describe("a server that hasn't changed", () => {
  it.concurrent.each(["sse", "long-polling"])(
    "passes however old it is, and whatever it is called: %s",
    async (variant) => {
      using folder = new TemporaryFolder();
      const check = (url: string, ...more: string[]) =>
        bench(folder.path, "check", "--transports", variant, ...little, "--target", url, ...more);
      const url = await freeUrl();
      const args = ["serve", "--transport", variant, "--port", new URL(url).port];
      await using server = new BenchProcess(folder.path, args);
      await server.firstLine();
      const made = await check(url, "--update");
      expect(made, made.stderr).toMatchObject({ code: 0 });
      await grow(variant, url, 1_180);
      const aged = await check(url.replace("127.0.0.1", "localhost"), "--out", "aged");
      expect(aged, aged.stdout + aged.stderr).toMatchObject({ code: 0 });
    },
  );
});
