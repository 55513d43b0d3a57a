import { once } from "node:events";
import { createServer } from "node:net";
import { portOf } from "../measure/listener.ts";

/** Where a server can listen. */
export async function freeUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${portOf(server)}`;
  await new Promise((resolve) => server.close(resolve));
  return url;
}
