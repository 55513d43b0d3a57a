import { accountsFor } from "./slow-trial.ts";

// All other transports: slow-consumer.proof.ts.
accountsFor("websocket+slow=drop+slowBytes=1MiB", { isCutOff: false, misses: true });
accountsFor("sse+slowBytes=1MiB", { isCutOff: true });
