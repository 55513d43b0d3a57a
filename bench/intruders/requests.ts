import type { Guards } from "../../transports/guards.ts";
import type { WireForm } from "../../transports/wire-form.ts";
import type { Door } from "./line.ts";

/** A server that is tried: where it is, how it is spoken to, and the limits that it is to keep. */
export interface Tried {
  readonly door: Door;
  readonly form: WireForm;
  readonly guards: Guards;
}

type Fields = Readonly<Record<string, string>>;

/** The channel that attempts are made on: no client of the trial's listens to it. */
const channel = "intruders";

/** RFC 6455, section 4.1, with the key of its section 1.3. */
const handshake: Fields = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};

/** The request that makes a client, with all that is right unless `fields` say otherwise. */
export function askRequest(tried: Tried, fields: Fields = {}, on = channel): string {
  const { ask, up } = tried.form;
  // Some servers have nothing for who takes no compression.
  const coding = { "Accept-Encoding": "gzip, br" };
  const needed = up.by === "frames" ? handshake : ask.method === "POST" ? emptyBody : {};
  return requestHead(tried, ask.method, filled(ask.path, on), { ...coding, ...needed, ...fields });
}

const emptyBody: Fields = { "Content-Length": "0" };

/** The head of any request. A field of no value is left out. */
export function requestHead(
  { door, guards }: Tried,
  method: string,
  path: string,
  fields: Fields = {},
): string {
  const all: Fields = {
    Host: `${door.host}:${door.port}`,
    ...(guards.token !== undefined && { Authorization: `Bearer ${guards.token}` }),
    ...fields,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** A message as it is sent up, around this text. */
export function messageOf({ form }: Tried, text: string): string {
  return form.up.message.replace("{text}", text);
}

/** A template for the channel that attempts are made on. */
export function filled(template: string, on = channel): string {
  return template.replace("{channel}", on);
}
