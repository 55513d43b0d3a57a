import { describe } from "vitest";
import { allowsNoTunnel, passesOn, squid } from "./forward-trial.ts";
import { isMissing } from "./requirements.ts";

// All others: forward-proxies.proof.ts.

describe.skipIf(isMissing(squid))("a forward proxy", () => {
  passesOn("sse+proxy=squid-forward");
  passesOn("websocket+tls+proxy=squid-connect:corrected");
  allowsNoTunnel("websocket+proxy=squid-forward");
});
