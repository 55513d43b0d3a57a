import { createHash, randomBytes } from "node:crypto";
import { tooLong, quoted } from "../../transports/protocol-error.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import type { ConformanceCase } from "./case.ts";
import { Mismatch, expectThat } from "./mismatch.ts";
import { clientCases, subscribing } from "./client-cases.ts";
import { UserAgent, expectNumber, expectStatus } from "./http.ts";
import type { Upgraded } from "./http.ts";
import { answeringHttp, refusalCase } from "./http-cases.ts";
import { Signal } from "./recording-client.ts";
import type { Subject } from "./subject.ts";
import { maskedFrame, opcodes, readFrame } from "../measure/websocket-frames.ts";
import type { Frame } from "../measure/websocket-frames.ts";

/** RFC 6455, section 1.3: what a server proves by it that it has understood. */
const acceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function handshake(key: string): Record<string, string> {
  return {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
  };
}

const wire: readonly ConformanceCase[] = [
  {
    name: "accepts a handshake at /ws/:channel, without compression or subprotocol",
    level: "required",
    gate: true,
    async check(subject) {
      const key = randomBytes(16).toString("base64");
      const { headers } = await upgrade(subject, subject.channel(), key);
      const accept = createHash("sha1")
        .update(key + acceptGuid)
        .digest("base64");
      const given = headers["sec-websocket-accept"] ?? "nothing";
      expectThat(given === accept, `Sec-WebSocket-Accept: ${accept}`, quoted(given));
      for (const name of ["sec-websocket-extensions", "sec-websocket-protocol"]) {
        const value = headers[name];
        if (value !== undefined) throw new Mismatch(`no ${name}`, quoted(String(value)));
      }
    },
  },
  {
    name: "sends a whole number first, as a text frame: the hello",
    level: "required",
    async check(subject) {
      const frame = await (await openFrames(subject, subject.channel())).next("the hello");
      expectText(frame, "the hello");
      expectNumber(frame.payload.toString(), "the hello");
    },
  },
  {
    name: "sends each message as a text frame, final and unmasked",
    level: "required",
    async check(subject) {
      const frames = await openFrames(subject, subject.channel());
      await frames.next("the hello");
      for (const text of ["one", "two"]) {
        frames.write(opcodes.text, text);
        const frame = await frames.next(`the message ${text}`);
        expectText(frame, "a message");
        expectThat(frame.payload.toString() === text, quoted(text), quoted(String(frame.payload)));
      }
    },
  },
  {
    name: "answers a ping with a pong of the same bytes",
    level: "required",
    async check(subject) {
      const frames = await openFrames(subject, subject.channel());
      await frames.next("the hello");
      frames.write(opcodes.ping, "are you there?");
      // Others may come unasked: section 5.5.3.
      const isAnswer = (frame: Frame): boolean =>
        isNoControl(frame) || frame.payload.toString() === "are you there?";
      const { opcode, payload } = await frames.next("a pong of the same bytes", isAnswer);
      const received = `opcode ${opcode} with ${quoted(payload.toString())}`;
      expectThat(opcode === opcodes.pong, 'a pong with "are you there?"', received);
    },
  },
  {
    name: "answers a close with a close",
    level: "optional",
    async check(subject) {
      const frames = await openFrames(subject, subject.channel());
      await frames.next("the hello");
      frames.write(opcodes.close, "\u0003\u00E8");
      const { opcode } = await frames.next("a close");
      expectThat(opcode === opcodes.close, "a close", `opcode ${opcode}`);
    },
  },
];

const refusals: readonly ConformanceCase[] = [
  ...["999999999", "no-number"].map((cursor) =>
    refusedHandshake(`the cursor ${cursor}`, 400, (channel) => `/ws/${channel}?after=${cursor}`),
  ),
  refusedHandshake("a handshake at an unknown path", 404, () => "/nowhere/at/all"),
  refusedHandshake("a channel with an invalid name", 404, () => "/ws/a.b"),
  refusalCase("a request that isn't a handshake", 426, (channel) => ({ path: `/ws/${channel}` })),
];

function refusedHandshake(
  name: string,
  status: number,
  path: (channel: string) => string,
): ConformanceCase {
  return {
    name: `refuses ${name} with ${status}`,
    level: "optional",
    async check(subject) {
      const asked = path(subject.channel());
      const headers = handshake(randomBytes(16).toString("base64"));
      const answer = await new UserAgent(subject).upgrade({ path: asked, headers });
      expectStatus(answer, status, asked);
    },
  };
}

/** Cases for a WebSocket server. */
export const websocketCases: readonly ConformanceCase[] = [
  answeringHttp,
  ...wire,
  subscribing,
  ...clientCases((text) => text),
  ...refusals,
];

async function upgrade(subject: Subject, channel: string, key: string): Promise<Upgraded> {
  const path = `/ws/${channel}`;
  const answer = await new UserAgent(subject).upgrade({ path, headers: handshake(key) });
  if (!("socket" in answer)) throw new Mismatch(`status 101 to ${path}`, `status ${answer.status}`);
  return answer;
}

interface Frames {
  /** The next frame that is `wanted`, which is `expected`. */
  next(expected: string, wanted?: (frame: Frame) => boolean): Promise<Frame>;
  write(opcode: number, text: string): void;
}

async function openFrames(subject: Subject, channel: string): Promise<Frames> {
  const { socket, head } = await upgrade(subject, channel, randomBytes(16).toString("base64"));
  const frames: Frame[] = [];
  let bytes = head;
  let wrong: Error | null = null;
  const arrivals = new Signal();
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let read = readFrame(bytes); read !== null; read = readFrame(bytes)) {
      if (read.frame.opcode !== opcodes.ping && frames.length < maxFrames) frames.push(read.frame);
      bytes = read.rest;
    }
    if (bytes.length > maxMessageBytes) wrong = tooLong("a frame", maxMessageBytes);
    if (wrong !== null) socket.destroy();
    arrivals.changed();
  };
  take(Buffer.alloc(0));
  socket.on("data", take);
  return {
    async next(expected, wanted = isNoControl) {
      const received = (): string =>
        bytes.length === 0 ? "nothing" : `the bytes ${bytes.subarray(0, 20).toString("hex")}`;
      const isThere = (): boolean => {
        while (frames[0] !== undefined && !wanted(frames[0])) frames.shift();
        return frames.length > 0 || wrong !== null;
      };
      await subject.expecting(expected, arrivals.until(isThere), received);
      const frame = frames.shift();
      if (frame === undefined) throw new Mismatch(expected, wrong?.message ?? received());
      return frame;
    },
    write: (opcode, text) => void socket.write(maskedFrame(opcode, Buffer.from(text, "latin1"))),
  };
}

/** No case waits for as many. */
const maxFrames = 1_000;

/** Pings and pongs may stand anywhere: RFC 6455, section 5.5. */
function isNoControl({ opcode }: Frame): boolean {
  return opcode !== opcodes.ping && opcode !== opcodes.pong;
}

function expectText({ opcode, final, reserved, masked }: Frame, what: string): void {
  expectThat(opcode === opcodes.text, `${what} as a text frame, opcode 1`, `opcode ${opcode}`);
  expectThat(!masked, `${what} unmasked`, "a masked frame");
  expectThat(reserved === 0, `${what} without reserved bits`, `the bits ${reserved}`);
  expectThat(final, `${what} in one frame`, "a frame that is not the last of its message");
}
