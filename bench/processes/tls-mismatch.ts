import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { TlsClient } from "../layers/tls.ts";
import { Dialler } from "../measure/dialler.ts";
import type { Layers } from "../../transports/layers.ts";
import { asError, quoted } from "../../transports/protocol-error.ts";
import type { FoundServer } from "./connect-to-target.ts";

/**
 * What keeps clients from a server that can't be subscribed to, if that is TLS: what the server does, and the remedy.
 * Null if it is something else.
 */
export async function tlsMismatch(server: FoundServer, layers: Layers): Promise<string | null> {
  const { target, tls } = server;
  if (tls === null) {
    const anyone = { host: target.host, authorities: null, isVerified: false };
    const spoken = await handshake({ ...server, tls: new TlsClient(anyone, {}) });
    return spoken instanceof Error ? null : "speaks TLS there: give https://";
  }
  const made = await handshake({ ...server, tls });
  if (made instanceof Error) return whyTlsFailed(made, target.host);
  const chosen = made.alpnProtocol;
  return layers.h2 !== true || chosen === "h2" ? null : noHttp2;
}

const noHttp2 = "doesn't choose HTTP/2 by ALPN: enable it there, or name the variant without +h2";

/** A TLS connection, ended again; or why there is none. */
async function handshake({
  target: { port },
  address,
  tls,
}: FoundServer & { readonly tls: TlsClient }): Promise<TLSSocket | Error> {
  const dialler = new Dialler(address, port);
  try {
    return await dialler.within(limitMs, async () => {
      const stream = tls.over(dialler.dial());
      stream.on("error", () => {});
      await once(stream, "secureConnect");
      return stream;
    });
  } catch (error) {
    return asError(error);
  } finally {
    await dialler.reset();
  }
}

/** Longer than a handshake takes; a server that waits for something else would be waited for. */
const limitMs = 2_000;

const isUnknown = "has a certificate of an authority that isn't known here: give that by --ca FILE";
const noTls = "doesn't speak TLS there: give http://";
const noTls13 = "doesn't speak TLS 1.3, which is what is measured: enable it there";

/** By the codes of Node and of OpenSSL: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const causes: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "has a certificate that it has signed by itself: give that by --ca FILE",
  SELF_SIGNED_CERT_IN_CHAIN: isUnknown,
  UNABLE_TO_GET_ISSUER_CERT: isUnknown,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: isUnknown,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: isUnknown,
  CERT_SIGNATURE_FAILURE: isUnknown,
  CERT_HAS_EXPIRED: "has a certificate that has expired: renew it, or give --insecure",
  CERT_NOT_YET_VALID: "has a certificate that isn't valid yet: renew it, or give --insecure",
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_HTTP_REQUEST: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: noTls13,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: noTls13,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: noHttp2,
};

/** What a server does by whose TLS no connection came about, and the remedy; null where something else has failed. */
export function whyTlsFailed(error: Error, host: string): string | null {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = namesIn(error);
    return `has a certificate for ${names}, not for ${host}: give the URL by a name that it holds, or --insecure`;
  }
  // Whatever else has failed says more.
  if (code === "ETIMEDOUT") return null;
  return causes[code] ?? `can't be reached over TLS: ${error.message}`;
}

/** The names in the certificate that Node has found wrong. */
function namesIn(error: Error): string {
  const certificate = "cert" in error ? error.cert : null;
  if (typeof certificate !== "object" || certificate === null) return "another name";
  const names = "subjectaltname" in certificate ? String(certificate.subjectaltname) : "no name";
  return quoted(names.replaceAll(/DNS:|IP Address:/g, ""));
}
