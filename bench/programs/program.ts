import type { Identity } from "../layers/tls.ts";
import type { ServerAddress } from "../measure/dialler.ts";

/** Where a program listens, and where its files are: a folder of its own, which is removed with it. */
export interface ProgramPlace {
  readonly host: string;
  readonly port: number;
  readonly folder: string;
}

/** How a program is run beside its defaults. */
export interface ProgramOptions {
  /** Whether what it was told outlives it, for the one that is started in its place; nothing is kept on disk otherwise. */
  readonly outlives?: boolean;
  /** Where it listens, an address of this machine: on loopback if nothing is said. */
  readonly host?: string;
  /** What it passes connections on to; for programs that stand in front of servers. */
  readonly fronting?: Fronting;
}

/** What stands behind a program, and how it is to pass connections on. */
export interface Fronting {
  readonly servers: readonly Pick<ServerAddress, "host" | "port">[];
  /** Whether it reads requests, or passes on bytes that it knows nothing of, such as TLS. */
  readonly reads: "http" | "bytes";
  /** The most connections of clients that may be open at once. */
  readonly connections: number;
  /** With which it ends clients' TLS; without one, they speak none. */
  readonly identity?: Identity;
}

/** A program that others wrote and a run needs, such as a broker: started for a trial, and ended with it. */
export interface Program {
  /** As it is called. A variable such as NGINX_PATH names the file that is started. */
  readonly name: string;
  /** The file that is looked for otherwise; `name` when left out. */
  readonly command?: string;
  /** The Debian package that it is in. */
  readonly debianPackage: string;
  /** How long it may take until it serves, in milliseconds; 10 s when left out. */
  readonly startTimeoutMs?: number;
  /** The arguments with which it stays in the foreground and listens there. */
  argumentsFor(
    place: ProgramPlace,
    options: ProgramOptions,
  ): readonly string[] | Promise<readonly string[]>;
  /** What else it has to be told: the files that it reads, by their names in the folder. */
  filesFor?(place: ProgramPlace, options: ProgramOptions): Readonly<Record<string, string>>;
  /** Variables beside those that it inherits. */
  environmentFor?(place: ProgramPlace, options: ProgramOptions): Readonly<Record<string, string>>;
  /** How it is made to read its files again; throws where it can't. */
  reloadFor?(place: ProgramPlace, options: ProgramOptions): Reload;
  /** By which it ends soonest; SIGTERM when left out. */
  readonly endSignal?: NodeJS.Signals;
  /** Files outside its folder that it may leave. */
  leavesAt?(place: ProgramPlace, options: ProgramOptions): readonly string[];
  /** Resolves with its version when it serves; rejects as long as it doesn't. What stands behind it isn't asked. */
  versionAt(place: ProgramPlace): Promise<string>;
  /** What its administrator can ask of it while it runs; for programs that stand in front of servers. */
  readonly administered?: Administered;
}

/** Signals its first process. */
export type Signal = (name: NodeJS.Signals) => void;

/** Servers are counted from 0. */
export interface Administered {
  /**
   * Has it give these servers no connections and requests from here on, and all others as ever; those that are there
   * stay. Resolves when it does so.
   */
  drain(
    place: ProgramPlace,
    options: ProgramOptions,
    servers: readonly number[],
    signal: Signal,
  ): Promise<void>;
  /** Has it forget which client was with which server, and what else it has learnt of them. */
  forget(place: ProgramPlace, options: ProgramOptions, signal: Signal): Promise<void>;
}

/** A signal for its first process, or a command. */
export type Reload =
  | { readonly signal: NodeJS.Signals }
  | { readonly file: string; readonly arguments: readonly string[] };

/** For programs that can't do without it. */
export function frontingOf({ fronting }: ProgramOptions): Fronting {
  if (fronting === undefined) throw new Error("it isn't said what stands behind it");
  return fronting;
}
