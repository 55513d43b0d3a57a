import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { Namespace } from "../bench/network/namespace.ts";
import { ip } from "../bench/network/network.ts";
import { deviceTools, findTools } from "../bench/network/network-tools.ts";
import type { Tools } from "../bench/network/network-tools.ts";

/** A machine of its own, as far as a program sees. */
export interface Place {
  /** A command line that runs there what is appended. */
  readonly enter: readonly string[];
  readonly address: string;
}

/** The range for benchmarks, RFC 2544: it can't be confused with a real network. */
const network = "198.18.77";

/**
 * Machines that are network namespaces, joined by a bridge that is in one of them. None has a name: with the last
 * process of each, namespaces and devices are gone.
 */
export class JoinedMachines implements AsyncDisposable {
  /** Where the bridge is. */
  readonly first: Place;
  readonly #tools: Tools;
  readonly #hub: Namespace;
  readonly #others: Namespace[] = [];
  readonly #clocks: AsyncDisposable[] = [];

  static async open(): Promise<JoinedMachines> {
    const path = process.env["PATH"] ?? "";
    const tools = findTools(path, process.platform, undefined, deviceTools);
    const hub = await Namespace.make(tools);
    await ip(tools, hub, [
      "link set dev lo up",
      "link add bridge type bridge",
      `address add ${network}.1/24 dev bridge`,
      "link set dev bridge up",
    ]);
    return new JoinedMachines(tools, hub);
  }

  private constructor(tools: Tools, hub: Namespace) {
    this.#tools = tools;
    this.#hub = hub;
    this.first = { enter: hub.enter, address: `${network}.1` };
  }

  /** One more, whose clock is ahead of this one's by so many seconds. */
  async add(aheadS: number): Promise<Place> {
    const machine = await this.#hub.beside();
    this.#others.push(machine);
    const number = this.#others.length + 1;
    const address = `${network}.${number}`;
    await ip(this.#tools, this.#hub, [
      `link add port${number} type veth peer name wire netns ${machine.pid}`,
      `link set dev port${number} master bridge up`,
    ]);
    await ip(this.#tools, machine, [
      "link set dev lo up",
      `address add ${address}/24 dev wire`,
      "link set dev wire up",
    ]);
    const clock = await ClockOfItsOwn.make(machine.enter, aheadS);
    this.#clocks.push(clock);
    return { enter: [...machine.enter, ...clock.enter], address };
  }

  /** What the kernel calls their networks. */
  networks(): string[] {
    return [this.#hub, ...this.#others].map(({ pid }) => readlinkSync(`/proc/${pid}/ns/net`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const clock of this.#clocks) await clock[Symbol.asyncDispose]();
    for (const machine of [...this.#others, this.#hub]) await machine[Symbol.asyncDispose]();
  }
}

/** A time namespace, for as long as a process waits to begin in it. */
export class ClockOfItsOwn implements AsyncDisposable {
  /** A command line that runs what is appended by this clock, in the same process. */
  readonly enter: readonly string[];
  readonly #holder: ReturnType<typeof spawn>;

  /** `enter` is what the command line of its user begins with. */
  static async make(enter: readonly string[], aheadS: number): Promise<ClockOfItsOwn> {
    const ahead = ["--time", "--monotonic", `${aheadS}`, "--boottime", `${aheadS}`];
    const [command, ...args] = [...enter, "unshare", ...ahead, "cat"];
    const holder = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"], detached: true });
    holder.stdin.write("\n");
    await once(holder.stdout, "data");
    return new ClockOfItsOwn(holder);
  }

  private constructor(holder: ReturnType<typeof spawn>) {
    this.#holder = holder;
    this.enter = ["nsenter", `--time=/proc/${holder.pid}/ns/time_for_children`, "--"];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#holder, "exit");
    this.#holder.kill("SIGKILL");
    await ended;
  }
}
