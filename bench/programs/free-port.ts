import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { codeOf } from "../errors/errors.ts";
import { listen } from "../measure/listen.ts";

/*
 * Below the ports that Linux gives to connections. A program may be ended and started again on its port: a connection
 * that had got it meanwhile would be in the way, or, dialling the program, reach itself.
 */
const firstPort = 20_000;
const lastPort = 29_999;

const attempts = 50;

/** A port that nothing listens on now. */
export async function freePort(host: string): Promise<number> {
  for (let left = attempts; ; left -= 1) {
    const port = randomInt(firstPort, lastPort + 1);
    const server = createServer();
    try {
      await listen(server, port, host);
      return port;
    } catch (error) {
      if (left === 0 || codeOf(error) !== "EADDRINUSE") throw error;
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  }
}
