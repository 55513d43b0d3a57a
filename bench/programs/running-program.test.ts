import { existsSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Program } from "./program.ts";
import { RunningProgram } from "./running-program.ts";
import { StartedCommand } from "./started-command.ts";

/** A shell that does this at each start, in its folder. */
function shell(lines: readonly string[], versionAt: Program["versionAt"]): [Program, string[]] {
  const folders: string[] = [];
  const program: Program = {
    name: "shell",
    command: "sh",
    debianPackage: "dash",
    argumentsFor({ folder }) {
      folders.push(folder);
      return ["-c", lines[folders.length - 1] ?? "exit 1"];
    },
    versionAt,
  };
  return [program, folders];
}

it("is started at another port where one is taken, and leaves nothing at the first", async () => {
  const taken = "echo bind: Address already in use >&2; exit 1";
  const [program, folders] = shell([taken, "exec sleep 60"], async () => {
    if (folders.length < 2) throw new Error("not yet");
    return "1";
  });
  await using running = await RunningProgram.start(program, "broker");
  expect(running.version).toBe("1");
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
});

it("says what was wrong the last time that it was asked, when it doesn't serve", async () => {
  vi.spyOn(StartedCommand.prototype, "sinceStartMs", "get").mockReturnValue(60_000);
  onTestFinished(() => void vi.restoreAllMocks());
  const [program] = shell(["exec sleep 60"], async () => {
    throw new Error("it tells no version");
  });
  await expect(RunningProgram.start(program, "broker")).rejects.toThrow(
    "shell: it doesn't serve within 10 s: it tells no version",
  );
});

it("has its folder go when this process exits", async () => {
  const before = process.listeners("exit");
  const [program] = shell(["exec sleep 60"], async () => "1");
  await using running = await RunningProgram.start(program, "broker");
  const { folder } = running.place;
  expect(existsSync(folder)).toBe(true);
  for (const listener of process.listeners("exit")) if (!before.includes(listener)) listener(0);
  expect(existsSync(folder)).toBe(false);
});
