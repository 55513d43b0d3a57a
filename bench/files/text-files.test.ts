import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { parseJson, readDocument } from "./text-files.ts";

const text = `{"name":"Größe"}`;

async function read(bytes: Uint8Array | string): Promise<unknown> {
  using folder = new TemporaryFolder();
  const path = join(folder.path, "results.json");
  writeFileSync(path, bytes);
  return parseJson(await readDocument(path), "it");
}

const utf16 = Buffer.from(text, "utf16le");
const swapped = Buffer.from(utf16).swap16();

describe("a document", () => {
  it.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16, little end first", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ["UTF-16, big end first", Buffer.concat([Buffer.from([0xfe, 0xff]), swapped])],
    ["UTF-16 without a mark, little end first", utf16],
    ["UTF-16 without a mark, big end first", swapped],
  ])("is read in %s", async (_, bytes) => {
    expect(await read(bytes)).toEqual({ name: "Größe" });
  });

  it.each([
    ["nothing", "", "is empty"],
    ["a byte order mark alone", "\uFEFF", "is empty"],
    [
      "a merge's conflict",
      `{\n<<<<<<< HEAD\n"a":1\n=======\n"a":2\n>>>>>>> b\n}`,
      "conflict marks",
    ],
    ["the half of it", text.slice(0, 9), "is not complete JSON; it was cut off or edited"],
    ["an error page", "<!doctype html><p>404", "is HTML or XML, not JSON"],
    ["a sentence", "Not Found", "is not JSON"],
    ["a gzip file", gzipSync(text), "is compressed; unpack it first"],
    ["a zip file", Buffer.from("PK\u0003\u0004\u0014\0"), "is compressed; unpack it first"],
    ["zeros", Buffer.alloc(64), "is not text"],
  ])("that holds %s is named as what it is", async (_, bytes, what) => {
    await expect(read(bytes)).rejects.toThrow(what);
  });

  it.runIf(process.platform === "linux")("without an end is given up", async () => {
    await expect(readDocument("/dev/zero")).rejects.toThrow("/dev/zero: can't be read (EFBIG)");
  });

  it("that isn't there is named", async () => {
    await expect(readDocument("nowhere.json")).rejects.toThrow("can't be read (ENOENT)");
  });
});
