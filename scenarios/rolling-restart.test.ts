import { expect, test } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { rollingRestart } from "./rolling-restart.ts";

const nothing = {
  received: 0,
  replayed: 0,
  unsent: 0,
  untaken: 0,
  inFlight: 0,
  missed: 0,
  overrun: 0,
  unaccounted: 0,
  doubled: 0,
  reordered: 0,
};

test("a server is drained and restarted while another publishes, and its clients are looked for", async () => {
  const stage = new ScriptedStage();
  await rollingRestart.play(stage);
  const graceful = stage.calls.indexOf("phase drained, with a grace period");
  expect(stage.calls.slice(graceful, graceful + 14)).toEqual([
    "phase drained, with a grace period",
    "  publish 20/s for 1000 ms",
    "  drain server 1 after 225 ms",
    "  restart server 1 after 0 ms, let go for 200 ms, down for 200 ms",
    "  restore all servers",
    "phase after that: drained, with a grace period",
    "  publish 20/s for 200 ms",
    "disconnect to 0",
    "connect 10",
    "phase connected anew",
    "  publish 20/s for 200 ms",
    "disconnect to 0",
    "come back full-jitter, with resume",
    "forget who was where",
  ]);
});

test("without a balancer's help it is killed, whether or not clients ask for what they have missed", async () => {
  const stage = new ScriptedStage();
  await rollingRestart.play(stage);
  for (const name of ["killed", "killed, no resume"]) {
    const killed = stage.calls.indexOf(`phase ${name}`);
    expect(stage.calls.slice(killed + 1, killed + 3)).toEqual([
      "  publish 20/s for 1000 ms",
      "  restart server 1 after 225 ms, down for 200 ms",
    ]);
  }
  expect(stage.calls).toContain("come back full-jitter");
});

test("clients that don't come back by the harness aren't told whether to ask", async () => {
  const reconnect = { policy: "native", baseMs: 100, capMs: 1_000 } as const;
  const stage = new ScriptedStage({ workload: { reconnect } });
  await rollingRestart.play(stage);
  expect(stage.calls.filter((call) => call.startsWith("come back"))).toEqual(
    Array.from({ length: 3 }, () => "come back native, with resume"),
  );
});

test("all that is lost is told by its cause, and with the share of the server that was away", async () => {
  const stage = new ScriptedStage({
    measured: (name) =>
      name.startsWith("after that")
        ? { serverShares: [0.9, 0.1] }
        : name === "connected anew"
          ? { serverShares: [0.5, 0.5] }
          : {
              expected: 100,
              ledger: { ...nothing, inFlight: 1, missed: 2, overrun: 4, untaken: 8 },
            },
  });
  await rollingRestart.play(stage);
  expect(stage.value("grace.lost")).toBe(15);
  expect(stage.value("grace.inFlight")).toBe(1);
  expect(stage.value("grace.overrun")).toBe(4);
  expect(stage.value("killed.otherwise")).toBe(8);
  expect(stage.value("fresh.killed.missed")).toBe(2);
  expect(stage.value("drained.share")).toBeCloseTo(10);
  expect(stage.value("grace.shareAnew")).toBe(50);
});
