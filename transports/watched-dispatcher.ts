import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { reasonOf } from "./http-client.ts";
import type { HttpClient } from "./http-client.ts";
import type { Header } from "./protocol-error.ts";

/** Is told of an answer before the library that asked for it, which keeps to itself why it gives one up. */
export interface Watcher {
  /** The head of an answer, of an interim one too. */
  head(status: number, header: Header): void;
  chunk(chunk: Buffer): void;
  /** There is no answer, or it breaks off. */
  failed(error: Error): void;
}

/** A dispatcher for libraries of undici; `headers`, named in small letters, are added to their requests. */
export function watchedDispatcher(
  { dispatcher }: HttpClient,
  watcher: Watcher,
  headers: Readonly<Record<string, string>> = {},
): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(
        { ...options, headers: withHeaders(options, headers) },
        watchedHandler(handler, watcher),
      ),
  );
}

/** Adds to the headers of undici's own libraries, which give them as an object with names in small letters. */
function withHeaders(
  { headers }: Dispatcher.DispatchOptions,
  added: Readonly<Record<string, string>>,
): NonNullable<Dispatcher.DispatchOptions["headers"]> {
  if (headers === undefined || headers === null) return added;
  if (Symbol.iterator in headers) throw new TypeError("headers that are no object");
  return { ...headers, ...added };
}

function watchedHandler(
  handler: Dispatcher.DispatchHandler,
  watcher: Watcher,
): Dispatcher.DispatchHandler {
  let hasHead = false;
  const head = (status: number, headers: IncomingHttpHeaders): void => {
    hasHead = true;
    watcher.head(status, (name) => headers[name]?.toString());
  };
  return {
    onRequestStart: (...request) => handler.onRequestStart?.(...request),
    onRequestUpgrade(controller, status, headers, socket) {
      head(status, headers);
      handler.onRequestUpgrade?.(controller, status, headers, socket);
    },
    onResponseStart(controller, status, headers, text) {
      head(status, headers);
      handler.onResponseStart?.(controller, status, headers, text);
    },
    onResponseData(controller, chunk) {
      watcher.chunk(chunk);
      handler.onResponseData?.(controller, chunk);
    },
    // What came before it is still on its way through the library, which tells of it then.
    onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
    onResponseError(controller, error) {
      watcher.failed(reasonOf(error, hasHead));
      handler.onResponseError?.(controller, error);
    },
  };
}
