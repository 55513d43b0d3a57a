import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import type { EncodingName } from "../payloads/encodings.ts";
import { checkCarried } from "./carried-corpus.ts";
import { asFlag } from "./naming.ts";
import {
  payloadFacts,
  payloadOf,
  payloadText,
  recordedPayload,
  restorePayload,
} from "./payload.ts";

const folder = mkdtempSync(join(tmpdir(), "payload-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
}

describe("what is sent", () => {
  it.each([{}, { payloadKind: "repeated" }, { encoding: "json" as const }])(
    "is the harness's own text for %o",
    (settings) => {
      expect(payloadOf(settings, asFlag)).toBeNull();
    },
  );

  it("is recorded with its kind and encoding, and restored from that", () => {
    const payload = payloadOf({ payloadKind: "json-tick", encoding: "msgpack" }, asFlag);
    const recorded = { payloadKind: "json-tick", encoding: "msgpack" };
    expect(recordedPayload(payload)).toEqual(recorded);
    expect(restorePayload(recorded, asFlag)).toEqual(payload);
    expect(restorePayload({}, asFlag)).toBeNull();
    expect(payload && payloadText(payload)).toBe("json-tick as msgpack");
  });

  it("is a corpus where a file is named: known by its name and content, and found by its path", () => {
    const path = file("ticks.jsonl", '{"a":1}\r\n\n{"a":22}\n');
    const payload = payloadOf({ payloadKind: path }, asFlag);
    expect(payload?.recipe.content).toEqual({ lines: ['{"a":1}', '{"a":22}'] });
    // With the field of the head.
    const head = '"bench":"",'.length + 40;
    expect(payload?.corpus?.sizes).toEqual([7 + head, 8 + head]);
    expect(payload && payloadFacts(payload)).toMatchObject({ payloadKind: "ticks.jsonl" });
    expect(recordedPayload(payload)).toMatchObject({ payloadKind: path });
    expect(restorePayload(recordedPayload(payload), asFlag)).toEqual(payload);
    file("ticks.jsonl", '{"a":2}');
    expect(() => restorePayload(recordedPayload(payload), asFlag)).toThrow(/is not what it was/);
  });
});

describe("a corpus that its encoding doesn't give back", () => {
  const refusal = (lines: string, encoding: EncodingName): Promise<void> =>
    checkCarried(payloadOf({ payloadKind: file("lost.jsonl", lines), encoding }, asFlag), asFlag);

  it.each([
    [
      `{"a":1}\n${nested(101)}`,
      "msgpack",
      /message 2, .* as msgpack: .*; --encoding json or base64 can$/,
    ],
    [
      '{"a":{"__proto__":{"b":1}}}',
      "msgpack",
      /message 1, .*__proto__.*; --encoding json or base64 can$/,
    ],
    [
      `{"a":"\\ud800${"x".repeat(300)}"}`,
      "msgpack",
      /message 1, .* another value; --encoding json or base64 can$/,
    ],
    ['{"a":-1e999}', "json", /message 1, .* another value; --encoding msgpack can$/],
    ['{"a":[1e999]}', "base64", /message 1, .* as base64: .*; --encoding msgpack can$/],
    [`{"a":1e999,"b":"\\udfff${"x".repeat(300)}"}`, "json", /message 1, .*; no encoding can$/],
  ] as const)("is refused by its name and place (case %#)", async (lines, encoding, message) => {
    await expect(refusal(lines, encoding)).rejects.toThrow(BenchError);
    await expect(refusal(lines, encoding)).rejects.toThrow(message);
    await expect(refusal(lines, encoding)).rejects.toThrow(/^--payload-kind: .*lost\.jsonl, /);
  });

  it.each([
    ['{"__proto__":{"b":1},"a":"\\ud800"}', "json"],
    [nested(900), "base64"],
    // One zero, rounded numbers, the last of two: what every application gets from JSON.
    ['{"a":-0,"b":12345678901234567890,"c":1,"c":2,"10":0,"2":1}', "msgpack"],
    ['{"type":"bench","a":{"bench":1},"toJSON":1,"constructor":null}', "msgpack"],
    ['\ufeff{"a":1}\n{"a":NaN}\n\u2028\u0000\n{"bench":', "protobuf"],
  ] as const)("isn't one that comes back as it was parsed (case %#)", async (lines, encoding) => {
    await expect(refusal(lines, encoding)).resolves.toBeUndefined();
  });

  it("is no kind that the harness makes", async () => {
    const payload = payloadOf({ payloadKind: "json-tick", encoding: "msgpack" }, asFlag);
    await expect(checkCarried(payload, asFlag)).resolves.toBeUndefined();
  });
});

describe("refused in one line is", () => {
  it.each([
    [
      { payloadKind: "json-tik" },
      /^--payload-kind: "json-tik" is neither .*did you mean "json-tick"/,
    ],
    [{ payloadKind: "./nowhere.txt" }, /neither a kind of payloads nor a file; known are repeated/],
    [{ payloadKind: folder }, /is not a file$/],
    [{ payloadKind: file("empty.txt", "\n\n") }, /is empty$/],
    [{ payloadKind: file("binary", Buffer.from([1, 0xff, 2])) }, /is not UTF-8 text/],
    [{ payloadKind: file("cr.txt", "a\rb\n") }, /message 1 has a carriage return within it$/],
    [
      { payloadKind: file("own.jsonl", '{"a":1}\n{"\\u0062ench":1}') },
      /message 2, has a field "bench", which is the harness's own$/,
    ],
    [
      { payloadKind: file("deep.jsonl", `{"a":1}\n{"a":${nested(1_000)}}\n${nested(9_000)}`) },
      /message 2, is nested more than 1000 levels deep$/,
    ],
    [
      { payloadKind: file("o.jsonl", '{"a":1}'), encoding: "protobuf" as const },
      /for protobuf there is no schema/,
    ],
    [{ payloadKind: file("t.txt", "hello"), payload: 100 }, /^--payload has no effect on .*t\.txt/],
    [{ payloadKind: "json-tick", payload: 100 }, /^--payload: json-tick needs at least \d+ bytes/],
    [
      { encoding: "base64" as const, payload: 8 * 1024 * 1024 },
      /^--payload: as base64, a message has at most 6291456 bytes/,
    ],
  ])("%o", (settings, message) => {
    expect(() => payloadOf(settings, asFlag)).toThrow(BenchError);
    expect(() => payloadOf(settings, asFlag)).toThrow(message);
  });
});
