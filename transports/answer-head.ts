import { ProtocolError } from "./protocol-error.ts";
import type { Header } from "./protocol-error.ts";

/** The head of an answer of HTTP/1.1. */
export interface AnswerHead {
  readonly status: number;
  /** Several fields of one name are one value, with commas between: RFC 9110, section 5.3. */
  readonly header: Header;
}

/** As Node has it where nothing else is said. */
export const maxHeadBytes = 16_384;

const version = "HTTP/1.";
const endOfHead = "\r\n\r\n";

/** Finds the head of an answer (RFC 9112, sections 4 and 5) in chunks of any size, behind interim answers. */
export class AnswerHeads {
  head: AnswerHead | null = null;
  readonly #interim: (status: number) => void;
  #text = "";

  /** `interim` is called with the status of each interim answer. */
  constructor(interim: (status: number) => void) {
    this.#interim = interim;
  }

  /**
   * Takes what has arrived; returns where the head ends in it, and -1 while it hasn't ended. Throws a `ProtocolError` as
   * soon as it can't be one.
   */
  read(chunk: Buffer, length: number): number {
    const before = this.#text.length;
    let text = this.#text + chunk.toString("latin1", 0, length);
    let taken = 0;
    for (;;) {
      const end = text.indexOf(endOfHead);
      check(end === -1 ? text : text.slice(0, end + endOfHead.length));
      if (end === -1) {
        this.#text = text;
        return -1;
      }
      taken += end + endOfHead.length;
      const head = parsed(text.slice(0, end));
      if (head.status === switching || head.status >= 200 || head.status < 100) {
        this.head = head;
        this.#text = "";
        return taken - before;
      }
      this.#interim(head.status);
      text = text.slice(end + endOfHead.length);
    }
  }
}

const switching = 101;

/** Throws where what there is of a head can't become one. */
function check(text: string): void {
  if (!text.startsWith(version.slice(0, text.length))) throw notHttp("Invalid HTTP version");
  if (/(?:^|[^\r])\n/.test(text)) throw notHttp("a line feed alone ends a line");
  if (text.length > maxHeadBytes) throw tooLongHead();
}

/** A head without an end, or a body's trailers. */
export function tooLongHead(): ProtocolError {
  return new ProtocolError("an answer whose headers are too long");
}

export function notHttp(why: string): ProtocolError {
  return new ProtocolError(`an answer that isn't HTTP/1.1: ${why}`);
}

function parsed(text: string): AnswerHead {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const [, minor, digits] = /^HTTP\/1\.(\S+) (\S*)/.exec(statusLine) ?? [];
  if (minor !== "0" && minor !== "1") throw notHttp("Invalid HTTP version");
  if (digits === undefined || !/^\d{3}$/.test(digits)) throw notHttp("Invalid response status");
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [name, value] = fieldOf(line);
    const other = fields.get(name);
    if (other !== undefined && name === "content-length") throw notHttp("a second Content-Length");
    fields.set(name, other === undefined ? value : `${other}, ${value}`);
  }
  checkLength(fields);
  return { status: Number(digits), header: (name) => fields.get(name) };
}

/** RFC 9110, section 5.6.2. */
const field = /^([!#$%&'*+.^_`|~\dA-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

function fieldOf(line: string): readonly [name: string, value: string] {
  if (/^[ \t]/.test(line)) throw notHttp("a line that begins with a space");
  const [, name, value] = field.exec(line) ?? [];
  if (name === undefined || value === undefined) throw notHttp("Invalid header token");
  // RFC 9110, section 5.5: no control characters but tabs.
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw notHttp("Invalid header value char");
  return [name.toLowerCase(), value];
}

/** A length in which answers could hide: RFC 9112, section 6.3. */
function checkLength(fields: ReadonlyMap<string, string>): void {
  const length = fields.get("content-length");
  if (length === undefined) return;
  if (!/^\d{1,15}$/.test(length)) throw notHttp("Invalid character in Content-Length");
  if (fields.has("transfer-encoding")) {
    throw notHttp("Content-Length can't be present with Transfer-Encoding");
  }
}
