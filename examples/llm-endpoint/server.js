/*
 * A small server that plays an endpoint of a language model: a POST is answered by a stream of tokens, as OpenAI's
 * chat completions have it (SSE) or Ollama's chat (NDJSON).
 *
 *   PORT=8080 node examples/llm-endpoint/server.js
 *   npx transport-bench run --target http://127.0.0.1:8080/v1/chat/completions --transports openai \
 *     --request examples/llm-endpoint/request.json
 *
 * The query says how it answers: ?first=200 milliseconds to the first token, ?rate=50 tokens a second, ?pattern=even,
 * irregular (with pauses and bursts) or bursts (eight at once), ?fault=429, cut or error. The body says how many tokens:
 * "max_tokens". With API_KEY in its environment, it wants `Authorization: Bearer …`.
 */
import { createServer } from "node:http";

const paths = { "/v1/chat/completions": "sse", "/api/chat": "ndjson" };

/** Gaps between tokens, in shares of their mean: each row has the mean 1. */
const patterns = {
  even: [1],
  irregular: [1, 0.5, 0.5, 2, 1, 0, 0, 3],
  bursts: [0, 0, 0, 0, 0, 0, 0, 8],
};

const vocabulary = ["The", " tide", " comes", " in", " twice", " a", " day", ",", " and", " goes"];

/**
 * @typedef {object} Script
 * @property {number} firstMs
 * @property {number} meanMs
 * @property {readonly number[]} pattern
 * @property {string | null} fault
 */

/** @param {URLSearchParams} query @returns {Script} */
function scriptIn(query) {
  const name = query.get("pattern") ?? "irregular";
  return {
    firstMs: numberIn(query, "first", 200),
    meanMs: 1_000 / numberIn(query, "rate", 50),
    pattern: Object.entries(patterns).find(([known]) => known === name)?.[1] ?? patterns.irregular,
    fault: query.get("fault"),
  };
}

/** @param {URLSearchParams} query @param {string} name @param {number} usual */
function numberIn(query, name, usual) {
  const number = Number(query.get(name) ?? usual);
  return Number.isFinite(number) && number > 0 ? number : usual;
}

/** When each token is due, in milliseconds from the request. @param {Script} script @param {number} tokens */
function dueTimes({ firstMs, meanMs, pattern }, tokens) {
  let atMs = firstMs;
  return Array.from({ length: tokens }, (_, index) => {
    if (index > 0) atMs += meanMs * (pattern[(index - 1) % pattern.length] ?? 1);
    return atMs;
  });
}

/** @type {Record<string, { type: string, token: (text: string) => string, error: string, end: string }>} */
const formats = {
  sse: {
    type: "text/event-stream",
    token: (text) => event({ choices: [{ index: 0, delta: { content: text } }] }),
    error: event({ error: { message: "the model is overloaded", type: "server_error" } }),
    end: event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) + "data: [DONE]\n\n",
  },
  ndjson: {
    type: "application/x-ndjson",
    token: (text) => line({ message: { role: "assistant", content: text }, done: false }),
    error: line({ error: "the model is overloaded" }),
    end: line({ message: { role: "assistant", content: "" }, done: true }),
  },
};

/** @param {object} choices */
function event(choices) {
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", ...choices })}\n\n`;
}

/** @param {object} value */
function line(value) {
  return `${JSON.stringify({ model: "tide", ...value })}\n`;
}

/** @param {import("node:http").ServerResponse} response @param {number} status @param {string} message */
function refuse(response, status, message) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ error: { message } }));
}

/**
 * Sends each token when it is due; those that are due together go as one.
 * @param {import("node:http").ServerResponse} response
 * @param {(typeof formats)[string]} format
 * @param {Script} script
 * @param {number} tokens
 */
function answer(response, format, script, tokens) {
  const startMs = performance.now();
  const due = dueTimes(script, tokens);
  let sent = 0;
  const step = () => {
    const isHalf = sent >= Math.ceil(tokens / 2);
    if (isHalf && (script.fault === "cut" || script.fault === "error")) {
      if (script.fault === "cut") response.destroy();
      else response.end(format.error);
      return;
    }
    let text = "";
    const dueMs = due[sent] ?? 0;
    while (sent < tokens && due[sent] === dueMs) {
      text += format.token(vocabulary[sent % vocabulary.length] ?? "");
      sent += 1;
    }
    if (!response.headersSent) response.writeHead(200, { "Content-Type": format.type });
    if (sent === tokens) {
      response.end(text + format.end);
      return;
    }
    response.write(text);
    timer = setTimeout(step, startMs + (due[sent] ?? 0) - performance.now());
  };
  let timer = setTimeout(step, script.firstMs);
  response.once("close", () => clearTimeout(timer));
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function take(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const format = Object.entries(paths).find(([path]) => path === pathname)?.[1];
  if (format === undefined || request.method !== "POST") return refuse(response, 404, "POST to it");
  const key = process.env["API_KEY"];
  if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
    return refuse(response, 401, `wrong key: ${request.headers.authorization ?? "none"}`);
  }
  let text = "";
  for await (const part of request) text += part;
  const script = scriptIn(searchParams);
  const status = Number(script.fault);
  if (status >= 400) return refuse(response, status, "too many requests, as asked for");
  /** @type {{ max_tokens?: unknown, stream?: unknown }} */
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    return refuse(response, 400, "the body isn't JSON");
  }
  const tokens = Math.min(10_000, Math.max(1, Number(body.max_tokens ?? 64) || 64));
  const chosen = formats[format];
  if (body.stream !== false && chosen !== undefined) {
    return answer(response, chosen, script, tokens);
  }
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ choices: [{ message: { content: "The tide." } }] }));
}

const server = createServer((request, response) => {
  take(request, response).catch(() => response.destroy());
});

server.listen(Number(process.env["PORT"] ?? 8080), process.env["HOST"] ?? "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
