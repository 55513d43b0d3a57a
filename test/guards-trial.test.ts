import { refusesIntruders } from "./guards-trial.ts";

// All other transports: guards.proof.ts.
refusesIntruders("websocket");
refusesIntruders("sse");
