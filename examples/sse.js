/*
 * An ordinary news server with `express` and `better-sse`: a POST to a channel goes to everyone who listens
 * to it. The hello is all it takes to make the server measurable (docs/wire-formats.md).
 *
 *   PORT=3000 node examples/sse.js
 *   npx transport-bench run --target http://127.0.0.1:3000 --transports sse
 */
import { createChannel, createSession } from "better-sse";
import express from "express";

/** @type {Map<string, import("better-sse").Channel>} */
const channels = new Map();

/** @param {string} name */
function channelOf(name) {
  const known = channels.get(name);
  if (known !== undefined) return known;
  const channel = createChannel();
  channels.set(name, channel);
  channel.on("session-deregistered", () => {
    if (channel.sessionCount === 0) channels.delete(name);
  });
  return channel;
}

/** Sends text unchanged, one field per line; by default better-sse sends JSON. */
const serializer = (/** @type {unknown} */ text) =>
  String(text)
    .split(/\r\n|\r|\n/)
    .map((line) => ` ${line}`)
    .join("\ndata:");

const app = express();
app.disable("x-powered-by");

app.get("/sse/:channel", async (request, response) => {
  const session = await createSession(request, response, { serializer, retry: null });
  session.push("0", "hello", "0");
  channelOf(request.params.channel).register(session);
});

app.post(
  "/send/:channel",
  express.text({ type: () => true, limit: "8mb" }),
  (request, response) => {
    channelOf(request.params.channel).broadcast(request.body ?? "");
    response.status(204).end();
  },
);

const server = app.listen(
  Number(process.env["PORT"] ?? 3000),
  process.env["HOST"] ?? "127.0.0.1",
  () => {
    const address = server.address();
    console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
  },
);
