import { connect } from "node:net";
import { connect as connectSecurely, TLSSocket } from "node:tls";
import { isSecure } from "../settings/target.ts";
import type { Endpoint } from "./endpoint.ts";

/** What a server chooses of all that a browser offers. */
export interface Offered {
  /** By ALPN; `http/1.1` where it chooses none. */
  readonly protocol: string;
  /** `TLSv1.3`; null without TLS. */
  readonly tls: string | null;
}

/** Makes one connection, and ends it. Rejects with the error of TLS, or the system. */
export function offered({ url, tls }: Endpoint, limitMs: number): Promise<Offered> {
  return new Promise((resolve, reject) => {
    const at = {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || (isSecure(url.href) ? 443 : 80)),
    };
    const socket = isSecure(url.href)
      ? connectSecurely({ ...tls, ...at, ALPNProtocols: ["h2", "http/1.1"] })
      : connect(at);
    const isTls = socket instanceof TLSSocket;
    socket.setTimeout(limitMs, () =>
      socket.destroy(Object.assign(new Error("no connection"), { code: "ETIMEDOUT" })),
    );
    socket.once("error", reject);
    socket.once(isTls ? "secureConnect" : "connect", () => {
      const protocol = isTls ? socket.alpnProtocol : null;
      resolve({
        protocol: typeof protocol === "string" ? protocol : "http/1.1",
        tls: isTls ? socket.getProtocol() : null,
      });
      socket.destroy();
    });
  });
}
