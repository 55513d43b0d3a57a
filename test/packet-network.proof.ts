import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { doneBetween } from "../bench/packets/done.ts";
import { meanLoss } from "../bench/settings/packet-loss.ts";
import { parsePackets } from "../bench/settings/parse-network.ts";
import type { Ports, RoundTrips } from "../bench/packets/probe.ts";
import { eventually, isRunning } from "./bench-process.ts";
import { PacketNetwork, calibratePacketNetwork, startProbe } from "./built-engine.ts";
import { isMissing, packetNetwork, unprivileged, userNamespaces } from "./requirements.ts";

/** A packet network, a process at its client's end, and where the one at its server's echoes. */
interface Played {
  readonly network: Awaited<ReturnType<typeof PacketNetwork.open>>;
  readonly client: ReturnType<typeof startProbe>;
  readonly address: string;
  readonly ports: Ports;
}

async function playOn<T>(profile: string, play: (played: Played) => Promise<T>): Promise<T> {
  await using network = await PacketNetwork.open(parsePackets(profile), 7, 1);
  await using server = startProbe(network.server, "server's probe");
  await using client = startProbe(network.client, "clients' probe");
  const [address = ""] = network.serverAddresses;
  return await play({ network, client, address, ports: await server.call("echo", { address }) });
}

const ping = ({ client, address, ports }: Played, count: number, waitMs: number) =>
  client.call("ping", { address, port: ports.udp, count, waitMs });

const pingStream = ({ client, address, ports }: Played, count: number, waitMs: number) =>
  client.call("pingStream", { address, port: ports.tcp, count, waitMs });

const at = ({ ms }: RoundTrips, share: number): number => ms[Math.floor(ms.length * share)] ?? NaN;

describe.skipIf(isMissing(packetNetwork))("what is asked of a packet network is done", () => {
  it("25 ms each way make 50 ms, and what the network takes itself", async () => {
    const { roundTripMs } = await calibratePacketNetwork();
    await playOn("delay=25ms", async (played) => {
      const trips = await ping(played, 100, 1_000);
      console.log("delay=25ms", { p50: at(trips, 0.5), p99: at(trips, 0.99), own: roundTripMs });
      expect(trips.ms[0]).toBeGreaterThanOrEqual(50);
      // A machine on which others work wakes processes late, too.
      expect(at(trips, 0.5)).toBeLessThan(50 + roundTripMs.p99 + 3);
    });
  });

  it("2 % of loss are repaired by retransmissions, which the slowest messages wait for", async () => {
    await playOn("delay=10ms,loss=2%", async (played) => {
      const trips = await pingStream(played, 1_000, 4);
      const { down, up } = await played.network.done();
      console.log("loss=2%", { p50: at(trips, 0.5), p99: at(trips, 0.99), down, up });
      expect(trips.lost).toBe(0);
      for (const { lost, retransmitted } of [down, up]) {
        expect(lost).toBeGreaterThan(0);
        expect(retransmitted).toBeGreaterThan(0);
      }
      // A loss is noticed a round trip later at the earliest.
      expect(at(trips, 0.99)).toBeGreaterThan(at(trips, 0.5) + 10);
    });
  });

  it.each(["loss=5%", "loss=5%,burst=4", "loss=1%:20%:90%:0.5%"])(
    "%s takes its share of datagrams",
    async (text) => {
      const { packetsIn, lost, packetsOut } = await playOn(
        text,
        async ({ client, address, network }) => {
          await client.call("flood", { address, bytes: 64, packets: 20_000 });
          await eventually(async () => {
            const { up } = await network.done();
            return up.packetsIn + up.unread >= 20_000;
          });
          return (await network.done()).up;
        },
      );
      const { loss } = parsePackets(text).up;
      const share = meanLoss(loss);
      // Losses of one burst aren't independent: the variance is that of Bernoulli trials times (1 + c) / (1 - c), where
      // c, by which the chain remembers its state, is at most 1 - toBad - toGood.
      const memory = loss.kind === "random" ? 0 : 1 - loss.toBad - loss.toGood;
      const inflation = (1 + memory) / (1 - memory);
      const deviation = Math.sqrt((share * (1 - share) * inflation) / packetsIn);
      console.log(text, { asked: share, done: lost / packetsIn, packetsIn, deviation });
      expect(packetsOut).toBe(packetsIn - lost);
      expect(Math.abs(lost / packetsIn - share)).toBeLessThan(4 * deviation);
    },
  );

  it("what datagrams lose, TCP repairs", async () => {
    await playOn("loss=10%", async (played) => {
      const datagrams = await ping(played, 300, 50);
      const { down, up } = await played.network.done();
      expect(datagrams.lost).toBeGreaterThanOrEqual(down.lost + up.lost);
      expect(down.lost + up.lost).toBeGreaterThan(30);
      expect((await pingStream(played, 300, 2)).lost).toBe(0);
    });
  });

  it("a bandwidth of 1 Mbit/s carries 1 Mbit/s, and what its queue can't keep is dropped", async () => {
    await playOn("bandwidth=1Mbit,queue=64KB", async ({ client, address, network }) => {
      const flood = client.call("flood", { address, bytes: 1_472, packets: 150_000 });
      await eventually(async () => (await network.done()).up.overflowed > 0);
      const from = await network.done();
      await flood;
      const { up, ms } = doneBetween(from, await network.done());
      const rate = (8_000 * up.bytesOut) / ms;
      console.log("bandwidth=1Mbit", { rate, up });
      // A packet more or less of about 200, and a process that can be kept from running for some milliseconds.
      expect(Math.abs(rate - 1e6)).toBeLessThan(0.03e6);
      expect(up.bytesOut / up.packetsOut).toBe(1_500);
      expect(up.longestQueueBytes).toBeGreaterThan(62_500);
      expect(up.longestQueueBytes).toBeLessThanOrEqual(64_000);
    });
  });

  it("TCP takes nearly all of a bandwidth, in packets of Ethernet's size", async () => {
    await playOn("bandwidth=5Mbit,delay=5ms", async ({ client, address, ports, network }) => {
      const bytes = 1_000_000;
      const ms = await client.call("echoStream", { address, port: ports.tcp, bytes });
      const { down, up } = await network.done();
      console.log("bandwidth=5Mbit", { rate: (8 * bytes) / (ms / 1_000), down, up });
      // Its headers take 40 of 1 500 bytes and more, and its acknowledgements the same link.
      expect((8 * bytes) / (ms / 1_000)).toBeLessThan(5e6);
      expect((8 * bytes) / (ms / 1_000)).toBeGreaterThan(3e6);
      // Were there offloads, it would take fewer.
      expect(up.packetsIn).toBeGreaterThan(bytes / 1_460);
    });
  });

  it("reordering makes TCP acknowledge twice, and datagrams arrive late", async () => {
    await playOn("delay=2ms,reorder=5%,reorder-by=3ms", async (played) => {
      const { client, address, ports, network } = played;
      await client.call("echoStream", { address, port: ports.tcp, bytes: 3_000_000 });
      const { down, up } = await network.done();
      console.log("reorder=5%", { down, up });
      expect(up.reordered).toBeGreaterThan(0);
      expect(up.reordered).toBeLessThan(up.packetsIn * 0.1);
      expect(down.lost + up.lost).toBe(0);
    });
  });

  it("what is stalled waits, until it is restored, and then goes by another profile", async () => {
    await playOn("delay=1ms", async (played) => {
      const { network } = played;
      expect((await ping(played, 5, 1_000)).lost).toBe(0);
      await network.stall(["up"]);
      expect((await ping(played, 3, 30)).lost).toBe(3);
      const { up } = await network.done();
      expect(up.packetsIn - up.packetsOut).toBe(3);
      await network.restore();
      await eventually(async () => (await network.done()).up.packetsOut >= 8);
      await network.set(parsePackets("delay=20ms/10ms"));
      expect((await ping(played, 5, 1_000)).ms[0]).toBeGreaterThanOrEqual(30);
    });
  });
});

const program = fileURLToPath(new URL("fixtures/open-packet-network.ts", import.meta.url));

/** Starts a program that has a packet network. */
function elsewhere(wrapper: readonly string[] = []) {
  const [command, ...args] = [...wrapper, process.execPath, "--import", "tsx", program];
  return spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
}

/** Its children, once it has it: the holders of both namespaces, and the relay. */
async function childrenOf({ stdout, pid = 0 }: ReturnType<typeof elsewhere>) {
  const holders: number[] = JSON.parse(await text(stdout));
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  expect(children).toEqual(expect.arrayContaining(holders));
  return { children, holders };
}

/** What it says first. */
async function text(stream: Readable): Promise<string> {
  for await (const chunk of stream) return String(chunk);
  throw new Error("it ended without a word");
}

describe.skipIf(isMissing(packetNetwork))("nothing of a packet network is left", () => {
  it.each([
    ["its parent is killed", "SIGKILL", false],
    ["the terminal sends Ctrl-C to all its processes", "SIGINT", true],
  ] as const)("when %s", async (_what, signal, isForAll) => {
    const child = elsewhere();
    const { pid = 0 } = child;
    const { children } = await childrenOf(child);
    process.kill(isForAll ? -pid : pid, signal);
    await once(child, "exit");
    await eventually(() => !children.some(isRunning));
  });

  it.skipIf(isMissing(userNamespaces))("and it needs no special right", async () => {
    const child = elsewhere(unprivileged);
    const { children, holders } = await childrenOf(child);
    expect(readlinkSync(`/proc/${holders[0]}/ns/user`)).not.toBe(
      readlinkSync("/proc/self/ns/user"),
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    await eventually(() => !children.some(isRunning));
  });

  it("when there is no TUN device, which is refused in one line", async () => {
    const hide = 'mount -t tmpfs none /dev/net; exec "$0" "$@"';
    const child = elsewhere(["unshare", "--mount", "bash", "-c", hide]);
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint += chunk));
    await once(child, "close");
    expect(complaint).toContain(
      "BenchError: can't open a TUN device (ENOENT: /dev/net/tun); " +
        "load the kernel's module tun, or give the container this device",
    );
  });
});
