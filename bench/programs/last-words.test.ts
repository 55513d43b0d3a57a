import { expect, it } from "vitest";
import { lastWordsIn } from "./last-words.ts";

it.each([
  ["nothing", "\n", null],
  ["its last line", "listening\nout of luck\n\n", "out of luck"],
  ["an error above its stack", "TypeError: no\n  at main (a.js:1)\n", "TypeError: no"],
  [
    "the first alert",
    "[NOTICE] (1) : new worker\n[ALERT] (1) : unknown keyword 'a'\n[ALERT] (1) : Fatal errors found.\n",
    "[ALERT] (1) : unknown keyword 'a'",
  ],
  [
    "an alert, whatever errors requests met before",
    "[error] 7#7: *12 upstream prematurely closed connection\n[emerg] no memory\n",
    "[emerg] no memory",
  ],
  [
    "a taken port",
    "(98)Address already in use: AH00072: could not bind\nAH00015: Unable to open logs\n",
    "(98)Address already in use: AH00072: could not bind",
  ],
  [
    "what is announced",
    "Error:\nMessage from VCC-compiler:\nUnknown token 'a'\n('b' Line 3)\nVCL compilation failed\n",
    "Error: Message from VCC-compiler: Unknown token 'a'",
  ],
  [
    "what is announced, too, by a place",
    "AH00526: Syntax error on line 5 of a.conf:\nInvalid command 'b'\n",
    "AH00526: Syntax error on line 5 of a.conf: Invalid command 'b'",
  ],
  [
    "the fatal one",
    "12:00:00| FATAL: Unable to open HTTP Socket\n12:00:00| Terminated abnormally.\n",
    "FATAL: Unable to open HTTP Socket",
  ],
])("tells of what a program said %s", (_, output, told) => {
  expect(lastWordsIn(output)).toBe(told);
});

it("keeps it short", () => {
  expect(lastWordsIn("x".repeat(1_000))).toHaveLength(300);
});
