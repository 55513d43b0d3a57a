import { userInfo } from "node:os";
import { beforeEach, expect, it, vi } from "vitest";
import { ownName } from "./own-name.ts";

vi.mock("node:os");

beforeEach(() => vi.resetAllMocks());

it("is the number of a user without a name", () => {
  vi.mocked(userInfo).mockImplementation(() => {
    throw new Error("uv_os_get_passwd returned ENOENT");
  });
  expect(ownName()).toBe(String(process.getuid?.()));
});
