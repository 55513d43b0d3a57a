import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { casesOf } from "../bench/conformance/conform.ts";
import { transports } from "../transports/index.ts";
import { EchoServer } from "./echo-server.ts";
import { curl, isMissing } from "./requirements.ts";

// docs/wire-formats.md says what is so.

const page = readFileSync(new URL("../docs/wire-formats.md", import.meta.url), "utf8");
const run = promisify(execFile);

/** The blocks of commands with what they print, and the format that their server speaks. */
const consoles = [...page.matchAll(/^```console (\S+)\n(.*?)^```$/gms)].map(
  ([, transport = "", text = ""]) => [transport, text] as const,
);

describe("the page on wire formats", () => {
  it("shows commands for every format over HTTP", () => {
    expect(consoles.map(([name]) => name)).toEqual([
      "websocket",
      "sse",
      "streaming",
      "short-polling",
    ]);
  });

  it.skipIf(isMissing(curl)).each(consoles)(
    "shows what commands to a server of %s print",
    async (transport, text) => {
      await using server = await EchoServer.open(transport);
      const printed: string[] = [];
      for (const [, command = ""] of text.matchAll(/^\$ (.*)$/gm)) {
        const atServer = command.replaceAll("localhost:3000", `127.0.0.1:${server.port}`);
        // curl ends with an error where it was told to stop listening.
        const { stdout } = await run("sh", ["-c", `${atServer}\ntrue`]);
        printed.push(
          `$ ${command}\n${stdout.replaceAll("\r", "").replaceAll(/^Date: .*/gm, "Date: …")}`,
        );
      }
      expect(printed.join("")).toBe(text);
    },
  );

  it("lists every case with its level, and no other", () => {
    const listed = [...page.matchAll(/^\| (.*) \| (required|optional) \| (.*) \|$/gm)];
    const cases = transports.flatMap(({ name }) => casesOf(name));
    const expected = new Set(cases.map(({ name, level }) => `${name}: ${level}`));
    expect(new Set(listed.map(([, name, level]) => `${name}: ${level}`))).toEqual(expected);
    expect(listed).toHaveLength(expected.size);
  });
});
