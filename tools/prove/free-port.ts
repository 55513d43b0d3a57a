import { createServer } from "node:net";
import { listen } from "../../bench/measure/listen.ts";

/*
 * Ports that the system gives to nobody who just asks for one, by default on Linux, macOS and Windows: one
 * that it has given and taken back it may give to anybody else before it is used.
 */
const first = 20_000;
const count = 12_000;

/** Where the next search begins: processes that search side by side begin far from each other. */
let next = (process.pid * 61) % count;

/** A port of 127.0.0.1 on which nobody listens, and no other than this process is about to. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < count; tried += 1) {
    const port = first + next;
    next = (next + 1) % count;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${first} to ${first + count - 1} is free`);
}

/** Where a server can listen. */
export async function freeUrl(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port, "127.0.0.1");
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
