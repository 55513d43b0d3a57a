import { openSync } from "node:fs";
import type { LibraryHandle } from "koffi";

/*
 * What Node has no call for, by the C library of this process: a TUN device takes an ioctl, its file descriptor fits
 * none of Node's streams, and another network namespace takes setns. Numbers are Linux's, as on x86, ARM and RISC-V.
 */

const tunSetInterface = 0x4004_54ca;
/** Plain IP packets (IFF_TUN, IFF_NO_PI). Offloads aren't asked for, so the kernel has cut and summed them itself. */
const tunFlags = 0x0001 | 0x1000;
/** O_RDWR and O_NONBLOCK. */
const openFlags = 0o2 | 0o4000;
const networkNamespace = 0x4000_0000;
const timerSlack = 29;
const tryAgain = 11;
const interrupted = 4;
const readable = 1;

/** The longest wait, in nanoseconds: looking around once a second costs nothing. */
const longestWaitNs = 1e9;

/** The TUN devices of two namespaces, and the wait for either. */
export class TunDevices {
  readonly #read: (fd: number, bytes: Uint8Array, size: number) => number;
  readonly #write: (fd: number, bytes: Uint8Array, size: number) => number;
  readonly #poll: (fds: Int32Array, count: number, timeout: BigInt64Array, mask: null) => number;
  readonly #errno: () => number;
  readonly #fds: readonly number[];
  /** Pairs of a file descriptor, and what is awaited and was seen of it in the two halves of an integer. */
  readonly #polled: Int32Array;
  readonly #timeout = new BigInt64Array(2);

  /**
   * Attaches to the device of that name in this process's namespace, and to the one in the namespace of another
   * process, where this one then is. `alsoFd` ends a wait, too.
   */
  static async attach(device: string, otherPid: number, alsoFd: number): Promise<TunDevices> {
    const { load, errno } = await import("koffi");
    const library = load(null);
    const check = (what: string, result: number): void => {
      if (result < 0) throw new Error(`${what} failed with error number ${errno()}`);
    };
    const prctl = library.func("int prctl(int option, ...)");
    // Linux lets a wait be late by 50 µs, so that it can wake several processes at once.
    check("prctl", prctl(timerSlack, "unsigned long", 1));
    const setns: (fd: number, type: number) => number = library.func("int setns(int fd, int type)");
    const here = openTun(library, device, check);
    const there = openSync(`/proc/${otherPid}/ns/net`, "r");
    check("setns", setns(there, networkNamespace));
    return new TunDevices(library, errno, [here, openTun(library, device, check)], alsoFd);
  }

  private constructor(
    library: LibraryHandle,
    errno: () => number,
    fds: readonly number[],
    alsoFd: number,
  ) {
    this.#read = library.func("intptr_t read(int fd, void *bytes, size_t size)");
    this.#write = library.func("intptr_t write(int fd, void *bytes, size_t size)");
    this.#poll = library.func(
      "int ppoll(void *fds, unsigned long count, void *timeout, void *mask)",
    );
    this.#errno = errno;
    this.#fds = fds;
    this.#polled = Int32Array.from([...fds, alsoFd].flatMap((fd) => [fd, awaited]));
  }

  /** Reads a packet of one of the two, and returns its length; 0 when there is none. */
  read(which: number, bytes: Uint8Array): number {
    const length = this.#read(this.#fds[which] ?? -1, bytes, bytes.length);
    return length >= 0 ? length : this.#unlessFatal("read", tryAgain);
  }

  write(which: number, bytes: Uint8Array, length: number): void {
    const written = this.#write(this.#fds[which] ?? -1, bytes, length);
    if (written !== length) this.#unlessFatal("write", tryAgain);
  }

  /** Waits, for so long at most, until there is a packet; returns whether there is something at the other descriptor. */
  wait(forNs: number): boolean {
    const waitNs = Math.max(0, Math.min(forNs, longestWaitNs));
    this.#timeout[0] = BigInt(Math.floor(waitNs / 1e9));
    this.#timeout[1] = BigInt(Math.floor(waitNs % 1e9));
    const ready = this.#poll(this.#polled, this.#polled.length / 2, this.#timeout, null);
    if (ready < 0) this.#unlessFatal("ppoll", interrupted);
    return ready > 0 && this.#polled.at(-1) !== awaited;
  }

  #unlessFatal(what: string, expected: number): number {
    const errno = this.#errno();
    if (errno !== expected)
      throw new Error(`${what} on a TUN device failed with error number ${errno}`);
    return 0;
  }
}

/** The two halves of a `struct pollfd` after its descriptor: what is awaited, and nothing seen. */
const [awaited = 0] = new Int32Array(Int16Array.of(readable, 0).buffer);

function openTun(
  library: LibraryHandle,
  device: string,
  check: (what: string, result: number) => void,
): number {
  const ioctl = library.func("int ioctl(int fd, unsigned long request, ...)");
  const fd = openSync("/dev/net/tun", openFlags);
  // A `struct ifreq`: 16 bytes of name, then the flags.
  const request = new Uint8Array(40);
  request.set(Buffer.from(device));
  new Int16Array(request.buffer)[8] = tunFlags;
  check("TUNSETIFF", ioctl(fd, tunSetInterface, "void *", request));
  return fd;
}
