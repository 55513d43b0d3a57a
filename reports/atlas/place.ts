/** Where a variant stands in an atlas: behind which proxy, and in the column of which transport. */
export interface Place {
  readonly proxy: string;
  /** `default`, `corrected`, or another that the proxy has. */
  readonly configuration: string;
  /** The variant without the proxy: `sse+h2` of `sse+h2+proxy=nginx`. */
  readonly column: string;
}

/** Null for a variant without a proxy. */
export function placeOf(variant: string): Place | null {
  const [layer = "", proxy, configuration = "default"] =
    /\+proxy=([^+:]+)(?::([^+]+))?/.exec(variant) ?? [];
  return proxy === undefined ? null : { proxy, configuration, column: variant.replace(layer, "") };
}

/** What clients speak with the proxy, by the options of a column. */
export function frontOf(column: string): string {
  if (/\+h2(?=\+|$)/.test(column)) return "HTTP/2";
  if (/\+h2c(?=\+|$)/.test(column)) return "HTTP/2 without TLS";
  return /\+tls(?=[=+]|$)/.test(column) ? "HTTP/1.1 over TLS" : "HTTP/1.1";
}

/** What is left of a column's name beyond its transport where it stands under what clients speak. */
export function beyondFront(column: string, transport: string): string {
  const rest = column.startsWith(transport) ? column.slice(transport.length) : `:${column}`;
  return rest.replaceAll(/\+(?:h2c?|tls(?:=[^+]*)?)(?=\+|$)/g, "");
}
