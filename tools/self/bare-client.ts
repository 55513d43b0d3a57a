import type { Socket } from "node:net";
import type { BareRecorder } from "./bare-recorder.ts";

/** What a bare client needs to know to be opened. */
export interface Opening {
  /** What the client speaks on: a socket, or TLS on one. */
  readonly socket: Socket;
  /** `host:port`. */
  readonly authority: string;
  readonly channel: string;
  /** The number of the next message. */
  readonly next: number;
  /** Which of all clients this is. */
  readonly number: number;
  readonly recorder: BareRecorder;
  /** To be called once a publish would reach the client. */
  readonly ready: () => void;
}

/** One bare client, on a socket of its own. */
export interface BareClient extends Opened {
  readonly socket: Socket;
}

/** What a library's client can do, and has to do. */
export interface Opened {
  /** Sends up; only WebSockets can. */
  readonly send?: (payload: Buffer) => void;
  /** Frees what resetting the socket doesn't. */
  readonly close?: () => void;
}

/** Ends the process, which ends the benchmark; but for a client that is being ended itself. */
export function ignoreIfDestroyed(socket: Socket, error: Error): void {
  if (!socket.destroyed || socket.errored !== null) throw error;
}
