import { describe, expect, it } from "vitest";
import { diffLinkTotals, parseSent, QuiescenceDetector } from "./link.ts";
import type { SentPackets } from "./link.ts";

// As Linux 6.18 writes them, with the columns shortened that nothing reads.

const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  wire:    9000      90    0    0    0     0          0         0    66000    1000    0    0    0     0       0          0
`;

const snmp = `Ip: Forwarding DefaultTTL InReceives
Ip: 2 64 90
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors
Tcp: 1 200 120000 -1 30 5 0 0 0 90 997 3 0 7 0
Udp: InDatagrams NoPorts
Udp: 0 0
`;

const netstat = `TcpExt: SyncookiesSent TCPOrigDataSent TCPSynRetrans
TcpExt: 0 800 0
IpExt: InNoRoutes OutOctets
IpExt: 0 52000
`;

describe("what an end of the link has sent", () => {
  it("is read from the kernel's counters", () => {
    expect(parseSent(dev, snmp, netstat)).toEqual({
      ipBytes: 66_000 - 14 * 1_000,
      segments: 1_000,
      // 997 less 800 with data or FIN, 35 SYNs and 7 resets; the 3 sent again are not among the 997.
      acknowledgements: 155,
      retransmitted: 3,
    });
  });

  it("is read where the kernel has put other columns before", () => {
    const more = netstat
      .replace("SyncookiesSent", "New SyncookiesSent")
      .replace("TcpExt: 0", "TcpExt: 9 0");
    expect(parseSent(dev, snmp, more).acknowledgements).toBe(155);
  });

  it.each([
    ["device", dev.replace("wire:", "eth0:"), snmp, netstat, "no device called wire"],
    ["group", dev, "", netstat, "this kernel doesn't count Tcp ActiveOpens"],
    [
      "counter",
      dev,
      snmp,
      netstat.replace("TCPOrigDataSent", "Other"),
      "this kernel doesn't count TcpExt TCPOrigDataSent",
    ],
  ])("is not made up when a %s is missing", (_what, dev, snmp, netstat, message) => {
    expect(() => parseSent(dev, snmp, netstat)).toThrow(message);
  });
});

describe("what crossed the link between two readings", () => {
  const sent = (times: number): SentPackets => ({
    ipBytes: 1_000 * times,
    segments: 10 * times,
    acknowledgements: 4 * times,
    retransmitted: times,
  });

  it("is the difference, down being what the server sent", () => {
    const before = { down: sent(1), up: sent(2) };
    const after = { down: sent(4), up: sent(3) };
    expect(diffLinkTotals(before, after)).toEqual({
      ipBytes: { down: 3_000, up: 1_000 },
      segments: { down: 30, up: 10 },
      acknowledgements: { down: 12, up: 4 },
      retransmitted: { down: 3, up: 1 },
    });
  });
});

/** After how many milliseconds of readings, one each millisecond, a link is quiet. */
function quietAfterMs(segmentsAt: (ms: number) => number): number {
  const startNs = 5e9;
  const detector = new QuiescenceDetector(startNs, segmentsAt(0));
  let ms = 1;
  while (!detector.isOver(startNs + ms * 1e6, segmentsAt(ms))) ms += 1;
  return ms;
}

describe("a link is quiet", () => {
  it("after 60 ms in which nothing crossed it", () => {
    expect(quietAfterMs(() => 7)).toBe(60);
  });

  it("60 ms after the last acknowledgement that was held back", () => {
    expect(quietAfterMs((ms) => (ms < 44 ? 7 : 8))).toBe(104);
    expect(quietAfterMs((ms) => Math.min(9, 7 + Math.floor(ms / 50)))).toBe(160);
  });

  it("not before 200 ms, and no later, when something always does", () => {
    expect(quietAfterMs((ms) => ms)).toBe(200);
    expect(quietAfterMs((ms) => Math.floor(ms / 59))).toBe(200);
  });
});
