/**
 * The peer answered with something else than the wire format has. The message says what that was, is short,
 * and does nothing to a terminal.
 */
export class Refusal extends Error {
  /** Of the HTTP answer, where there was one. */
  readonly status: number | null;

  constructor(message: string, status: number | null = null) {
    super(message);
    this.status = status;
  }
}

/** The value of a header, by its name in small letters. */
export type Header = (name: string) => string | undefined;

/** What an HTTP answer with another status than the one that is due comes to, with what it says of the way out. */
export function refusedWith(status: number, header: Header): Refusal {
  const location = header("location");
  const retryAfter = header("retry-after");
  const redirect = location === undefined ? "" : `, a redirect to ${quoted(location)}`;
  const later = retryAfter === undefined ? "" : `, Retry-After ${quoted(retryAfter)}`;
  return new Refusal(`status ${status}${redirect}${later}`, status);
}

/** What an answer comes to that asks for another protocol by itself (RFC 9110, section 15.2.2). */
export function switched(): Refusal {
  return new Refusal("status 101, a switch of protocols that was not requested", 101);
}

/** What an answer comes to that is compressed, by its content or on its way; null where it isn't. */
export function encoded(header: Header): Refusal | null {
  const content = header("content-encoding") ?? "identity";
  const transfer = header("transfer-encoding") ?? "chunked";
  const [name, value] =
    content.toLowerCase() === "identity"
      ? ["Transfer-Encoding", transfer]
      : ["Content-Encoding", content];
  if (/^(?:identity|chunked)$/i.test(value)) return null;
  return new Refusal(`the ${name} is ${quoted(value)}, which was not requested`);
}

/**
 * An error of the system, of Node or of undici in our words: the end of a connection, in order or by a reset,
 * and what isn't HTTP.
 */
export function inOurWords(error: Error): Error {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNRESET" || code === "EPIPE") return new Error(silentEnd, { cause: error });
  if (code === "UND_ERR_SOCKET" && error.message === "other side closed") {
    return new Error(silentEnd, { cause: error });
  }
  // undici takes it for impossible.
  if (code === "ERR_ASSERTION") return new Refusal("an answer that isn't HTTP/1.1: its status");
  if (/HEADERS?_OVERFLOW$/.test(code)) return new Refusal("an answer whose headers are too long");
  if (!code.startsWith("HPE_") && error.name !== "HTTPParserError") return error;
  const [, ofNode, ofUndici] = /^Parse Error: (.*)$|\((.*)\)$/.exec(error.message) ?? [];
  return new Refusal(`an answer that isn't HTTP/1.1: ${ofNode ?? ofUndici ?? error.message}`);
}

/** What has grown beyond its bound, in bytes. */
export function tooLong(what: string, maxBytes: number): Refusal {
  return new Refusal(`${what} of more than ${maxBytes / 1_048_576} MiB`);
}

/** What a server comes to that takes nothing any more of what is sent to it. */
export function notRead(): Refusal {
  return new Refusal("the server doesn't read what the client sends");
}

/** What the end of a WebSocket comes to; `reason` is the peer's own text, and may be empty. */
export function closedWith(code: number, reason: string): Error {
  if (code === abnormalClosure) return new Error(silentEnd);
  const how = code === noStatus ? "without a code" : `with ${code}`;
  return new Refusal(`closed ${how}${reason === "" ? "" : ` ${quoted(reason)}`}`);
}

/** RFC 6455, section 7.4.1: no close frame was received, or one without a code. */
const abnormalClosure = 1006;
const noStatus = 1005;

/** What a connection's end comes to that says nothing of itself. */
export const silentEnd = "the server ended the connection";

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Why a client couldn't subscribe: `error` keeps its code, as the cause, and `received` says how far it got. */
export function unsubscribed(error: Error, received: string): Error {
  return error instanceof Refusal
    ? error
    : new Error(`${error.message}; ${received}`, { cause: error });
}

/** Reads a number of the peer's; throws a `Refusal` that names `what` it should have been. */
export function expectedNumber(text: string | undefined, what: string): number {
  const number = parseCursor(text ?? "");
  if (number === null) throw notANumber(text, what);
  return number;
}

/** What something else than a number comes to, or undefined for nothing at all. */
export function notANumber(text: string | undefined, what: string): Refusal {
  const found = text === undefined ? "is missing" : `is ${quoted(text)}, not a whole number`;
  return new Refusal(`${what} ${found}`);
}

/** Reads a number as messages have it: whole, in decimal, exact in JavaScript. Null for any other text. */
export function parseCursor(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const shownCharacters = 60;

/**
 * A text of the peer's in quotes: cut, and with escapes in the place of whatever would do something to a
 * terminal or make it write from right to left.
 */
export function quoted(text: string): string {
  const shown = JSON.stringify(text.slice(0, shownCharacters)).replaceAll(active, escaped);
  return text.length > shownCharacters ? `${shown}… (${text.length} characters)` : shown;
}

/** Control and format characters that JSON leaves as they are, and the two further line ends. */
const active = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) =>
    character.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  return units.map((unit) => String.raw`\u${unit}`).join("");
}
