import { expect, it } from "vitest";
import { resultsOf } from "../../test/results-fixture.ts";
import { factsOf } from "./facts.ts";

it("names what connections were encrypted with, where they were", () => {
  const results = resultsOf([]);
  expect(factsOf(results).has("TLS")).toBe(false);
  const tls = { protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" };
  results.environment = {
    ...results.environment,
    software: {
      ...results.environment.software,
      tls: [
        { ...tls, certificate: "EC P-256, self-signed" },
        { ...tls, certificate: "RSA 2048, self-signed" },
      ],
    },
  };
  expect(factsOf(results).get("TLS")).toBe(
    "TLSv1.3, TLS_AES_256_GCM_SHA384, certificate EC P-256, self-signed; " +
      "TLSv1.3, TLS_AES_256_GCM_SHA384, certificate RSA 2048, self-signed",
  );
});
