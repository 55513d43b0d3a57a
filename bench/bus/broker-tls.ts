import type { RedisOptions } from "ioredis";
import { connect, isIP } from "node:net";
import { connect as secure } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import type { BrokerAddress } from "./bus.ts";

/** What the certificate of a broker must be for; an address isn't asked for by its name. */
export function certified(name: string): Pick<ConnectionOptions, "host" | "servername"> {
  return isIP(name) === 0 ? { host: name, servername: name } : { host: name };
}

/** What to say of a broker that can't be reached, or mustn't be trusted. */
export function unusable(error: unknown, reason: string, { tlsName }: BrokerAddress): Error {
  const isMistrusted = tlsName !== null && /certificate/i.test(reason);
  const way = isMistrusted ? " (NODE_EXTRA_CA_CERTS names a file of authorities to trust)" : "";
  return new Error(`the broker can't be used: ${reason}${way}`, { cause: error });
}

/**
 * Dials Redis over TLS on a connection of its own, on which bytes can be counted: the library's way of dialling has
 * none. Certificates have to be of an authority that Node trusts; `NODE_EXTRA_CA_CERTS` names more of them.
 */
export async function tlsConnector(
  place: { readonly host: string; readonly port: number },
  name: string,
): Promise<NonNullable<RedisOptions["Connector"]>> {
  const { AbstractConnector } = await import("ioredis");
  return class extends AbstractConnector {
    constructor() {
      super(disconnectMs);
    }

    async connect(): Promise<ReturnType<typeof secure>> {
      this.connecting = true;
      const socket = connect(place);
      const stream = secure({ socket, ...certified(name) });
      socket.on("error", (error) => stream.destroy(error));
      // A failure of the connection below is told twice: Node passes it on, too.
      stream.on("error", (error) => (this.firstError ??= error));
      this.stream = stream;
      return stream;
    }
  };
}

/** How long the end of a connection is waited for. */
const disconnectMs = 2_000;
