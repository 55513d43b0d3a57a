import { Agent, request as httpRequest } from "node:http";
import { normalizedError, unexpectedStatus } from "./protocol-error.ts";
import type { Target } from "./transport.ts";

const agents = new WeakMap<Target, Agent>();

/** An agent for `node:http` whose connections the harness dials, and keeps open; one for each client. */
export function agentFor(target: Target): Agent {
  const known = agents.get(target);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true });
  agents.set(target, Object.assign(agent, { createConnection: () => target.dial() }));
  return agent;
}

/** Sends `body` by POST; rejects when the answer isn't 2xx. */
export function post(
  target: Target,
  path: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(normalizedError(error));
    const request = httpRequest({
      agent: agentFor(target),
      method: "POST",
      path,
      headers: { Host: target.url.host, "Content-Length": body.length, ...headers },
    });
    request.once("response", (response) => {
      const { statusCode = 0 } = response;
      response.once("error", failed).resume();
      response.once("end", () => {
        if (statusCode >= 200 && statusCode < 300) return resolve();
        reject(unexpectedStatus(statusCode, (name) => response.headers[name]?.toString()));
      });
    });
    request.once("error", failed).end(body);
  });
}
