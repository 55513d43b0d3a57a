import { isIP } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket, connect as secure, createSecureContext } from "node:tls";
import type { ConnectionOptions, SecureContext } from "node:tls";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import type { Layers } from "../../transports/layers.ts";

/** A server's key and certificate, in PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
  /** What session tickets are sealed with, in Base64: servers that share it resume each other's sessions. */
  readonly ticketKeys?: string;
}

/** Whom clients take for the server. Plain data. */
export interface Trust {
  /** The name or address that its certificate has to hold; an IPv6 address without brackets. */
  readonly host: string;
  /** The authorities that may have signed it, in PEM; null for those that Node knows. */
  readonly authorities: string | null;
  /** Whether it is verified at all. */
  readonly isVerified: boolean;
}

/** Trust in a certificate that the harness has made itself. */
export function trustIn({ certificate }: Pick<Identity, "certificate">): Trust {
  return { host: certifiedName, authorities: certificate, isVerified: true };
}

/** The name that certificates are for. No address stands in them, so that their size doesn't depend on any. */
export const certifiedName = "localhost";

/** What TLS 1.3 adds to each record, in bytes: header, content type and authentication tag (RFC 8446, 5.2). */
export const recordBytes = 22;

/** An alert, in its record. Nothing else of TLS itself follows a handshake (RFC 8446, 6). */
export const alertBytes: number = 2 + recordBytes;

/** The server's end: makes accepted sockets secure, and reads what their handshakes cost. */
export class TlsServer {
  readonly #context: SecureContext;
  readonly #isHttp2: boolean;
  /** How long a handshake may take, in milliseconds; for ever where it isn't limited. */
  readonly #handshakeMs: number | undefined;

  constructor({ key, certificate, ticketKeys }: Identity, isHttp2 = false, handshakeMs?: number) {
    this.#isHttp2 = isHttp2;
    this.#handshakeMs = handshakeMs;
    this.#context = createSecureContext({
      key,
      cert: certificate,
      minVersion: "TLSv1.3",
      ...(ticketKeys !== undefined && { ticketKeys: Buffer.from(ticketKeys, "base64") }),
    });
  }

  /**
   * Calls `secured` once, before anything of the application is read or written, with the bytes of the handshake and of
   * the session tickets that follow it. A handshake that fails ends the socket.
   */
  accept(raw: Socket, secured: (stream: TLSSocket, handshake: WireBytes) => void): void {
    const stream = new TLSSocket(raw, {
      isServer: true,
      secureContext: this.#context,
      ...negotiated(this.#isHttp2),
    });
    let helloBytes = 0;
    // Keys are first made when the whole ClientHello has been read, and the client waits for the answer to it.
    stream.once("keylog", () => (helloBytes = raw.bytesRead));
    const failed = (): void => void raw.destroy();
    stream.once("error", failed);
    if (this.#handshakeMs !== undefined) {
      const overdue = setTimeout(failed, this.#handshakeMs);
      const settled = (): void => clearTimeout(overdue);
      stream.once("secure", settled);
      raw.once("close", settled);
    }
    stream.once("secure", () => {
      // Session tickets are written after this event.
      setImmediate(() => {
        stream.off("error", failed);
        if (stream.destroyed) return;
        // As Node's own server does: its HTTP/2 would wait for that.
        Object.assign(stream, { secureConnecting: false });
        const up = helloBytes + finishedBytes(stream.getCipher().name);
        secured(stream, { down: raw.bytesWritten, up });
        // It ended before anybody could hear of it.
        if (stream.readableEnded) stream.destroy();
      });
    });
  }
}

/** The protocol that is negotiated: none for HTTP/1.1, and for what isn't HTTP (RFC 7301; RFC 9113, 3.2). */
function negotiated(isHttp2: boolean): Pick<ConnectionOptions, "ALPNProtocols"> {
  return isHttp2 ? { ALPNProtocols: ["h2"] } : {};
}

/**
 * The client's last flight: a ChangeCipherSpec for middleboxes (RFC 8446, D.4) and Finished, whose length is that of
 * the cipher suite's hash. What it sends after that may have come together with it.
 */
function finishedBytes(cipher: string): number {
  const hashBytes = cipher.endsWith("SHA384") ? 48 : 32;
  return 6 + recordBytes + 4 + hashBytes;
}

/** The clients' end in one process: the server that they trust, and the session that they resume. */
export class TlsClient {
  readonly #options: ConnectionOptions;
  /** Whether connections resume the session of an earlier one. */
  readonly resumes: boolean;
  #session: Buffer | undefined;

  constructor({ host, authorities, isVerified }: Trust, { resume, h2 }: Layers) {
    const minVersion = "TLSv1.3";
    const ca = authorities ?? undefined;
    this.#options = {
      // Once, since it takes milliseconds to read what Node knows.
      secureContext: createSecureContext({ minVersion, ...(ca !== undefined && { ca }) }),
      host,
      // No address can be asked for by name (RFC 6066, section 3).
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: isVerified,
      ...negotiated(h2 === true),
    };
    this.resumes = resume === true;
  }

  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** Speaks TLS on a socket that may still be connecting. */
  over(raw: Duplex): TLSSocket {
    const stream = secure({
      ...this.#options,
      socket: raw,
      ...(this.#session !== undefined && { session: this.#session }),
    });
    if (this.resumes) stream.on("session", (session: Buffer) => (this.#session = session));
    return stream;
  }
}
