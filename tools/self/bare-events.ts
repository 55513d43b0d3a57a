import { request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { createParser } from "eventsource-parser";
import type { EventSourceParser } from "eventsource-parser";
import { ignoreIfDestroyed } from "./bare-client.ts";
import type { Opened, Opening } from "./bare-client.ts";

/** A loop over `eventsource-parser` on the answer of `node:http`. */
export function openEvents(opening: Opening): Opened {
  const { socket, authority, channel } = opening;
  const parser = parserFor(opening);
  const request = httpRequest({
    path: `/sse/${channel}`,
    headers: { Host: authority, Accept: "text/event-stream" },
    createConnection: () => socket,
  });
  request.on("response", (response) => {
    response.setEncoding("utf8");
    response.on("data", (text: string) => parser.feed(text));
    response.on("error", (error) => ignoreIfDestroyed(socket, error));
  });
  request.on("error", (error) => ignoreIfDestroyed(socket, error));
  request.end();
  return {};
}

/** The same on the answer of `node:http2`, with a session for each client. */
export function openHttp2Events(opening: Opening): Opened {
  const { socket, authority, channel } = opening;
  const parser = parserFor(opening);
  const session = connectHttp2(`https://${authority}`, { createConnection: () => socket });
  session.on("error", (error) => ignoreIfDestroyed(socket, error));
  const stream = session.request({ ":path": `/sse/${channel}`, accept: "text/event-stream" });
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => parser.feed(text));
  stream.on("error", (error) => ignoreIfDestroyed(socket, error));
  return { close: () => session.destroy() };
}

function parserFor({ next, recorder, ready }: Opening): EventSourceParser {
  const position = { next };
  return createParser({
    onEvent: ({ event, data }) => {
      if (event === undefined) recorder.text(position, data);
      else ready();
    },
  });
}
