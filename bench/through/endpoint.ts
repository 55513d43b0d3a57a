import { isIP } from "node:net";
import { unescape } from "node:querystring";
import type { ConnectionOptions } from "node:tls";
import { readAuthorities } from "../settings/authorities.ts";
import type { Verification } from "../settings/target.ts";
import { usageError } from "../errors/errors.ts";
import { hidden } from "../errors/secrets.ts";
import { hiddenQuery, hidingOf, secretsGiven } from "../errors/user-secrets.ts";
import { visible } from "../text/visible.ts";

/** A URL as its clients ask for it. */
export interface Endpoint {
  /** Without a user and password. */
  readonly url: URL;
  readonly fields: Readonly<Record<string, string>>;
  /** How its certificate is verified. */
  readonly tls: ConnectionOptions;
  /** A text with the secrets hidden that this user has given, and nothing in it that acts on a terminal. */
  readonly hide: (text: string) => string;
}

export function parseEndpointUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text.replace(/^ws(s?):/i, "http$1:")) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "") {
    url.hash = "";
    return url;
  }
  // Of what is no URL, nothing tells where a user and password end but the sign behind them.
  const shown = text.replace(/.*@/s, `${hidden}@`).replace(/\?.*/s, `?${hidden}`);
  throw usageError(
    `--through: "${shown}" is not the URL of an endpoint, http(s)://host[:port]/path`,
  );
}

/** Fields as curl takes them, `Name: value`. */
export function parseFields(given: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const text of given) {
    const [, name, value] =
      /^([!#$%&'*+.^`|~\w-]+):[ \t]*([\t -~\u0080-\u00FF]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw usageError(
        '--header: what was given is no field, which is a name, a colon and a value: "X-Client: 7"',
      );
    }
    const key = name.toLowerCase();
    if (ownFields.has(key)) {
      throw usageError(`--header: ${name} is chosen by what is asked, and can't be given`);
    }
    if (Object.hasOwn(fields, key)) {
      throw usageError(`--header: ${name} is given twice: name all of its values in one`);
    }
    fields[key] = value.trim();
  }
  return fields;
}

/** By which things are found out, or that HTTP/2 doesn't have. */
const ownFields: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

export function endpointAt(
  given: URL,
  givenFields: Readonly<Record<string, string>>,
  { ca, isVerified }: Verification,
): Endpoint {
  const url = new URL(given);
  const { username, password } = given;
  url.username = "";
  url.password = "";
  const fields = { ...givenFields };
  if (username !== "" || password !== "") {
    const pair = `${unescape(username)}:${unescape(password)}`;
    fields["authorization"] ??= `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const hide = hidingOf(secretsGiven(given, fields));
  return {
    url,
    fields,
    tls: {
      rejectUnauthorized: isVerified,
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== null && { ca: readAuthorities(ca) }),
    },
    hide: (text) => visible(hide(text)),
  };
}

/** The URL for people: what its query holds may be a key. */
export function shownUrl({ url, hide }: Endpoint): string {
  return hide(url.origin + url.pathname + hiddenQuery(url.search));
}
