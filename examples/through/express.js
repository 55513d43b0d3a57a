/*
 * The answering end of `bench doctor --through`, for express: put the route into your own server, behind whatever
 * guards its other streams. It tells nothing but what it is asked by, and is silent for ten minutes at most.
 *
 *   PORT=3000 node examples/through/express.js
 *   npx transport-bench doctor --through http://127.0.0.1:3000/through
 */
import { setTimeout } from "node:timers/promises";
import express from "express";

const app = express();

app.get("/through", async (request, response) => {
  const { query, httpVersion, headers } = request;
  const asked = (/** @type {string} */ name, /** @type {number} */ most) =>
    Math.max(0, Math.min(Number(query[name]) || 0, most));
  response.set("Content-Type", "text/event-stream");
  response.set("Cache-Control", query["transform"] ? "no-cache, no-transform" : "no-cache");
  response.set("Bench-Through", [httpVersion, ...Object.keys(headers)].join(" "));
  if (query["accel"]) response.set("X-Accel-Buffering", "no");
  response.flushHeaders();
  if (query["padding"]) response.write(`:${" ".repeat(asked("padding", 65_536))}\n\n`);
  await setTimeout(asked("wait", 10_000));
  for (let number = 1; number <= asked("count", 1_000) && !response.destroyed; number += 1) {
    if (number > 1) await setTimeout(asked("gap", 600_000));
    response.write(`data: ${number} ${Date.now()} ${"x".repeat(asked("bytes", 16_384))}\n\n`);
  }
  response.end();
});

const server = app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
