import { describe, expect, it } from "vitest";
import { parsePackets } from "../bench/settings/parse-network.ts";
import { isRunning } from "./bench-process.ts";
import { PacketNetwork, startProbe } from "./built-engine.ts";
import { isMissing, packetNetwork } from "./requirements.ts";

describe.skipIf(isMissing(packetNetwork))("a packet network", () => {
  it("delays and loses what is sent across it, and leaves nothing", async () => {
    let pids: number[] = [];
    {
      await using network = await PacketNetwork.open(parsePackets("delay=5ms,loss=10%"), 1, 1);
      await using server = startProbe(network.server, "server's probe");
      await using client = startProbe(network.client, "clients' probe");
      pids = [network.server.pid, network.client.pid, server.pid, client.pid];
      const [address = ""] = network.serverAddresses;
      const { udp, tcp } = await server.call("echo", { address });
      const datagrams = await client.call("ping", { address, port: udp, count: 30, waitMs: 20 });
      expect(datagrams.ms[0]).toBeGreaterThanOrEqual(10);
      const { down, up } = await network.done();
      expect(up.packetsIn).toBe(30);
      expect(down.packetsIn).toBe(30 - up.lost);
      expect(up.lost + down.lost).toBeGreaterThan(0);
      expect(datagrams.lost).toBeGreaterThanOrEqual(up.lost + down.lost);
      // TCP repairs what datagrams lose.
      const stream = await client.call("pingStream", { address, port: tcp, count: 30, waitMs: 1 });
      expect(stream.lost).toBe(0);
    }
    expect(pids.filter(isRunning)).toEqual([]);
  });
});
