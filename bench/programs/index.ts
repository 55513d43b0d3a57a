import { whyNoProgram } from "../machine/program-file.ts";
import { chromium } from "./chromium.ts";
import { firefox } from "./firefox.ts";
import { haproxy } from "./haproxy.ts";
import { natsServer } from "./nats-server.ts";
import { nginx } from "./nginx.ts";
import type { Program } from "./program.ts";
import { redisServer } from "./redis-server.ts";

const programs = {
  "redis-server": redisServer,
  "nats-server": natsServer,
  nginx,
  haproxy,
  chromium,
  firefox,
} as const;

/** The programs that a run may need. */
export type ProgramName = keyof typeof programs;

export function programNamed(name: ProgramName): Program {
  return programs[name];
}

/** Why a program can't be had here; null where it can. */
export function whyMissing(name: ProgramName, path = process.env["PATH"]): string | null {
  return whyNoProgram(programNamed(name), path);
}
