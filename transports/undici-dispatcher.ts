// A file of its own, as `undici-fetch.ts` is.
export { default as UndiciClient } from "undici/lib/dispatcher/client.js";
