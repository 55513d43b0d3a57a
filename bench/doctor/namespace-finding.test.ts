import { expect, it } from "vitest";
import type { Finding } from "./diagnosis.ts";
import { namespaceFinding } from "./namespace-finding.ts";
import type { Namespaces } from "./namespaces.ts";

it.each<[Finding["status"], Namespaces, RegExp]>([
  ["good", { as: "root" }, /as root null$/],
  ["good", { as: "rootless" }, /without root.* null$/],
  [
    "missing",
    { refused: "ip not found; on Debian: apt-get install iproute2", lacking: true },
    /apt-get install iproute2 null$/,
  ],
  ["missing", { refused: "Operation not permitted", lacking: false }, /not permitted run as root/],
])("private networks are %s with %o", (status, namespaces, text) => {
  const finding = namespaceFinding(namespaces);
  expect(finding.status).toBe(status);
  expect(`${finding.found} ${finding.advice}`).toMatch(text);
});
