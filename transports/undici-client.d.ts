/** The one part of undici that is needed: all of it takes as long to load as everything else does. */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici";
  export default Client;
}
