import * as z from "zod";
import {
  ProtocolError,
  closeError,
  endedByServer,
  quoted,
  unexpectedStatus,
} from "./protocol-error.ts";

// What `socket.io-client` says of a connection that fails, in our words.

/** How a transport of Engine.IO fails: `description` is a status of HTTP, or an event of the WebSocket. */
const transportErrorSchema = z.object({
  type: z.literal("TransportError"),
  description: z.unknown(),
});

/** How a WebSocket is closed. */
const closeSchema = z.object({
  context: z.object({ code: z.number(), reason: z.string() }),
});

/** Why a client couldn't subscribe. */
export function refusalError(error: Error): Error {
  const ofTransport = transportErrorSchema.safeParse(error);
  if (!ofTransport.success) return new ProtocolError(`refused: ${quoted(error.message)}`);
  return statusError(ofTransport.data.description) ?? new Error(endedByServer, { cause: error });
}

/** Why a client was disconnected. */
export function disconnectError(reason: string, details: unknown): Error {
  const closed = closeSchema.safeParse(details);
  if (closed.success) return closeError(closed.data.context.code, closed.data.context.reason);
  const failed = transportErrorSchema.safeParse(details);
  const status = failed.success ? statusError(failed.data.description) : null;
  if (status !== null) return status;
  return reason.startsWith("transport ") ? new Error(endedByServer) : new ProtocolError(reason);
}

/** The error for an answer of HTTP other than 200; null where none came. */
function statusError(description: unknown): ProtocolError | null {
  if (typeof description === "number") {
    return description === 0 ? null : unexpectedStatus(description, () => undefined);
  }
  const { data } = z.object({ message: z.string() }).safeParse(description);
  const status = /^Unexpected server response: (\d+)$/.exec(data?.message ?? "")?.[1];
  if (status !== undefined) return unexpectedStatus(Number(status), () => undefined);
  return null;
}
