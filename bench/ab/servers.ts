import * as z from "zod";
import { defaultStartTimeoutMs, startTimeout, verificationSettings } from "../settings/config.ts";
import { asFlag, named } from "../settings/naming.ts";
import { usageError } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/secrets.ts";
import { verificationOf } from "../settings/target-settings.ts";
import { admittedTarget, parseTargetUrl } from "../settings/target.ts";
import type {
  ServerTarget,
  StartedProcess,
  TargetProcess,
  Verification,
} from "../settings/target.ts";
import { Worktree } from "./worktree.ts";

const command = z.string().trim().min(1);

/** The flags that say what is compared. */
export const serverFlagsSchema = z
  .strictObject({
    baseline: z.string(),
    candidate: z.string(),
    baselineCommand: command,
    candidateCommand: command,
    base: z.string().trim().min(1),
    prepare: command,
    target: z.string(),
    targetCommand: command,
    startTimeout,
    ...verificationSettings,
  })
  .partial();

export type ServerFlags = z.infer<typeof serverFlagsSchema>;

/** The server of one side, and its name. */
export interface SideServer {
  readonly target: ServerTarget;
  readonly label: string;
  /** The flag that names it. */
  readonly flag: string;
  readonly commit: string | null;
}

export interface Servers extends AsyncDisposable {
  readonly baseline: SideServer;
  readonly candidate: SideServer;
}

/** The flags that each mode needs, and those that it may have. */
const modes = {
  urls: { needs: ["baseline", "candidate"], may: [] },
  commands: { needs: ["baselineCommand", "candidateCommand", "target"], may: ["startTimeout"] },
  commits: { needs: ["base", "target", "targetCommand"], may: ["prepare", "startTimeout"] },
} as const satisfies Readonly<
  Record<string, { needs: readonly (keyof ServerFlags)[]; may: readonly (keyof ServerFlags)[] }>
>;

type ServersMode = keyof typeof modes;

const modeUsages = [
  "--baseline URL --candidate URL",
  "--baseline-command C --candidate-command C --target URL",
  "--base REF --target-command C --target URL",
];

/** The mode that the flags select; throws a `BenchError` unless they select exactly one, completely. */
export function modeOf(flags: ServerFlags): ServersMode {
  const given = flagsIn(flags);
  const names: readonly ServersMode[] = ["urls", "commands", "commits"];
  const mode = names.find((name) => given.includes(modes[name].needs[0]));
  if (mode === undefined) {
    throw usageError(`bench ab needs two servers: ${modeUsages.join(", or ")}`);
  }
  const { needs, may } = modes[mode];
  const missing = needs.find((key) => !given.includes(key));
  if (missing !== undefined) {
    throw usageError(`${asFlag(needs[0])} needs ${asFlag(missing)} as well`);
  }
  const fitting = new Set<keyof ServerFlags>([...needs, ...may, "ca", "insecure"]);
  const foreign = given.find((key) => !fitting.has(key));
  if (foreign === undefined) return mode;
  throw usageError(`${asFlag(needs[0])} and ${asFlag(foreign)} exclude each other`);
}

function flagsIn(flags: ServerFlags): (keyof ServerFlags)[] {
  return serverFlagsSchema.keyof().options.filter((key) => flags[key] !== undefined);
}

/** Where the servers listen: throws a `BenchError` for what is no URL of one. */
export function urlsOf(flags: ServerFlags): string[] {
  return (["baseline", "candidate", "target"] as const).flatMap((key) => {
    const text = flags[key];
    return text === undefined ? [] : named(key, asFlag, () => parseTargetUrl(text)).url;
  });
}

/** Both servers, with the worktree of the one that is a commit. Throws a `BenchError`. */
export async function serversOf(
  flags: ServerFlags,
  allowTargets: readonly string[],
  signal: AbortSignal,
): Promise<Servers> {
  return openers[modeOf(flags)](flags, allowTargets, signal);
}

const openers: Readonly<Record<ServersMode, typeof serversOf>> = {
  urls: twoUrls,
  commands: twoCommands,
  commits: twoCommits,
};

async function twoUrls(flags: ServerFlags, allowTargets: readonly string[]): Promise<Servers> {
  const { baseline = "", candidate = "" } = flags;
  const verification = verificationOf(flags, urlsOf(flags), asFlag);
  const at = async (flag: string, url: string): Promise<SideServer> => {
    const target = await admittedTarget(url, { kind: "unknown" }, allowTargets, verification);
    return { target, label: url, flag, commit: null };
  };
  return {
    baseline: await at("--baseline", baseline),
    candidate: await at("--candidate", candidate),
    async [Symbol.asyncDispose]() {},
  };
}

async function twoCommands(flags: ServerFlags, allowTargets: readonly string[]): Promise<Servers> {
  const { baselineCommand = "", candidateCommand = "", target: url = "", startTimeout } = flags;
  const verification = verificationOfStarted(flags);
  const by = async (flag: string, given: string): Promise<SideServer> => {
    const process = startedBy(given, startTimeout);
    const target = await admittedTarget(url, process, allowTargets, verification);
    return { target, label: withoutSecrets(given), flag, commit: null };
  };
  return {
    baseline: await by("--baseline-command", baselineCommand),
    candidate: await by("--candidate-command", candidateCommand),
    async [Symbol.asyncDispose]() {},
  };
}

function startedBy(given: string, startTimeoutMs = defaultStartTimeoutMs): StartedProcess {
  return { kind: "command", command: given, startTimeoutMs };
}

/** Both commands may write the authorities. */
function verificationOfStarted(flags: ServerFlags): Verification {
  const targetCommand = flags.targetCommand ?? flags.baselineCommand;
  return verificationOf({ ...flags, targetCommand }, urlsOf(flags), asFlag);
}

async function twoCommits(
  flags: ServerFlags,
  allowTargets: readonly string[],
  signal: AbortSignal,
): Promise<Servers> {
  const { base = "", prepare, target = "", targetCommand = "", startTimeout } = flags;
  const verification = verificationOfStarted(flags);
  const started = (folder: string): TargetProcess => ({
    ...startedBy(targetCommand, startTimeout),
    folder,
  });
  const here = started(process.cwd());
  const candidate = await admittedTarget(target, here, allowTargets, verification);
  const worktree = await Worktree.open(base, process.cwd());
  try {
    if (prepare !== undefined) await worktree.prepare(prepare, signal);
  } catch (error) {
    await worktree[Symbol.asyncDispose]();
    throw error;
  }
  return {
    baseline: {
      target: { ...candidate, process: started(worktree.folder) },
      label: base,
      flag: "--base",
      commit: worktree.commit,
    },
    candidate: {
      target: candidate,
      label: "the working tree",
      flag: "--target-command",
      commit: null,
    },
    [Symbol.asyncDispose]: () => worktree[Symbol.asyncDispose](),
  };
}
