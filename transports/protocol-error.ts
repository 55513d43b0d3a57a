import type { Coding } from "./content-coding.ts";

/**
 * The peer doesn't keep to the wire format. The message says what it did instead, is short, and does nothing to
 * a terminal.
 */
export class ProtocolError extends Error {
  /** The status of the HTTP answer, where there was one. */
  readonly status: number | null;

  constructor(message: string, status: number | null = null) {
    super(message);
    this.status = status;
  }
}

/** The value of a header, by its name in small letters. */
export type Header = (name: string) => string | undefined;

/** An HTTP answer with another status than the one that is due; the message has its Location and Retry-After. */
export function unexpectedStatus(status: number, header: Header): ProtocolError {
  const location = header("location");
  const retryAfter = header("retry-after");
  const redirect = location === undefined ? "" : `, a redirect to ${quoted(location)}`;
  const later = retryAfter === undefined ? "" : `, Retry-After ${quoted(retryAfter)}`;
  return new ProtocolError(`status ${status}${redirect}${later}`, status);
}

/** An answer that switches protocols without being asked to (RFC 9110, section 15.2.2). */
export function unexpectedUpgrade(): ProtocolError {
  return new ProtocolError("status 101, a switch of protocols that was not requested", 101);
}

/** The error for an answer that is compressed otherwise than asked for, by its content or on its way; else null. */
export function unexpectedEncoding(
  header: Header,
  asked: Coding = "identity",
): ProtocolError | null {
  const content = header("content-encoding")?.toLowerCase() ?? "identity";
  const transfer = header("transfer-encoding") ?? "chunked";
  if (content !== asked && content === "identity") {
    return new ProtocolError(`the answer isn't compressed by ${asked}, as was requested`);
  }
  const [name, value] =
    content === asked
      ? ["Transfer-Encoding", transfer]
      : ["Content-Encoding", header("content-encoding") ?? ""];
  if (content === asked && /^(?:identity|chunked)$/i.test(value)) return null;
  return new ProtocolError(`the ${name} is ${quoted(value)}, which was not requested`);
}

/** The error for a body that can't be decompressed. */
export function brokenCoding({ message }: Error): ProtocolError {
  return new ProtocolError(`a body that can't be decompressed: ${message}`);
}

/**
 * One wording for errors of the system, of Node and of undici: the end of a connection, in order or by a reset,
 * and what isn't HTTP. Any other error is returned as it is.
 */
export function normalizedError(error: Error): Error {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNRESET" || code === "EPIPE") return new Error(endedByServer, { cause: error });
  if (code === "UND_ERR_SOCKET" && error.message === "other side closed") {
    return new Error(endedByServer, { cause: error });
  }
  // undici takes it for impossible.
  if (code === "ERR_ASSERTION")
    return new ProtocolError("an answer that isn't HTTP/1.1: its status");
  if (/HEADERS?_OVERFLOW$/.test(code))
    return new ProtocolError("an answer whose headers are too long");
  if (!code.startsWith("HPE_") && error.name !== "HTTPParserError") return error;
  const [, ofNode, ofUndici] = /^Parse Error: (.*)$|\((.*)\)$/.exec(error.message) ?? [];
  return new ProtocolError(`an answer that isn't HTTP/1.1: ${ofNode ?? ofUndici ?? error.message}`);
}

/** `what` has grown beyond its bound, in bytes. */
export function tooLong(what: string, maxBytes: number): ProtocolError {
  return new ProtocolError(`${what} of more than ${maxBytes / 1_048_576} MiB`);
}

/** The server no longer takes what is sent to it. */
export function notReading(): ProtocolError {
  return new ProtocolError("the server doesn't read what the client sends");
}

/** A WebSocket was closed; `reason` is the peer's own text, and may be empty. */
export function closeError(code: number, reason: string): Error {
  if (code === abnormalClosure) return new Error(endedByServer);
  const how = code === noStatus ? "without a code" : `with ${code}`;
  return new ProtocolError(`closed ${how}${reason === "" ? "" : ` ${quoted(reason)}`}`);
}

/** RFC 6455, section 7.4.1: no close frame was received, or one without a code. */
const abnormalClosure = 1006;
export const noStatus = 1005;

/** The message for the end of a connection for which the server gives no reason. */
export const endedByServer = "the server ended the connection";

/** A thrown value as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Why a client couldn't subscribe: `error` keeps its code, as the cause, and `received` says how far it got. */
export function subscribeError(error: Error, received: string): Error {
  return error instanceof ProtocolError
    ? error
    : new Error(`${error.message}; ${received}`, { cause: error });
}

/** Reads a number of the peer's; throws a `ProtocolError` that names `what` it should have been. */
export function expectedNumber(text: string | undefined, what: string): number {
  const number = parseCursor(text ?? "");
  if (number === null) throw notANumber(text, what);
  return number;
}

/** The error for a text that is no number; undefined where there is none at all. */
export function notANumber(text: string | undefined, what: string): ProtocolError {
  const found = text === undefined ? "is missing" : `is ${quoted(text)}, not a whole number`;
  return new ProtocolError(`${what} ${found}`);
}

/** Reads a number as messages have it: whole, in decimal, exact in JavaScript. Null for any other text. */
export function parseCursor(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const maxShownCharacters = 60;

/**
 * A text of the peer's in quotes: cut, and with escapes in the place of whatever would do something to a
 * terminal or make it write from right to left.
 */
export function quoted(text: string): string {
  const shown = JSON.stringify(text.slice(0, maxShownCharacters)).replaceAll(active, escaped);
  return text.length > maxShownCharacters ? `${shown}… (${text.length} characters)` : shown;
}

/** Control and format characters that JSON leaves as they are, and the two further line ends. */
const active = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) =>
    character.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  return units.map((unit) => String.raw`\u${unit}`).join("");
}
