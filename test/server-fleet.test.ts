import { countsAsTheoryDoes, goesOnWithoutTheFirst, resumesElsewhere } from "./fleet-trial.ts";

// All other variants: server-fleet.proof.ts.
countsAsTheoryDoes("websocket+batch=30ms+tls+resume");
resumesElsewhere("sse");
goesOnWithoutTheFirst("websocket");
