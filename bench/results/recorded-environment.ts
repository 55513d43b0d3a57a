import * as z from "zod";
import { proxiesSchema } from "./recorded-proxies.ts";
import { name, number, prose } from "./texts.ts";

const count = z.int().min(0);
const text = z.string();

/** Three values as the kernel has them: minimum, default and maximum; for `totalPages` low, pressure and high. */
const three = z.tuple([count, count, count]);

const negotiated = z.strictObject({
  /** `TLSv1.3` */
  protocol: text,
  /** `TLS_AES_256_GCM_SHA384` */
  cipher: text,
  /** `EC P-256, self-signed` */
  certificate: text,
});

const machine = {
  host: z.strictObject({
    platform: text,
    kernel: text,
    architecture: text,
    cpu: text,
    cores: count,
    memoryBytes: count,
    /** The hypervisor that this machine is a guest of; `none` when it is no guest. */
    hypervisor: text.nullable(),
    governor: text.nullable(),
    /** Limits of this process's control groups; within, null is none. */
    cgroup: z
      .strictObject({ cpuCores: number.nullable(), memoryBytes: count.nullable() })
      .nullable(),
    clockSource: text.nullable(),
    loadBefore: number,
    loadAfter: number.nullable(),
    /** The share of all processor time during the run, 0 to 1. */
    stealShare: number.nullable(),
    openFilesLimit: count.nullable(),
    openFilesHardLimit: count.nullable(),
    portRange: z.tuple([count, count]).nullable(),
    acceptBacklog: count.nullable(),
    loopbackAddresses: count,
    tcpMemory: z
      .strictObject({ totalPages: three, receiveBytes: three, sendBytes: three })
      .nullable(),
    congestionControl: text.nullable(),
  }),
  software: z.strictObject({
    transportBench: text,
    /** Versions of Node and of everything built into it. */
    versions: z.record(text, text),
    libraries: z.record(text, text),
    nodeOptions: text,
    execArgv: z.array(text),
    lockfileSha256: text.nullable(),
    /** Where the harness runs from a git checkout. */
    commit: z.strictObject({ hash: text, dirty: z.boolean() }).nullable(),
    /** Browsers and proxies that took part, with their versions. */
    programs: z.record(text, text),
    /**
     * How connections with the harness's own servers were encrypted, for each kind of certificate; null where none
     * were, or not recorded.
     */
    tls: z.array(negotiated).nullable(),
  }),
};

/** A machine that ran processes of trials for the run: see `run --on`. */
const playedHost = z.strictObject({
  name,
  /** What it is for, by its own account. */
  role: z.enum(["servers", "clients", "both"]),
  /** What ran there. */
  ran: z.array(z.enum(["servers", "clients"])),
  /** Where servers there listen. */
  addresses: z.array(name),
  /** Its hardware and software when it joined. */
  ...machine,
});

export const environment = z.strictObject({
  /** Of the machine from which the run was played, which ran all of it where there are no other hosts. */
  ...machine,
  /** Left out where all processes ran on one machine. */
  hosts: z.array(playedHost).optional(),
  /** Left out where none stood between clients and servers. */
  proxies: proxiesSchema.optional(),
});

/** Something that makes the figures of a run worse than they need be, as `bench doctor` finds it. */
export const machineNote = z.strictObject({
  /** `cores`, `load`, `steal`, … */
  key: prose,
  title: prose,
  status: z.enum(["limited", "bad"]),
  /** What was found. */
  found: prose,
  /** What it does to figures. */
  effect: prose,
  /** What would help; null when nothing can be done. */
  advice: prose.nullable(),
});

export type Negotiated = z.infer<typeof negotiated>;
export type Environment = z.infer<typeof environment>;
export type Host = Environment["host"];
export type PlayedHost = z.infer<typeof playedHost>;
export type MachineNote = z.infer<typeof machineNote>;
