import { describe, expect, it } from "vitest";
import { packetsOf } from "./pcap.ts";

const fileHeader = "d4c3b2a1 02000400 00000000 00000000 80000000 01000000";
const ethernet = "020000000002 020000000001 0800";

/** A frame as tcpdump writes it: when, how much of it is kept, how long it was, and what is kept. */
function kept(frame: string, length = bytes(frame).length): string {
  const size = Buffer.alloc(8);
  size.writeUInt32LE(bytes(frame).length, 0);
  size.writeUInt32LE(length, 4);
  return `0000000000000000 ${size.toString("hex")} ${frame}`;
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
}

/** 198.18.0.1:8080 to 198.19.0.1:40000, sequence 16; 20 bytes of IP and 32 of TCP before the payload. */
function segment(totalLength: number, flags: string): string {
  const length = totalLength.toString(16).padStart(4, "0");
  return (
    `${ethernet} 4500 ${length} 00004000 4006 0000 c6120001 c6130001 ` +
    `1f90 9c40 00000010 00000000 80 ${flags} 0000 0000 0000 0101080a0000000000000000`
  );
}

describe("a capture", () => {
  it("tells sizes by the headers, though only the beginning of a frame was kept", () => {
    const [packet] = packetsOf(bytes(fileHeader + kept(segment(1_500, "18"), 1_514)));
    expect(packet).toEqual({
      protocol: 6,
      from: "198.18.0.1",
      flow: "198.18.0.1:8080 to 198.19.0.1:40000",
      ipBytes: 1_500,
      sequence: 16,
      payloadBytes: 1_448,
      controls: false,
    });
  });

  it.each([
    ["10", false],
    ["18", false],
    ["02", true],
    ["12", true],
    ["11", true],
    ["14", true],
  ])("with flags %s: one of SYN, FIN and RST is %s", (flags, controls) => {
    const [packet] = packetsOf(bytes(fileHeader + kept(segment(52, flags))));
    expect(packet).toMatchObject({ payloadBytes: 0, controls });
  });

  it("shows what is neither TCP nor IPv4", () => {
    const arp = "ffffffffffff 020000000001 0806 0001080006040001";
    const udp = segment(33, "00").replace("4006", "4011");
    const packets = packetsOf(bytes(fileHeader + kept(arp) + kept(udp)));
    expect(packets.map(({ protocol }) => protocol)).toEqual([null, 17]);
  });

  it("ends before a frame of which a part is not yet written", () => {
    const whole = bytes(fileHeader + kept(segment(52, "10")) + kept(segment(52, "10")));
    expect(packetsOf(whole)).toHaveLength(2);
    expect(packetsOf(whole.subarray(0, -1))).toHaveLength(1);
    expect(packetsOf(whole.subarray(0, 30))).toHaveLength(0);
    expect(packetsOf(whole.subarray(0, 10))).toHaveLength(0);
  });

  it("is nothing else", () => {
    expect(() => packetsOf(Buffer.alloc(24))).toThrow("no pcap file: 0");
  });
});
