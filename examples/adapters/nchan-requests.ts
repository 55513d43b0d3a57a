import { request as httpRequest } from "node:http";
import type { ClientRequest } from "node:http";
import { agentFor } from "transport-bench/transport";
import type { Target } from "transport-bench/transport";

// What the clients of nchan have in common.

/** nchan numbers messages by the second and a tag within it; as a number that JavaScript holds exactly: */
const tagsPerSecond = 100_000;

/** The number of a message, of whose id nchan writes `1700000000:3`. */
export function cursorOf(id: string): number {
  const [seconds = 0, tag = 0] = id.split(":").map(Number);
  return seconds * tagsPerSecond + tag;
}

export function secondsAndTag(cursor: number): [number, number] {
  return [Math.floor(cursor / tagsPerSecond), cursor % tagsPerSecond];
}

export function get(
  target: Target,
  path: string,
  headers: Record<string, string> = {},
): ClientRequest {
  const agent = agentFor(target);
  return httpRequest({ agent, path, headers: { Host: target.url.host, ...headers } }).end();
}
