import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { endpointRequest, streamHint } from "./endpoint-request.ts";

const folder = mkdtempSync(join(tmpdir(), "endpoint-request-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("a request of the user's", () => {
  it("is its bytes, whatever they are, with what says that they are JSON", () => {
    const path = file("body.txt", "\u00fc, not JSON");
    expect(endpointRequest(path, { "x-a": "1" })).toEqual({
      file: path,
      body: Buffer.from("\u00fc, not JSON").toString("base64"),
      bytes: 12,
      sha256: expect.stringMatching(/^[\da-f]{64}$/),
      fields: { "content-type": "application/json", "x-a": "1" },
    });
    const typed = endpointRequest(path, { "content-type": "text/plain" });
    expect(typed.fields).toEqual({ "content-type": "text/plain" });
  });

  it("is none", () => {
    const large = file("large.bin", "");
    truncateSync(large, 16 * 2 ** 20 + 1);
    const missing = join(folder, "missing.json");
    const wrong: readonly (readonly [path: string, message: string])[] = [
      [missing, `there is no file ${missing}`],
      [folder, `${folder} is not a file`],
      [file("empty.json", ""), "empty.json is empty"],
      [large, "large.bin is larger than 16 MiB"],
      [file("wrong.json", '{"key": sk-secret}'), "wrong.json isn't JSON"],
    ];
    for (const [path, message] of wrong) {
      expect(() => endpointRequest(path, {})).toThrow(message);
    }
    expect(() => endpointRequest(join(folder, "wrong.json"), {})).not.toThrow("secret");
  });

  it.each([
    ['{"model":"a","messages":[]}', true],
    ['{"model":"a","prompt":"x","stream":false}', true],
    ['{"model":"a","input":"x","stream":true}', false],
    ['{"text":"x"}', false],
    ["7", false],
    ["no JSON", false],
  ])("%s doesn't ask for a stream: %s", (content, isHinted) => {
    const hint = streamHint(endpointRequest(file("hint.txt", content), {}));
    expect(hint === null).toBe(!isHinted);
    if (isHinted) expect(hint).toContain(`doesn't say "stream": true`);
  });
});
