import { describe, expect, it } from "vitest";
import { stoppedBy } from "./why-stopped.ts";

describe("what stopped the next client", () => {
  it.each([
    ["status 503", "server", "the server answered with something unexpected: status 503"],
    [
      "the server allows 100 streams on a session",
      "server",
      "the server allows 100 streams on a session",
    ],
    ["EADDRNOTAVAIL", "client", "no ephemeral port is left for the server's address"],
    ["EPERM", "client", "connecting failed with EPERM"],
  ])("is told of %s", (cause, side, explanation) => {
    expect(stoppedBy(cause)).toEqual({ cause, side, explanation });
  });
});
