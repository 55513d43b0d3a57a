import { connect } from "node:tls";
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
  if (!isSecure(url.href)) return Promise.resolve({ protocol: "http/1.1", tls: null });
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...tls,
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || 443),
      ALPNProtocols: ["h2", "http/1.1"],
    });
    socket.setTimeout(limitMs, () =>
      socket.destroy(Object.assign(new Error("no TLS"), { code: "ETIMEDOUT" })),
    );
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const protocol = socket.alpnProtocol;
      resolve({
        protocol: typeof protocol === "string" ? protocol : "http/1.1",
        tls: socket.getProtocol(),
      });
      socket.destroy();
    });
  });
}
