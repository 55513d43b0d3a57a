/*
 * What Chromium 156.0.8078.108 sends in requests to another port of its page's host, with credentials, besides what the
 * transport's own clients send. `test/header-fields.test.ts` measures it again. The page has one cookie, of 200 bytes.
 */

/** The origin of the page; over HTTP/2 with TLS, it has TLS, too. */
export const pageOrigin = "http://127.0.0.1:10000";

const agent =
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

const ofAll: readonly string[] = [
  agent,
  `Origin: ${pageOrigin}`,
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-US,en;q=0.9",
  `Cookie: session=${"x".repeat(192)}`,
];

const uncached: readonly string[] = ["Pragma: no-cache", "Cache-Control: no-cache"];

const ofRequests: readonly string[] = [
  ...ofAll,
  'sec-ch-ua-platform: "Linux"',
  'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"',
  "sec-ch-ua-mobile: ?0",
  "Sec-Fetch-Site: same-site",
  "Sec-Fetch-Mode: cors",
  "Sec-Fetch-Dest: empty",
  `Referer: ${pageOrigin}/`,
];

export const chromiumFields = {
  /** Requests by `fetch`. */
  fetch: [...ofRequests, "Accept: */*"],
  /** Those of an `EventSource`, whose `Accept` all clients send. */
  events: [...ofRequests, ...uncached],
  /** The handshake of a `WebSocket`. */
  webSocket: [
    ...ofAll,
    ...uncached,
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * What it sends by HTTP/2 in place of these, by the scheme of page and server: in lower case (RFC 9113, section 8.2.1),
 * and requests with a priority (RFC 9218). Without TLS no browser does.
 */
export const chromiumHttp2Fields = {
  http: allOverHttp2("http"),
  https: allOverHttp2("https"),
};

type Fields = Readonly<Record<string, string>>;

function allOverHttp2(scheme: string): Readonly<Record<keyof typeof chromiumFields, Fields>> {
  const priority = "u=1, i";
  return {
    fetch: { ...overHttp2("fetch", scheme), priority },
    events: { ...overHttp2("events", scheme), priority },
    webSocket: overHttp2("webSocket", scheme),
  };
}

function overHttp2(kind: keyof typeof chromiumFields, scheme: string): Fields {
  const fields = chromiumFields[kind].map((field) => {
    const [name = "", ...value] = field.split(": ");
    return [name.toLowerCase(), value.join(": ").replace(/^http(?=:)/, scheme)];
  });
  return Object.fromEntries(fields);
}
