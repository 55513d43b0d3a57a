import type { TLSSocket } from "node:tls";
import type { TlsClient } from "../layers/tls.ts";
import { subscribeMs } from "./dialler.ts";
import type { Dialler } from "./dialler.ts";

/** How long a server may take to end a connection that its client has ended. */
const endMs = 1_000;

/**
 * Where the clients of a process resume sessions: has them resume that of a connection which is made here, so that
 * none that is measured is the first. Rejects if the server doesn't resume it. `dialler` dials without TLS.
 */
export async function earnSession(tls: TlsClient | null, dialler: Dialler): Promise<void> {
  if (tls === null || !tls.resumes) return;
  const reached = async (event: "session" | "secureConnect"): Promise<TLSSocket> => {
    const stream = tls.over(dialler.dial());
    await new Promise<void>((resolve, reject) => {
      stream.once(event, () => resolve()).on("error", reject);
      stream.once("close", () => reject(new Error("the server ended a TLS connection at once")));
    });
    return stream.resume();
  };
  const attempt = async (): Promise<void> => {
    // A server needn't give another one on a connection that has resumed one.
    if (!tls.hasSession) (await reached("session")).end();
    const resuming = await reached("secureConnect");
    if (!resuming.isSessionReused()) throw notResumed("doesn't resume a TLS session that it gave");
    resuming.end();
  };
  try {
    await dialler.within(subscribeMs, attempt, () => notResumed("gives no TLS session to resume"));
    // The server has then counted all of it, before anything else.
    await dialler.within(endMs, () => dialler.closed()).catch(() => {});
  } finally {
    await dialler.reset();
  }
}

function notResumed(what: string): Error {
  return new Error(`the server ${what}: leave out +resume`);
}
