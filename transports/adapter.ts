import type { Transport } from "./transport.ts";

/*
 * `transport-bench/transport`: all that the author of a transport outside this repository needs.
 */

export * as z from "zod";
export type * from "./classify.ts";
export type * from "./theory.ts";
export type { ExtraPart } from "./wire-parts.ts";
export { duration, formatMs, percentage, realNumber, size, wholeNumber } from "./option-values.ts";
export { agentFor, post } from "./adapter-http.ts";
export { ProtocolError } from "./protocol-error.ts";
export { classifyUpstream } from "./upstream.ts";
export { serveHttp } from "./http-service.ts";
export { refuse, refuseUpgrade } from "./refuse.ts";
export type { HttpService } from "./http-service.ts";
export * from "./transport.ts";

/** Gives a transport's author types. Its result is what an adapter's file exports by default, alone or in a list. */
export function defineTransport<Options extends object>(
  transport: Transport<Options>,
): Transport<Options> {
  return transport;
}
