import {
  brotliDecompressSync,
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createGunzip,
  createGzip,
  gunzipSync,
} from "node:zlib";
import type { BrotliCompress, BrotliDecompress, Gunzip, Gzip } from "node:zlib";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";
import type { Layers } from "./layers.ts";
import { brokenCoding } from "./protocol-error.ts";

/** How the body of an answer is encoded, as HTTP calls it: RFC 9110, section 8.4.1. */
export type Coding = "identity" | "gzip" | "br";

export function codingOf({ gzip, br }: Layers): Coding {
  if (gzip !== undefined) return "gzip";
  return br === undefined ? "identity" : "br";
}

/**
 * How hard a server tries that isn't told. gzip: zlib's own. Brotli: for answers that are made as they are asked for;
 * Node's own, 11, is for files.
 */
const defaultQuality = { gzip: 6, br: 4 } as const;

/** Compresses one answer. Null where answers are sent as they are. */
export function compressorOf(layers: Layers): BrotliCompress | Gzip | null {
  const coding = codingOf(layers);
  if (coding === "identity") return null;
  const quality = layers.quality ?? defaultQuality[coding];
  return coding === "gzip"
    ? createGzip({ level: quality })
    : createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}

/** How what has been written comes out at once, and yet later messages may refer to it. */
export function flushOf(coding: Coding): number {
  return coding === "br" ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH;
}

/** Decompresses an answer as it comes, whose end may be missing. */
export function decompressorOf(coding: Exclude<Coding, "identity">): BrotliDecompress | Gunzip {
  const flush = flushOf(coding);
  return coding === "gzip"
    ? createGunzip({ flush, finishFlush: flush })
    : createBrotliDecompress({ flush, finishFlush: flush });
}

/** What asks for that encoding; nothing where answers are to come as they are. */
export function acceptHeader(coding: Coding): Readonly<Record<string, string>> | null {
  return coding === "identity" ? null : { "accept-encoding": coding };
}

/** What an answer holds as it comes; `failed` is told of a body that can't be decompressed. */
export function plainStream(
  answer: Readable,
  coding: Coding,
  failed: (error: Error) => void,
): Readable {
  if (coding === "identity") return answer;
  const decompressor = decompressorOf(coding);
  decompressor.once("error", (error) => failed(brokenCoding(error)));
  return pipeline(answer, decompressor, () => {});
}

/** Decompresses a whole answer; throws when it is broken, or longer than `maxBytes`. */
export function decompressed(coding: Coding, body: Buffer, maxBytes: number): Buffer {
  if (coding === "identity") return body;
  const decompress = coding === "gzip" ? gunzipSync : brotliDecompressSync;
  return decompress(body, { maxOutputLength: maxBytes });
}

/**
 * Why a request can't be answered; null where it can. A server that compresses doesn't answer others as they come: that
 * would be measured as compressed.
 */
export function refusedCoding({ headers }: IncomingMessage, coding: Coding): string | null {
  if (coding === "identity") return null;
  const accepted = (headers["accept-encoding"] ?? "").toLowerCase().split(",");
  const isAccepted = accepted.some((item) => item.split(";", 1)[0]?.trim() === coding);
  return isAccepted ? null : `this server compresses: send Accept-Encoding: ${coding}`;
}
