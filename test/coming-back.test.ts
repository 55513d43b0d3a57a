import { comesBack } from "./cut-trial.ts";

// All other variants: coming-back.proof.ts.
comesBack("websocket");
comesBack("long-polling", { polls: true });
