import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as z from "zod";
import { busNames } from "./bus-names.ts";
import { isInstalled, packageUrl } from "./optional-packages.ts";
import { socketIo } from "./socket-io.ts";

const { peerDependencies } = z
  .object({ peerDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

it("finds a package that is installed, and no other", () => {
  expect(packageUrl("socket.io")).toMatch(/^file:.*\/node_modules\/socket\.io\//);
  expect(isInstalled("socket.io")).toBe(true);
  expect(isInstalled("no-such-package-anywhere")).toBe(false);
});

it("has each package that a transport asks for among those that this one works with, and those of workers and browsers", () => {
  const bound = socketIo.configure("default", { msgpack: true });
  const adapters = busNames.flatMap((bus) => {
    const needs = bound.libraryBus(bus);
    return needs !== null && "packages" in needs ? needs.packages : [];
  });
  expect(Object.keys(peerDependencies)).toEqual([
    ...adapters,
    "bullmq",
    "puppeteer-core",
    ...bound.packages,
  ]);
});
