import { accountsFor } from "./slow-trial.ts";

const bound = "slowBytes=1MiB";

for (const variant of ["sse", "sse+tls", "sse+gzip", "streaming", "websocket", "websocket+tls"]) {
  accountsFor(variant, { isCutOff: false });
  accountsFor(`${variant}+${bound}`, { isCutOff: true });
  accountsFor(`${variant}+slow=drop+${bound}`, { isCutOff: false, misses: true });
  accountsFor(`${variant}+slow=drop+logBytes=1MiB`, { isCutOff: false, misses: true });
  accountsFor(`${variant}+slow=block+${bound}`, { isCutOff: false, holdsBackOthers: true });
  accountsFor(`${variant}+slow=buffer+logBytes=1MiB`, { isCutOff: false });
}
accountsFor("websocket+deflate+slow=drop+slowBytes=1MiB", { isCutOff: false, misses: true });
for (const client of ["eventsource", "fetch", "undici"]) {
  accountsFor(`sse:${client}+slow=drop+${bound}`, { isCutOff: false, misses: true });
}
for (const variant of ["long-polling", "short-polling@20ms"]) {
  accountsFor(variant, {});
  // An answer that the log has moved on from is cut off, and the poll made again.
  accountsFor(`${variant}+logBytes=1MiB`, { misses: true });
}
accountsFor("socket.io@websocket", {});
accountsFor("socket.io@websocket+slow=buffer+logBytes=1MiB", {});
