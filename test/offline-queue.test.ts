import { queuesOffline } from "./outage-trial.ts";

// All other variants: offline-queue.proof.ts.
queuesOffline("sse");
