import { randomBytes } from "node:crypto";
import { certifiedName } from "./tls.ts";
import type { Identity } from "./tls.ts";

// Apart from `tls.ts`, which processes that measure load: a certificate is made before them.

/** As Node has them: a name, and keys of HMAC and AES. */
const ticketKeyBytes = 48;

const validForMs = 7 * 24 * 3_600_000;

const made = new Map<string, Promise<Identity>>();

/**
 * A certificate signed by its own key, P-256 or RSA with 2048 bits: made once per process, since that takes tenths of
 * a second.
 */
export function identityOf(kind: "ec" | "rsa"): Promise<Identity> {
  const identity = made.get(kind) ?? makeIdentity(kind);
  made.set(kind, identity);
  return identity;
}

async function makeIdentity(kind: "ec" | "rsa"): Promise<Identity> {
  const { generate } = await import("./selfsigned.ts");
  const { private: key, cert } = await generate([{ name: "commonName", value: certifiedName }], {
    keyType: kind,
    keySize: 2_048,
    curve: "P-256",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + validForMs),
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: certifiedName }] }],
  });
  const ticketKeys = randomBytes(ticketKeyBytes).toString("base64");
  return { key, certificate: cert, ticketKeys };
}
