import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deliversThrough, restartsBehind, rollsBehind } from "./balanced-trial.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { balancers, isMissing } from "./requirements.ts";

// All other variants: balance.proof.ts.

/** Processes whose working folder is in this one. */
function runningIn(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    });
}

describe.skipIf(isMissing(balancers))("servers behind one address", () => {
  deliversThrough("nginx", "socket.io@polling");
  deliversThrough("haproxy", "websocket+tls");
  restartsBehind("nginx", "sse");
  rollsBehind("haproxy", "websocket");

  it.each(["nginx", "haproxy"] as const)(
    "are tried again when %s has been killed, and nothing is left of it",
    async (balance) => {
      using folder = new TemporaryFolder();
      using temporary = new TemporaryFolder();
      const args = ["run", "--scenarios", "latency", "--transports", "websocket", "--servers", "2"];
      const short = ["--clients", "4", "--duration", "500ms", "--warmup", "0ms", "--trials", "1"];
      await using run = new BenchProcess(
        folder.path,
        [...args, ...short, "--balance", balance, "--no-report", "--out", "out"],
        ["env", `TMPDIR=${temporary.path}`],
      );
      const theirs = `${temporary.path}/transport-bench-${balance}-`;
      await run.until(() => runningIn(theirs).length > 0);
      for (const pid of runningIn(theirs)) process.kill(pid, "SIGKILL");
      await run.ended;
      const { trials } = await run.results();
      const [first, second] = trials;
      expect(first?.outcome).toMatchObject({ status: "failed", by: "machine" });
      expect(JSON.stringify(first?.outcome)).toContain(`${balance}: it ended with SIGKILL`);
      expect(second?.outcome.status).toMatch(/^(?:valid|invalid)$/);
      expect(second?.phases.at(-1)?.deliveries).toMatchObject({ lost: 0, duplicated: 0 });
      expect(runningIn(temporary.path)).toEqual([]);
      expect(readdirSync(temporary.path)).toEqual([]);
    },
  );
});
