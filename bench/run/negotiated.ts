import { once } from "node:events";
import { CountedListener } from "../measure/listener.ts";
import { Dialler } from "../measure/dialler.ts";
import type { Negotiated } from "../results/schema.ts";
import { identityOf } from "../layers/certificate.ts";
import { TlsClient, trustIn } from "../layers/tls.ts";

/**
 * What clients and the harness's own servers agree on, by a handshake of the two in this process: those that measure
 * run the same Node with the same options.
 */
export async function negotiatedWith(kind: "ec" | "rsa"): Promise<Negotiated> {
  const identity = await identityOf(kind);
  await using listener = await CountedListener.open(["127.0.0.1"], { identity });
  const dialler = new Dialler("127.0.0.1", listener.port);
  const stream = new TlsClient(trustIn(identity), {}).over(dialler.dial());
  await once(stream, "secureConnect");
  const { nistCurve, bits } = stream.getPeerCertificate();
  const negotiated = {
    protocol: stream.getProtocol() ?? "unknown",
    cipher: stream.getCipher().name,
    certificate: `${nistCurve === undefined ? `RSA ${bits}` : `EC ${nistCurve}`}, self-signed`,
  };
  await dialler.reset();
  return negotiated;
}
