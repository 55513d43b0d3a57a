/*
 * The answering end of `bench doctor --through`, for fastify: put the route into your own server, behind whatever
 * guards its other streams. It tells nothing but what it is asked by, and is silent for ten minutes at most.
 *
 *   PORT=3000 node examples/through/fastify.js
 *   npx transport-bench doctor --through http://127.0.0.1:3000/through
 */
import { setTimeout } from "node:timers/promises";
import fastify from "fastify";

const app = fastify();

app.get("/through", async ({ url, raw, headers }, reply) => {
  const query = new URLSearchParams(url.split("?")[1]);
  const asked = (/** @type {string} */ name, /** @type {number} */ most) =>
    Math.max(0, Math.min(Number(query.get(name)) || 0, most));
  // A stream that is sent by `reply` has its head wait for its first event.
  reply.hijack();
  const response = reply.raw;
  response.setHeader("Content-Type", "text/event-stream");
  response.setHeader(
    "Cache-Control",
    query.has("transform") ? "no-cache, no-transform" : "no-cache",
  );
  response.setHeader("Bench-Through", [raw.httpVersion, ...Object.keys(headers)].join(" "));
  if (query.has("accel")) response.setHeader("X-Accel-Buffering", "no");
  response.flushHeaders();
  if (query.has("padding")) response.write(`:${" ".repeat(asked("padding", 65_536))}\n\n`);
  await setTimeout(asked("wait", 10_000));
  for (let number = 1; number <= asked("count", 1_000) && !response.destroyed; number += 1) {
    if (number > 1) await setTimeout(asked("gap", 600_000));
    response.write(`data: ${number} ${Date.now()} ${"x".repeat(asked("bytes", 16_384))}\n\n`);
  }
  response.end();
});

await app.listen({ port: Number(process.env["PORT"] ?? 3000), host: "127.0.0.1" });
const address = app.server.address();
console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
