/*
 * An ordinary notification server with `express` alone: each channel has a log, and a poll waits for the
 * messages after the number that it names.
 *
 *   PORT=3000 node examples/long-polling.js
 *   npx transport-bench run --target http://127.0.0.1:3000 --transports long-polling
 */
import { EventEmitter, once } from "node:events";
import express from "express";

const holdMs = 25_000;
const keptMessages = 1_000;

/** A channel's last messages; the first one has the number `newest - log.length + 1`. */
class Channel extends EventEmitter {
  newest = 0;
  /** @type {string[]} */
  log = [];

  /** @param {string} text */
  publish(text) {
    this.newest += 1;
    this.log.push(text);
    if (this.log.length > keptMessages) this.log.shift();
    this.emit("message");
  }

  /** @param {number} number */
  after(number) {
    return this.log.slice(Math.max(0, this.log.length - (this.newest - number)));
  }
}

/** @type {Map<string, Channel>} */
const channels = new Map();

/** @param {string} name */
function channelOf(name) {
  const channel = channels.get(name) ?? new Channel().setMaxListeners(0);
  channels.set(name, channel);
  return channel;
}

const app = express();
app.disable("etag");

app.get("/poll/:channel", async (request, response) => {
  const channel = channelOf(request.params.channel);
  const { after, wait } = request.query;
  if (after === undefined) {
    response.set("Cursor", String(channel.newest)).status(204).end();
    return;
  }
  if (channel.newest === Number(after) && wait !== "0") await messageOrEnd(channel, response);
  const messages = channel.after(Number(after));
  if (messages.length === 0) {
    response.status(204).end();
    return;
  }
  response.set("Cursor", String(channel.newest)).type("text/plain");
  response.send(messages.map((text) => `${Buffer.byteLength(text)}\n${text}`).join(""));
});

/**
 * Waits for a message, the end of the hold, or the client's disconnection.
 *
 * @param {Channel} channel
 * @param {express.Response} response
 */
async function messageOrEnd(channel, response) {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(holdMs)]);
  await once(channel, "message", { signal }).catch(() => {});
}

app.post(
  "/send/:channel",
  express.text({ type: () => true, limit: "8mb" }),
  (request, response) => {
    channelOf(request.params.channel).publish(request.body ?? "");
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
