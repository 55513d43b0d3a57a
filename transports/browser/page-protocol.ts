/*
 * What a page and the process that drives it tell each other over a WebSocket of their own, as JSON. Types only: both
 * ends are built apart.
 */

/** How a client in a page receives messages; what each reads is as its transport has it. */
export type PageKind = "event-source" | "web-socket" | "lines" | "polls";

/** What a client in a page has to know. */
export interface PageClientSettings {
  readonly kind: PageKind;
  readonly channel: string;
  /** The number of the last message received before, to resume after it. */
  readonly after?: number;
  /** Whether payloads are bytes, and not text. */
  readonly binary?: true;
  /** Whether it is to come back by itself. */
  readonly comesBack?: true;
  /** Whether each message that it sends up is a request with an answer of its own: see `Target.asks`. */
  readonly asks?: true;
  /** By which a stream of lines is asked for. */
  readonly method?: "GET" | "POST";
  /** Whether a WebSocket is to be a stream of a connection that there is: browsers open none by HTTP/2 for it. */
  readonly overHttp2?: true;
  /** Where it polls on a grid: how often, and where in the interval it starts, in [0, 1). */
  readonly intervalMs?: number;
  readonly phase?: number;
}

/** What a page is told to do; clients have numbers. */
export type PageCommand =
  | { readonly do: "clock" }
  | { readonly do: "open"; readonly client: number; readonly settings: PageClientSettings }
  /** Text, or bytes as base64. */
  | { readonly do: "send"; readonly client: number; readonly text: string }
  | { readonly do: "send"; readonly client: number; readonly bytes: string }
  | { readonly do: "close"; readonly client: number };

/** What a page tells of a client, in the order in which it happened. Times are readings of its clock, in milliseconds. */
export type PageEvent =
  /** It is subscribed, after this message. */
  | readonly ["open", client: number, cursor: number]
  /** With the number of the message, and text. */
  | readonly ["message", client: number, atMs: number, cursor: number, text: string]
  /** The same with bytes as base64. */
  | readonly ["bytes", client: number, atMs: number, cursor: number, base64: string]
  | readonly ["gap", client: number, missed: number]
  | readonly ["closed", client: number, reason: string]
  /** The last are of clients that come back by themselves, the first of those that ask for answers. */
  | readonly ["answered" | "lost" | "failed" | "back", client: number];

/** What a page sends: events of its clients, or a reading of its clock as soon as it is asked. */
export type PageReport = readonly PageEvent[] | { readonly clockMs: number };

/** What a page answers when it has been started. */
export interface PageStart {
  /** The finest step of its clock, in milliseconds. */
  readonly resolutionMs: number;
  /** Whether its clock is the browser's own, and nobody has put another in its place. */
  readonly isNative: boolean;
}
