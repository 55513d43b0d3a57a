import type { Socket } from "node:net";
import type { BareRecorder } from "./bare-recorder.ts";

/** What a bare client needs to know to be opened. */
export interface Opening {
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

/** One bare client. */
export interface BareClient {
  readonly socket: Socket;
  /** Sends up; only WebSockets can. */
  readonly send?: (payload: Buffer) => void;
  /** Frees what resetting the socket doesn't. */
  readonly close?: () => void;
}
