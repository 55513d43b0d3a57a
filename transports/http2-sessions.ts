import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { whySessionEnded } from "./http2-endings.ts";
import { FloodDetector, maxPerSecond } from "./flood-detector.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { Http2Place, Target } from "./transport.ts";

/**
 * How much may be on its way to the clients of a shared session, in bytes: one that doesn't read must not stop the
 * others.
 */
const sharedWindowBytes = 100 * 65_535;

/** One HTTP/2 connection, and what its clients take of it. */
export class OpenSession {
  readonly session: ClientHttp2Session;
  #failure: Error | null = null;
  /** Streams that stay open, or whose answers are held back. */
  #lasting = 0;
  /** How many streams the server allows at a time, which it may change; null as long as it hasn't said so. */
  #maxStreams: number | null = null;
  readonly #isShared: boolean;
  readonly #waiting: (() => void)[] = [];

  constructor(target: Target, { isShared }: Http2Place) {
    this.#isShared = isShared;
    this.session = connect(target.url, {
      createConnection: () => target.dial(),
      settings: { enablePush: false },
    });
    this.session.on("error", (error) => (this.#failure ??= error));
    this.session.on("remoteSettings", ({ maxConcurrentStreams = Infinity }) => {
      this.#maxStreams = maxConcurrentStreams;
      this.#proceed();
    });
    this.session.once("close", () => this.#proceed());
    const flood = new FloodDetector();
    for (const frame of ["ping", "remoteSettings", "goaway", "altsvc", "origin"]) {
      this.session.on(frame, () => {
        if (flood.exceeds()) this.session.destroy(floodOfFrames());
      });
    }
    this.session.once("connect", (session) => {
      if (isShared) session.setLocalWindowSize(sharedWindowBytes);
    });
  }

  get isUsable(): boolean {
    return !this.session.closed && !this.session.destroyed;
  }

  /** Calls `begin` at once, or where clients share it, when it is known how many streams there may be; or at its end. */
  whenReady(begin: () => void): void {
    if (this.#isShared) this.whenSettled(begin);
    else begin();
  }

  /** Calls `begin` when the server has sent its settings, or at the end of the session. */
  whenSettled(begin: () => void): void {
    if (this.#maxStreams !== null || !this.isUsable) begin();
    else this.#waiting.push(begin);
  }

  /** Why no further stream can begin now; null where one can. */
  get refusal(): Error | null {
    if (!this.isUsable) return whySessionEnded(this.#failure);
    if (this.#maxStreams === null || this.#lasting < this.#maxStreams) return null;
    const streams = this.#maxStreams === 1 ? "1 stream" : `${this.#maxStreams} streams`;
    return new ProtocolError(`the server allows ${streams} on a session`);
  }

  /** Takes one of the streams that may be open at a time; returns what gives it back, however often that is called. */
  takeStream(): () => void {
    let taken = 1;
    this.#lasting += taken;
    return () => {
      this.#lasting -= taken;
      taken = 0;
    };
  }

  #proceed(): void {
    for (const begin of this.#waiting.splice(0)) begin();
  }
}

/** The session of one place: dialled when a request needs it, ended with the last client that uses it. */
export class PlacedSession {
  readonly #place: Http2Place;
  #open: OpenSession | undefined;
  #users = 0;

  constructor(place: Http2Place) {
    this.#place = place;
  }

  join(): void {
    this.#users += 1;
  }

  leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#open?.session.destroy();
    this.#open = undefined;
  }

  /** `redialled` is called where there was another before. */
  open(target: Target, redialled: () => void): OpenSession {
    if (this.#open?.isUsable === true) return this.#open;
    if (this.#open !== undefined) redialled();
    this.#open = new OpenSession(target, this.#place);
    return this.#open;
  }
}

function floodOfFrames(): ProtocolError {
  return new ProtocolError(`more than ${maxPerSecond} frames within a second that bring no answer`);
}

const sessions = new WeakMap<Http2Place, PlacedSession>();

export function sessionAt(place: Http2Place): PlacedSession {
  const there = sessions.get(place) ?? new PlacedSession(place);
  sessions.set(place, there);
  return there;
}
