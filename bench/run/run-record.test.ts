import { expect, it } from "vitest";
import { resultsSchema } from "../results/schema.ts";
import type { Results } from "../results/schema.ts";
import { resolveConfig } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { newResults } from "./run-record.ts";

const recorded = (...transports: string[]): Promise<Results> =>
  newResults(resolveConfig({ transports }, asFlag, 1), "npx transport-bench run", []);

it("records how connections are encrypted, for each kind of certificate", async () => {
  const results = await recorded("sse", "websocket+tls=rsa", "sse+h2", "long-polling+tls");
  const agreed = { protocol: "TLSv1.3", cipher: expect.stringMatching(/^TLS_[A-Z0-9_]+$/) };
  expect(resultsSchema.parse(results).environment.software.tls).toEqual([
    { ...agreed, certificate: "EC P-256, self-signed" },
    { ...agreed, certificate: "RSA 2048, self-signed" },
  ]);
});

it("records no encryption where there is none", async () => {
  expect((await recorded("sse", "sse+h2c")).environment.software.tls).toBeNull();
});
