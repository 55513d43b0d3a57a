import { expect, it } from "vitest";
import { maskedFrame, maskedHead, opcodes, readFrame } from "./websocket-frames.ts";

const bytes = (...values: number[]): Buffer => Buffer.from(values);

it("reads the frames of RFC 6455, section 5.7", () => {
  const hello = Buffer.from("Hello");
  expect(readFrame(Buffer.concat([bytes(0x81, 5), hello, bytes(0x89)]))).toEqual({
    frame: { final: true, reserved: 0, opcode: opcodes.text, masked: false, payload: hello },
    rest: bytes(0x89),
  });
  expect(readFrame(Buffer.concat([bytes(0x01, 5), hello]))?.frame.final).toBe(false);
  expect(readFrame(Buffer.concat([bytes(0xc1, 5), hello]))?.frame.reserved).toBe(4);
  const masked = bytes(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
  expect(readFrame(masked)?.frame.masked).toBe(true);
});

it.each([
  ["125 bytes", bytes(0x81, 125), 125],
  ["126 bytes", bytes(0x81, 126, 0, 126), 126],
  ["65 536 bytes", bytes(0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0), 65_536],
])("waits for all of %s", (_name, head, length) => {
  const whole = Buffer.concat([head, Buffer.alloc(length)]);
  expect(readFrame(whole)?.frame.payload).toHaveLength(length);
  expect(readFrame(whole.subarray(0, -1))).toBeNull();
  expect(readFrame(head.subarray(0, 1))).toBeNull();
});

it("writes frames that it can read", () => {
  const read = readFrame(maskedFrame(opcodes.ping, Buffer.from("x")));
  expect(read?.frame).toMatchObject({ opcode: opcodes.ping, masked: true, reserved: 0 });
  expect(read?.frame.payload.toString()).toBe("x");
});

it.each([0, 125, 126, 65_535, 65_536])(
  "writes a payload of %d bytes as one that it reads",
  (length) => {
    const read = readFrame(
      Buffer.concat([maskedHead(opcodes.text, length, false), Buffer.alloc(length)]),
    );
    expect(read?.frame).toMatchObject({ opcode: opcodes.text, masked: true, final: false });
    expect(read?.frame.payload).toHaveLength(length);
  },
);
