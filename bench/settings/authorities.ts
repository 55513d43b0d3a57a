import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { codeOf, usageError } from "../errors/errors.ts";

/** The certificates of authorities in a file, in PEM; throws a `BenchError` that says what it is instead. */
export function readAuthorities(path: string): string {
  const text = textOf(path);
  const blocks = text.match(certificate) ?? [];
  if (blocks.length > 0 && blocks.every(isCertificate)) return blocks.join("\n");
  throw usageError(`--ca: ${path} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)`);
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw usageError(`--ca: ${path} can't be read (${codeOf(error)})`);
  }
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
