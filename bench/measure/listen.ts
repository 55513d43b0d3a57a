import { randomInt } from "node:crypto";
import type { Server } from "node:net";
import { codeOf } from "../errors/errors.ts";

/** Connections waiting to be accepted; the kernel caps it at `somaxconn`. */
export const backlog = 4_096;

/** The port that a server listens on; 0 when it doesn't. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** The lowest port that is accepted from the system: ports stand in every request, so all have five digits. */
const minPort = 10_000;
const maxPort = 65_535;
const attempts = 20;

/** Resolves when the server listens; rejects with the system's error. Port 0 is a free one with five digits. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  await listenOn(server, port, host);
  if (port !== 0) return;
  for (let left = attempts; portOf(server) < minPort; left -= 1) {
    await new Promise((resolve) => server.close(resolve));
    const wanted = randomInt(minPort, maxPort + 1);
    await listenOn(server, wanted, host).catch((error: unknown) => {
      if (left === 0 || codeOf(error) !== "EADDRINUSE") throw error;
    });
  }
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
