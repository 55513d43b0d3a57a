import { describe, expect, it } from "vitest";
import { outlivesTerminal } from "./hang-up.ts";
import type { TerminalTraces } from "./hang-up.ts";

const usual: TerminalTraces = {
  environment: { _: "/usr/bin/npx" },
  parentStatus: "Name:\tbash\nSigBlk:\t0000000000010000\nSigIgn:\t0000000000384004\n",
  ancestors: ["-bash", "sshd: someone", "sh\0-c\0node bench/nohup.js --nohup"],
  isInputShut: false,
};

describe("the end of a terminal", () => {
  it("ends what was started in it", () => {
    expect(outlivesTerminal(usual)).toBe(false);
    expect(outlivesTerminal({ ...usual, environment: {}, parentStatus: "" })).toBe(false);
  });

  it.each<[string, Partial<TerminalTraces>]>([
    ["nohup, as its shell tells", { environment: { _: "/usr/bin/nohup" } }],
    ["nohup, whose input can't be read", { isInputShut: true }],
    ["nohup, as the command of a shell has it", { ancestors: ["dash\0-c\0cd x; nohup npx y &"] }],
    [
      "nohup, above npx",
      { ancestors: ["sh\0-c\0bench run", "/bin/sh\0-ec\0/usr/bin/nohup npx y"] },
    ],
    ["a script that ignores it", { parentStatus: "SigIgn:\t0000000000000001\n" }],
  ])("is outlived under %s", (_, traces) => {
    expect(outlivesTerminal({ ...usual, ...traces })).toBe(true);
  });
});
