import { connect } from "node:net";
import { once } from "node:events";
import { codeOf } from "../errors/errors.ts";

/** Where something listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** How long a connection may take to be there, in milliseconds. */
const connectMs = 2_000;

/** Why no connection leads there from this machine; null where one does. */
export async function whyUnreached({ host, port }: Place): Promise<string | null> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(connectMs) });
    return null;
  } catch (error) {
    return codeOf(error) ?? "nothing answers";
  } finally {
    socket.destroy();
  }
}
