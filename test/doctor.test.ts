import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnosisSchema } from "../bench/doctor/diagnosis.ts";
import type { Finding } from "../bench/doctor/diagnosis.ts";
import { tryNamespaces } from "../bench/doctor/namespaces.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { isMissing, namespaces, privateNetwork } from "./requirements.ts";

describe("bench doctor", () => {
  it("with --json prints one document that keeps to its schema, with a rate that was measured", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(
      folder.path,
      ["doctor", "--json"],
      ["sh", "-c", `ulimit -n 300; exec "$0" "$@"`],
    );
    const { code, stdout, stderr } = await process.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { findings, connections, deliveriesPerSecond } = diagnosisSchema.parse(
      JSON.parse(stdout),
    );
    expect(statusOf(findings, "descriptors")).toBe("limited");
    // 300 less what a process has open for itself.
    expect(connections).toMatchObject({ most: 260, boundBy: "descriptors of the server" });
    const [first] = deliveriesPerSecond.tried;
    expect(first?.deliveriesPerSecond).toBeGreaterThan(0);
    expect(first?.serverCpuShare).toBeGreaterThan(0);
    expect(first?.loadCpuShare).toBeGreaterThan(0);
    expect(deliveriesPerSecond.failure).toBeNull();
  });

  it.skipIf(isMissing(namespaces))(
    "says unknown where /proc and /sys are hidden, as on a system that has none, and no client can connect",
    async () => {
      using folder = new TemporaryFolder();
      const hide = `mount -t tmpfs none /proc; mount -t tmpfs none /sys; exec "$0" "$@"`;
      await using process = new BenchProcess(
        folder.path,
        ["doctor", "--json"],
        ["unshare", "--mount", "--net", "bash", "-c", hide],
      );
      const { code, stdout } = await process.ended;
      expect(code).toBe(0);
      const { findings, machine, connections, deliveriesPerSecond } = diagnosisSchema.parse(
        JSON.parse(stdout),
      );
      expect(machine.hypervisor).toBeNull();
      const keys = ["cpu-limit", "steal", "governor", "descriptors", "ports", "backlog"] as const;
      for (const key of keys) expect(statusOf(findings, key)).toBe("unknown");
      expect(connections.boundBy).toMatch(/^(memory|heap of the server)$/);
      // Loopback is down.
      expect(deliveriesPerSecond).toMatchObject({ most: null, tried: [] });
      expect(deliveriesPerSecond.failure).toMatch(/ENETUNREACH|EADDRNOTAVAIL/);
    },
  );
});

describe("before a run", () => {
  const start = async (...more: string[]): Promise<string> => {
    using folder = new TemporaryFolder();
    const line =
      "run --no-report --quick --duration 100ms --warmup 0ms --scenarios connections --out out";
    await using process = new BenchProcess(
      folder.path,
      [...line.split(" "), "--transports", "websocket", "--max-connections", "400", ...more],
      ["sh", "-c", `ulimit -n 300; exec "$0" "$@"`],
    );
    // All that there is to say beforehand is said by then.
    await process.measuring("server");
    process.signal("SIGKILL");
    return (await process.ended).stderr;
  };

  it("what keeps it from its figures is said in a line each, above the headline", async () => {
    expect(await start()).toMatch(
      /^limited: connections: 400 needed, about 260 possible \(descriptors of the server\); [^]*^1 trial,/m,
    );
  });

  it("nothing is said with --quiet", async () => {
    expect(await start("--quiet")).toBe("");
  });
});

describe("private networks", () => {
  /** A folder of programs, each of which does what it is given to. */
  const programsIn = (folder: string, scripts: Readonly<Record<string, string>>): string => {
    mkdirSync(folder);
    for (const [name, text] of Object.entries(scripts)) {
      const file = join(folder, name);
      writeFileSync(file, `#!/bin/sh\n${text}\n`);
      chmodSync(file, 0o755);
    }
    return folder;
  };

  it("need programs, and those that are missing are named", async () => {
    using folder = new TemporaryFolder();
    const path = programsIn(join(folder.path, "bin"), { ip: "", unshare: "" });
    expect(await tryNamespaces(path, [])).toEqual({
      refused: expect.stringMatching(
        process.platform === "linux" ? /^ethtool, nsenter not found/ : /Linux/,
      ),
      lacking: true,
    });
  });

  it.runIf(process.platform === "linux")("are refused in the system's words", async () => {
    using folder = new TemporaryFolder();
    const refuse = "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1";
    const scripts = { ip: "", nsenter: "", ethtool: "", unshare: refuse };
    const path = programsIn(join(folder.path, "bin"), scripts);
    expect(await tryNamespaces(path, [])).toEqual({
      refused: "unshare: unshare failed: Operation not permitted",
      lacking: false,
    });
  });

  it.skipIf(isMissing(privateNetwork))("are made where that is allowed", async () => {
    expect(await tryNamespaces()).toHaveProperty("as");
  });
});

function statusOf(findings: readonly Finding[], key: Finding["key"]): Finding["status"] | null {
  return findings.find((finding) => finding.key === key)?.status ?? null;
}
