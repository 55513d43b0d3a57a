import type { Socket } from "node:net";
import type { Readable } from "node:stream";

/**
 * Has a connection's stream take nothing more from the kernel, whatever its client does to it, until the returned
 * function is called. `pause` wouldn't: some clients resume, or don't let a stream flow at all.
 */
export function stopReading(stream: Readable): () => void {
  const push = stream.push.bind(stream);
  const read: unknown = Reflect.get(stream, "_read");
  const own = {
    // Node asks for no more where this returns false.
    push: (chunk: unknown, encoding?: BufferEncoding): boolean => {
      push(chunk, encoding);
      return false;
    },
    _read: (): void => {},
  };
  Object.assign(stream, own);
  return () => {
    for (const name of Object.keys(own)) Reflect.deleteProperty(stream, name);
    if (stream.destroyed || typeof read !== "function") return;
    Reflect.apply(read, stream, [stream.readableHighWaterMark]);
  };
}

/** The same for a socket that hands over what it reads without having it pass through its stream. */
export function pauseReading(socket: Socket): () => void {
  socket.pause();
  return () => void socket.resume();
}
