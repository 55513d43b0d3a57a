import { createReadStream } from "node:fs";
import { BenchError, codeOf } from "../errors/errors.ts";

// What is read may have come through any editor, download or merge: text is read in each encoding that says
// what it is, and what is no JSON is named as what it is instead.

/** No string is longer in Node, and no document that bench writes comes near it. */
const maxBytes = 512 * 1024 * 1024;

/**
 * The size of one read: files of hundreds of megabytes are read ten times as fast as with the default of 64 KiB.
 */
const chunkBytes = 1024 * 1024;

/** Reads a document that bench has written; throws a `BenchError` when it can't be read. */
export async function readDocument(path: string): Promise<string> {
  try {
    return await readText(path);
  } catch (error) {
    throw new BenchError("results", `${path}: can't be read (${codeOf(error)})`);
  }
}

/**
 * Reads a text file, in UTF-8 or what its byte order mark says. Rejects with the system's error, and with
 * `EFBIG` for what has more than `most` bytes or no end, as some devices.
 */
export async function readText(path: string, most: number = maxBytes): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) throw Object.assign(new Error("too large"), { code: "EFBIG" });
  }
  return decoded(Buffer.concat(chunks));
}

/** Parses JSON text; throws a `BenchError` that says what it is instead. */
export function parseJson(
  text: string,
  path: string,
  code: "results" | "usage" = "results",
): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BenchError(code, `${path}: ${whatItIs(text)}`);
  }
}

/** https://encoding.spec.whatwg.org/#bom-sniff; without a mark, the zeros of ASCII in UTF-16 tell. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const encoding = isLittle ? "utf-16le" : isBig ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function whatItIs(text: string): string {
  const isBinary = text.startsWith("\u001F\uFFFD") || text.startsWith("PK\u0003\u0004");
  if (isBinary) return "is compressed; unpack it first";
  if (/^(?:<{7}|={7}$|>{7}) ?/m.test(text)) {
    return "has the conflict marks of a merge in it; resolve them first";
  }
  if (text.trim() === "") return "is empty";
  if (text.includes("\0")) return "is not text";
  if (/^\s*</.test(text)) return "is HTML or XML, not JSON";
  return /^\s*[[{]/.test(text) ? "is not complete JSON; it was cut off or edited" : "is not JSON";
}
