/**
 * The one part of undici that is needed: all of it takes as long to load as everything else does. Of a
 * connection it needs no more than any stream has.
 */
declare module "undici/lib/dispatcher/client.js" {
  import type { Duplex } from "node:stream";
  import type { Client } from "undici";
  interface Options extends Omit<Client.Options, "connect"> {
    connect(options: unknown, callback: (...outcome: [Error, null] | [null, Duplex]) => void): void;
  }
  const Connecting: new (origin: URL, options: Options) => Client;
  export default Connecting;
}
