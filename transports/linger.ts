import type { Socket } from "node:net";

/** How long a client may go on sending, in milliseconds. */
const lingeringMs = 1_000;

/**
 * Has a connection end, when its answer has gone out, in a way that its client gets to read it, though it is still
 * sending: closing it at once would reset it (RFC 9112, section 9.6).
 */
export function linger(socket: Socket): void {
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    socket.end();
    const overdue = setTimeout(() => socket.destroy(), lingeringMs);
    socket.once("close", () => clearTimeout(overdue));
  };
}
