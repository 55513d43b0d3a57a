import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { groups } from "../bench/machine/cgroup.ts";
import { StartedCommand } from "../bench/programs/started-command.ts";
import { TemporaryFolder, eventually } from "./bench-process.ts";
import { ControlGroup, canLimit } from "./control-group.ts";

const target = {
  url: "",
  host: "127.0.0.1",
  port: 1,
  addresses: [],
  verification: null,
  process: { kind: "unknown" },
} as const;

const hungry = "node -e 'for (const kept = [];;) kept.push(Buffer.alloc(1e6, 1))'";

it.skipIf(!canLimit("memory")).each([
  ["itself", `exec ${hungry}`],
  ["below a shell", `${hungry}; exit $?`],
])("a server that the kernel kills for lack of memory, %s, is said to be", async (_, hog) => {
  using folder = new TemporaryFolder();
  await using group = new ControlGroup("memory", 96 * 2 ** 20);
  const command = new StartedCommand(
    {
      command: `${group.enter}; until [ -e go ]; do sleep 0.02; done; ${hog}`,
      startTimeoutMs: 10_000,
      folder: folder.path,
    },
    target,
  );
  await eventually(() => groups("memory", command.group)?.folders[0] === group.path);
  command.consistsOf([command.group]);
  writeFileSync(join(folder.path, "go"), "");
  expect(await command.ended).toMatch(
    /^it ended with (SIGKILL|exit code 137): the kernel killed it for lack of memory \(its control group may use 96 MiB\)/,
  );
});
