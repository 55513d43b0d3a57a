import { read } from "./files.ts";

/** A limit of the kernel on what all connections of a machine take together. */
export interface KernelLimit {
  readonly name: "tracked connections" | "TCP memory" | "open files of the machine" | "memory";
  /** So much is used of so much; in pages, KiB, or pieces. */
  readonly used: number;
  readonly most: number;
  /** How much of it one connection takes with both of its ends here; null where that is another's arithmetic. */
  readonly each: number | null;
  /** What moves it. */
  readonly setting: string;
}

/** Texts of the kernel's files; null where one isn't there. */
export interface KernelTexts {
  readonly conntrackCount: string | null;
  readonly conntrackMax: string | null;
  readonly tcpMem: string | null;
  readonly sockstat: string | null;
  readonly fileNr: string | null;
  readonly meminfo: string | null;
}

/** The limits that this machine reports, read now. */
export function kernelLimits(): KernelLimit[] {
  return limitsIn({
    conntrackCount: read("/proc/sys/net/netfilter/nf_conntrack_count"),
    conntrackMax: read("/proc/sys/net/netfilter/nf_conntrack_max"),
    tcpMem: read("/proc/sys/net/ipv4/tcp_mem"),
    sockstat: read("/proc/net/sockstat"),
    fileNr: read("/proc/sys/fs/file-nr"),
    meminfo: read("/proc/meminfo"),
  });
}

/** From the texts of the kernel's files. */
export function limitsIn(texts: KernelTexts): KernelLimit[] {
  const { conntrackCount, conntrackMax, tcpMem, sockstat, fileNr, meminfo } = texts;
  const tracked = numberIn(conntrackCount, /^(\d+)/);
  const total = numberIn(meminfo, /^MemTotal:\s+(\d+)/m);
  const available = numberIn(meminfo, /^MemAvailable:\s+(\d+)/m);
  const limits: (Omit<KernelLimit, "used" | "most"> & Partial<Record<"used" | "most", number>>)[] =
    [
      {
        name: "tracked connections",
        // Where none is, connections aren't tracked here.
        ...known(tracked === 0 ? undefined : tracked, numberIn(conntrackMax, /^(\d+)/)),
        each: 1,
        setting: "sysctl -w net.netfilter.nf_conntrack_max=1048576",
      },
      {
        name: "TCP memory",
        ...known(numberIn(sockstat, /^TCP:.* mem (\d+)/m), numberIn(tcpMem, /(\d+)\s*$/)),
        // A page, while a message waits to be read.
        each: 1,
        setting: "sysctl -w net.ipv4.tcp_mem, three numbers of pages, of which the last",
      },
      {
        name: "open files of the machine",
        ...known(numberIn(fileNr, /^(\d+)/), numberIn(fileNr, /(\d+)\s*$/)),
        each: 2,
        setting: "sysctl -w fs.file-max",
      },
      {
        name: "memory",
        ...known(
          total !== undefined && available !== undefined ? total - available : undefined,
          total,
        ),
        each: null,
        setting: "stop other programs, or take a machine with more",
      },
    ];
  return limits.flatMap(({ used, most, ...limit }) =>
    used === undefined || most === undefined ? [] : [{ ...limit, used, most }],
  );
}

/** Whoever is this near to a limit is held up by it: the kernel refuses before the last. */
const nearly = 0.97;

/** The limit that is used up, if one is. */
export function usedUp(limits: readonly KernelLimit[]): KernelLimit | undefined {
  return limits.find(({ used, most }) => used >= nearly * most);
}

function known(
  used: number | undefined,
  most: number | undefined,
): Partial<Record<"used" | "most", number>> {
  return { ...(used !== undefined && { used }), ...(most !== undefined && { most }) };
}

function numberIn(text: string | null, pattern: RegExp): number | undefined {
  const found = pattern.exec(text ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}
