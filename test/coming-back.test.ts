import { comesBack, isWaitedFor } from "./cut-trial.ts";

// All other variants: coming-back.proof.ts.
comesBack("websocket");
comesBack("long-polling", { polls: true });
isWaitedFor("websocket");
