import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DCLinter } from "dclint";
import { validate } from "dockerfile-utils";
import { DaemonSet, Deployment } from "kubernetes-models/apps/v1";
import { Job } from "kubernetes-models/batch/v1";
import { PersistentVolumeClaim, Service } from "kubernetes-models/v1";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import * as z from "zod";
import { TemporaryFolder, bench } from "./bench-process.ts";
import { isMissing, systemd } from "./requirements.ts";

const folder = fileURLToPath(new URL("../docs/deploy/", import.meta.url));
const textOf = (file: string): string => readFileSync(`${folder}${file}`, "utf8");

const kinds = { DaemonSet, Deployment, Job, PersistentVolumeClaim, Service } as const;
const anySchema = z.looseObject({
  kind: z.enum(["DaemonSet", "Deployment", "Job", "PersistentVolumeClaim", "Service"]),
});
const argsSchema = z.looseObject({ args: z.array(z.string()) });

/** Of the flags of a command line, the names. */
function flagsIn(words: readonly string[]): string[] {
  return words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []);
}

describe.skipIf(isMissing(systemd))("the unit of systemd", () => {
  const unit = `${folder}transport-bench-worker.service`;

  it("is one that systemd takes", () => {
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("may do little more than a worker needs", () => {
    const args = ["security", "--offline=true", "--threshold=25", "--no-pager", unit];
    expect(spawnSync("systemd-analyze", args).status).toBe(0);
  });
});

describe("the manifests", () => {
  it("for Compose are of its schema, and without a fault that its linter knows", () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    const [result] = linter.lintFiles([`${folder}compose.yaml`], false);
    expect(result).toMatchObject({ messages: [], errorCount: 0, warningCount: 0 });
  });

  it("have an image whose Dockerfile is in order", () => {
    expect(validate(textOf("Dockerfile"))).toEqual([]);
  });

  it.each(["workers", "run"])("for Kubernetes are of its schemas: %s", (file) => {
    for (const document of parseAllDocuments(textOf(`kubernetes/${file}.yaml`))) {
      expect([...document.errors, ...document.warnings]).toEqual([]);
      const given: unknown = document.toJS();
      const Kind = kinds[anySchema.parse(given).kind];
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is what is checked
      const model = new Kind(given as never);
      expect(() => model.validate()).not.toThrow();
    }
  });

  it("call the command by flags that it has", async () => {
    using temporary = new TemporaryFolder();
    const helps = new Map<string, string>();
    for (const command of ["worker", "run"]) {
      helps.set(command, (await bench(temporary.path, command, "--help")).stdout);
    }
    const compose: unknown = parse(textOf("compose.yaml"));
    const [, unit = ""] =
      /^ExecStart=\S+ \S+ (.+)$/m.exec(textOf("transport-bench-worker.service")) ?? [];
    const lines = [
      unit.split(" "),
      z
        .looseObject({
          services: z.looseObject({ worker: z.looseObject({ command: z.array(z.string()) }) }),
        })
        .parse(compose).services.worker.command,
      ...["workers", "run"].flatMap((file) => containersArgs(textOf(`kubernetes/${file}.yaml`))),
    ];
    expect(lines).toHaveLength(4);
    for (const [command = "", ...words] of lines) {
      for (const flag of flagsIn(words)) expect(helps.get(command)).toContain(`${flag} `);
    }
  });
});

/** What the image of ours is called with. */
function containersArgs(text: string): string[][] {
  const templateSchema = z.looseObject({
    spec: z.looseObject({
      template: z.looseObject({ spec: z.looseObject({ containers: z.array(argsSchema) }) }),
    }),
  });
  return parseAllDocuments(text).flatMap((document) => {
    const parsed = templateSchema.safeParse(document.toJS());
    const containers = parsed.success ? parsed.data.spec.template.spec.containers : [];
    return containers
      .filter(({ image }) => image === "transport-bench:0.1.0")
      .map(({ args }) => args);
  });
}
