import { expect, it } from "vitest";
import { allowedIn } from "./cores.ts";

it.each([
  ["0-1", 2],
  ["3", 1],
  ["0-2,5,8-9", 6],
])("a process that may run on processors %s may use %s", (list, cores) => {
  expect(allowedIn(`Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\n`)).toBe(cores);
});

it("how many cores a process may use is unknown where the system doesn't say", () => {
  expect(allowedIn("")).toBeNull();
});
