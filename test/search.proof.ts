import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import { readResults } from "../bench/results/files.ts";
import { isInvalidated } from "../bench/verdict/trials.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { isMissing, namespaces } from "./requirements.ts";
import { expectWhole } from "./whole-trial.ts";

const words = (line: string): string[] => line.split(" ");

const short = words(
  "--quick --duration 400ms --warmup 100ms --seed 1 --extra-trials 0 --no-report --out out",
);

describe("the connection search", () => {
  it("names the server's descriptors as the limit, and what it held", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(
      folder.path,
      [
        "run",
        ...short,
        ...words("--scenarios connections --max-connections 2000"),
        ...words("--transports short-polling@50ms,long-polling,sse,websocket,tcp"),
      ],
      ["sh", "-c", `ulimit -n 256; exec "$0" "$@"`],
    );
    const { code, stdout } = await process.ended;
    const results = await readResults(join(folder.path, "out"));
    expect(code).toBe(runCode(results));
    const { trials } = results;
    expect(trials).toHaveLength(5);
    for (const trial of trials) {
      expectWhole(trial);
      const held = trial.figures.find(({ key }) => key === "held");
      // 256 less what the process itself has open.
      expect(held?.value).toBeLessThan(256);
      // A machine that has no time for a broadcast to so many ends the search before.
      if (isInvalidated(trial)) continue;
      expect(held).toMatchObject({ bound: "exact", note: expect.stringContaining("descriptors") });
      expect(held?.value).toBeGreaterThan(200);
      expect(trial.figures.find(({ key }) => key === "stopped")?.value).toBe("EMFILE, server");
    }
    if (!trials.every(isInvalidated)) expect(stdout).toContain("EMFILE, server");
  });

  it.skipIf(isMissing(namespaces))(
    "names the ports of the client side as the limit, and says at least",
    async () => {
      using folder = new TemporaryFolder();
      const narrow =
        "ip link set lo up; echo 40000 40149 > /proc/sys/net/ipv4/ip_local_port_range;" +
        ` exec "$0" "$@"`;
      await using process = new BenchProcess(
        folder.path,
        ["run", ...short, ...words("--scenarios connections --transports websocket,sse")],
        ["unshare", "--net", "bash", "-c", `${narrow} --max-connections 1000`],
      );
      await process.ended;
      const { trials } = await readResults(join(folder.path, "out"));
      expect(trials).toHaveLength(2);
      for (const trial of trials) {
        expectWhole(trial);
        if (isInvalidated(trial)) continue;
        expect(trial.figures.find(({ key }) => key === "stopped")?.value).toBe(
          "EADDRNOTAVAIL, client",
        );
        const held = trial.figures.find(({ key }) => key === "held");
        expect(held).toMatchObject({ bound: "at least" });
        // 150 ports, one of which may be the server's own.
        expect(held?.value).toBeGreaterThanOrEqual(140);
        expect(held?.value).toBeLessThanOrEqual(150);
      }
    },
  );
});
