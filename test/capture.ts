import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { linkDevice } from "../bench/network/link.ts";
import type { Network } from "../bench/network/network.ts";
import { packetsOf } from "./pcap.ts";
import type { Packet } from "./pcap.ts";

const udp = 17;

/** Everything that crosses a network's link, seen by tcpdump at the server's end. */
export class Capture implements AsyncDisposable {
  readonly #network: Network;
  readonly #tcpdump: ChildProcess;
  readonly #written: Buffer[] = [];
  #said = "";
  #changed = (): void => {};

  /** Resolves when tcpdump listens. */
  static async start(network: Network): Promise<Capture> {
    const capture = new Capture(network);
    await capture.#until(() => capture.#said.includes("listening on"));
    return capture;
  }

  private constructor(network: Network) {
    this.#network = network;
    const [command = "", ...enter] = network.server.enter;
    // Each frame is written when it has passed; the buffer, in KiB, takes what comes at once.
    const how = ["--immediate-mode", "-U", "-B", "16384", "-s", "128", "-n", "-w", "-"];
    this.#tcpdump = spawn(command, [...enter, "tcpdump", "-i", linkDevice, ...how], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#tcpdump.stdout?.on("data", (chunk: Buffer) => {
      this.#written.push(chunk);
      this.#changed();
    });
    this.#tcpdump.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
      this.#changed();
    });
  }

  /** All packets until now, none missing. */
  async end(): Promise<Packet[]> {
    // What is seen of this one comes after everything before it.
    const { enter } = this.#network.client;
    const [command, ...args] = [...enter, "bash", "-c", "echo > /dev/udp/198.18.0.1/9"];
    await once(spawn(command, args, { stdio: "inherit" }), "exit");
    const isMarker = ({ protocol }: Packet): boolean => protocol === udp;
    await this.#until(() => this.#packets().some(isMarker));
    this.#tcpdump.kill("SIGINT");
    await once(this.#tcpdump, "close");
    if (!/^0 packets dropped by kernel$/m.test(this.#said)) throw new Error(this.#said);
    const packets = this.#packets();
    return packets.slice(0, packets.findIndex(isMarker));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#tcpdump.exitCode !== null || this.#tcpdump.signalCode !== null) return;
    this.#tcpdump.kill("SIGKILL");
    await once(this.#tcpdump, "close");
  }

  #packets(): Packet[] {
    return packetsOf(Buffer.concat(this.#written));
  }

  /** The test's own time limit ends the waiting. */
  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }
}
