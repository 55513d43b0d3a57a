import { expect, it } from "vitest";
import { MemoryKills, killsIn } from "./memory-kills.ts";

it.each([
  ["/proc/vmstat", "pgmajfault 1290\noom_kill 3\nnuma_hit 12\n", 3],
  ["memory.events", "low 0\nhigh 0\nmax 41\noom 1\noom_kill 2\noom_group_kill 0\n", 2],
  ["memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", 1],
  ["a kernel that doesn't count", "oom_kill_disable 0\nunder_oom 0\n", null],
])("killings are counted in %s", (_, text, kills) => {
  expect(killsIn(text)).toBe(kills);
});

it("who was killed while nobody was killed for lack of memory, was killed by somebody", () => {
  const kills = new MemoryKills();
  expect(kills.why("SIGKILL")).toBe("");
  expect(kills.why("exit code 1")).toBe("");
});
