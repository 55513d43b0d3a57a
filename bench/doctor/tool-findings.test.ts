import { describe, expect, it } from "vitest";
import type { Finding } from "./diagnosis.ts";
import { toolFindings } from "./tool-findings.ts";
import type { Tools } from "./tools.ts";

const bare: Tools = {
  programs: {},
  namespaces: { refused: "without ip and unshare" },
  netem: null,
};

const findingOf = (key: Finding["key"], overrides: Partial<Tools>): Finding | undefined =>
  toolFindings({ ...bare, ...overrides }).find((finding) => finding.key === key);

describe("findings about tools", () => {
  it("say of each program that is missing how to get it", () => {
    for (const key of ["tcpdump", "chromium", "nginx", "redis-server"] as const) {
      expect(findingOf(key, {})).toMatchObject({
        status: "missing",
        advice: `apt-get install ${key}`,
      });
    }
  });

  it("say of each that is there where it is, and its version where it tells one", () => {
    const programs = {
      nginx: { path: "/usr/sbin/nginx", version: "1.22.1" },
      tcpdump: { path: "/bin/tcpdump", version: null },
    };
    expect(findingOf("nginx", { programs })).toMatchObject({
      status: "good",
      found: "1.22.1, /usr/sbin/nginx",
      advice: null,
    });
    expect(findingOf("tcpdump", { programs })?.found).toMatch(/doesn't tell, \/bin\/tcpdump/);
  });

  it.each<[Finding["status"], Tools["namespaces"], RegExp]>([
    ["good", { as: "root" }, /as root/],
    ["good", { as: "rootless" }, /without root/],
    ["missing", { refused: "without ip" }, /apt-get install iproute2/],
    ["missing", { refused: "unshare failed: Operation not permitted" }, /run as root/],
  ])("private networks are %s with %o", (status, namespaces, text) => {
    const finding = findingOf("namespaces", { namespaces });
    expect(finding?.status).toBe(status);
    expect(`${finding?.found} ${finding?.advice}`).toMatch(text);
  });

  it.each<[Finding["status"], Tools["netem"]]>([
    ["good", "available"],
    ["missing", "missing"],
    ["unknown", null],
  ])("netem is %s when asking for it gives %s", (status, netem) => {
    const finding = findingOf("netem", { netem });
    expect(finding?.status).toBe(status);
    expect(finding?.advice === null).toBe(status === "good");
  });
});
