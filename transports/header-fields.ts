import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { chromiumFields, chromiumHttp2Fields } from "./chromium-fields.ts";
import { isHttp2 } from "./layers.ts";
import type { Layers } from "./layers.ts";
import type { Target } from "./transport.ts";

// Which header fields requests and answers carry besides what the transport's own code puts there.

/**
 * `stream`, on which heads of requests have fewer fields than the HTTP client gives them, or those of a browser, or a
 * token, too. Clients write a head as one text, and nothing else as text.
 */
export function withFields(stream: Duplex, layers: Layers): Duplex {
  const { headers = "node", token } = layers;
  if ((headers === "node" && token === undefined) || isHttp2(layers)) return stream;
  const edited = (head: string): string => authorized(editors[headers](head), token);
  const write = stream.write.bind(stream);
  stream.write = (chunk: unknown, ...further: unknown[]): boolean =>
    Reflect.apply(write, stream, [isHead(chunk) ? edited(chunk) : chunk, ...further]) === true;
  return stream;
}

const editors = {
  minimal: withoutConnection,
  node: (head: string) => head,
  browser: withChromiumFields,
};

/** The field that bears a token: RFC 6750, section 2.1. */
export function bearer(token: string): string {
  return `Authorization: Bearer ${token}`;
}

function authorized(head: string, token: string | undefined): string {
  return token === undefined ? head : head.replace("\r\n\r\n", `\r\n${bearer(token)}\r\n\r\n`);
}

type Fields = Readonly<Record<string, string>>;

type Kind = keyof typeof chromiumFields;

/**
 * The fields of a request by HTTP/2 that has `own` ones, and those of a browser where they are asked for. Node adds none
 * that could be left out.
 */
export function http2Fields(
  own: Fields,
  { url, headers, token }: Pick<Target, "url" | "headers" | "token">,
): Fields {
  if (token !== undefined) {
    const authorization = `Bearer ${token}`;
    return { ...http2Fields(own, { url, ...(headers && { headers }) }), authorization };
  }
  if (headers !== "browser") return own;
  const { http, https } = chromiumHttp2Fields;
  const lowered = Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]);
  const ofKind = (url.protocol === "https:" ? https : http)[http2KindOf(own)];
  return { ...Object.fromEntries(lowered), ...ofKind };
}

function http2KindOf(own: Fields): Kind {
  if (own[":protocol"] === "websocket") return "webSocket";
  return own["Accept"] === "text/event-stream" ? "events" : "fetch";
}

/** Has answers carry no more than the transport gives them. */
export function limitAnswers(http: Server, { headers }: Layers): void {
  if (headers !== "minimal") return;
  http.on("request", (_request, response) => {
    response.sendDate = false;
    // Node then sends neither it nor Keep-Alive.
    response.removeHeader("Connection");
  });
}

const requestLine = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/;

function isHead(chunk: unknown): chunk is string {
  return typeof chunk === "string" && requestLine.test(chunk);
}

/** HTTP/1.1 keeps connections without a word; closing or upgrading them has to be said (RFC 9112, section 9). */
function withoutConnection(head: string): string {
  return head.replace(/\r\nconnection: keep-alive(?=\r\n)/i, "");
}

function withChromiumFields(head: string): string {
  const fields = chromiumFields[kindOf(head)];
  const others = head.replace(compressionOffers, "");
  return others.replace("\r\n\r\n", `\r\n${fields.join("\r\n")}\r\n\r\n`);
}

/** What a client that asks for compression says of it: a browser always does, in its own words and once. */
const compressionOffers = /\r\n(?:accept-encoding|sec-websocket-extensions): .*(?=\r\n)/gi;

function kindOf(head: string): Kind {
  if (/\r\nupgrade: websocket\r\n/i.test(head)) return "webSocket";
  return /\r\naccept: text\/event-stream\r\n/i.test(head) ? "events" : "fetch";
}
