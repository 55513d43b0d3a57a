import { userInfo } from "node:os";
import { expect, it } from "vitest";
import { ownName } from "./own-name.ts";

it("is the name of who runs this process, and the number of a user without a name", () => {
  expect(ownName()).toBe(userInfo().username);
  const nameless = (): never => {
    throw new Error("uv_os_get_passwd returned ENOENT");
  };
  expect(ownName(nameless)).toBe(String(process.getuid?.()));
});
