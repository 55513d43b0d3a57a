import type { Guards } from "../../transports/guards.ts";
import { maskedFrame, maskedHead, opcodes } from "../measure/websocket-frames.ts";
import { answeredBehind, openFrames, pathOfPosts, smallPost, textFrame } from "./clients.ts";
import type { Line } from "./line.ts";
import { askRequest, messageOf, requestHead } from "./requests.ts";
import type { Tried } from "./requests.ts";

/** A way to break a limit. */
export interface IntruderKind {
  readonly name: string;
  /** The limit that it breaks. */
  readonly breaks: keyof Guards;
  /** Whether there is such a thing where messages go up so. */
  readonly by: readonly ("posts" | "frames")[];
  /** Attempts at a time, and the pause after each, in milliseconds. */
  readonly lines: number;
  readonly everyMs: number;
  /** Whether it needs all the connections that its address may have. */
  readonly inCrowd?: true;
  /** Does what is wrong, until it is refused or has gone through. Ends with the line at the latest. */
  try(line: Line, tried: Tried): Promise<void>;
}

/** Where messages go up by POST or in frames. */
const everywhere = ["posts", "frames"] as const;

/** Longer than the limit by this factor, and by so many bytes at most. */
const excessTimes = 16;
const mostExcessBytes = 16 * 1_024 * 1_024;

/** More than a limit for a second lets pass until it is reached, however fast the server is. */
const floodTimes = 4;

const byteMs = 50;

/** How long a server may take to end a connection that it has answered well. */
const afterthoughtMs = 250;

export const intruderKinds: readonly IntruderKind[] = [
  {
    name: "oversized",
    breaks: "payloadBytes",
    by: everywhere,
    lines: 1,
    everyMs: 100,
    async try(line, tried) {
      const bytes = excess(tried.guards);
      if (tried.form.up.by === "posts") {
        return await postTooMuch(line, tried, bytes, { "Content-Length": String(bytes) });
      }
      if (!(await openFrames(line, tried))) return;
      line.begin();
      await line.write(maskedHead(opcodes.text, bytes));
      await pourMessage(line, tried, bytes);
      await answeredBehind(line);
    },
  },
  {
    name: "oversized-parts",
    breaks: "payloadBytes",
    by: everywhere,
    lines: 1,
    everyMs: 100,
    async try(line, tried) {
      const bytes = excess(tried.guards);
      if (tried.form.up.by === "posts") {
        return await postTooMuch(line, tried, bytes, { "Transfer-Encoding": "chunked" }, chunk);
      }
      if (!(await openFrames(line, tried))) return;
      line.begin();
      let opcode: number = opcodes.text;
      await pourMessage(line, tried, bytes, (piece, isLast) => {
        const head = maskedHead(opcode, piece.length, isLast);
        opcode = opcodes.continuation;
        return Buffer.concat([head, piece]);
      });
      await answeredBehind(line);
    },
  },
  {
    name: "connections",
    breaks: "perAddress",
    by: everywhere,
    lines: 1,
    everyMs: 100,
    inCrowd: true,
    try: askAndStay,
  },
  {
    name: "flood",
    breaks: "perSecond",
    by: everywhere,
    lines: 1,
    everyMs: 1_000,
    async try(line, tried) {
      const times = floodTimes * (tried.guards.perSecond ?? 0);
      if (tried.form.up.by === "posts") {
        const path = await pathOfPosts(line, tried);
        if (path === null) return;
        line.begin();
        const post = smallPost(tried, path);
        const { replies } = line;
        for (let sent = 1; sent <= times && !line.isOver; sent += 1) {
          const before = replies.complete;
          await line.write(post);
          await line.until(() => replies.complete > before);
        }
        return;
      }
      if (!(await openFrames(line, tried))) return;
      line.begin();
      await writeTimes(line, textFrame(messageOf(tried, "x")), times);
      await answeredBehind(line);
    },
  },
  {
    name: "pings",
    breaks: "perSecond",
    by: ["frames"],
    lines: 1,
    everyMs: 1_000,
    async try(line, tried) {
      if (!(await openFrames(line, tried))) return;
      line.begin();
      const times = floodTimes * (tried.guards.perSecond ?? 0);
      await writeTimes(line, maskedFrame(opcodes.ping, Buffer.alloc(8)), times);
      await line.until(() => line.replies.pongs >= times);
    },
  },
  {
    name: "pipelined",
    breaks: "perSecond",
    by: ["posts"],
    lines: 1,
    everyMs: 1_000,
    async try(line, tried) {
      const path = await pathOfPosts(line, tried);
      if (path === null) return;
      line.begin();
      const times = floodTimes * (tried.guards.perSecond ?? 0);
      const before = line.replies.complete;
      await writeTimes(line, Buffer.from(smallPost(tried, path)), times);
      await line.until(() => line.replies.complete >= before + times);
    },
  },
  {
    name: "origin",
    breaks: "origins",
    by: everywhere,
    lines: 1,
    everyMs: 100,
    try: (line, tried) => askAndStay(line, tried, { Origin: "https://intruder.example" }),
  },
  {
    name: "no-token",
    breaks: "token",
    by: everywhere,
    lines: 1,
    everyMs: 100,
    try: (line, tried) => askAndStay(line, tried, { Authorization: "" }),
  },
  {
    name: "wrong-token",
    breaks: "token",
    by: everywhere,
    lines: 1,
    everyMs: 100,
    try: (line, tried) =>
      askAndStay(line, tried, { Authorization: `Bearer ${tried.guards.token ?? ""}x` }),
  },
  {
    name: "silent",
    breaks: "idleMs",
    by: everywhere,
    lines: 4,
    everyMs: 0,
    async try(line) {
      if (!(await line.connected())) return;
      line.begin();
      await line.until(never);
    },
  },
  {
    name: "idle",
    breaks: "idleMs",
    by: everywhere,
    lines: 4,
    everyMs: 0,
    async try(line, tried) {
      const { replies } = line;
      // Whatever the transport: an answer that keeps the connection.
      await line.write(requestHead(tried, "GET", "/nothing-here"));
      await line.until(() => replies.status !== null);
      if (replies.status === null) return;
      await line.rest(byteMs);
      line.begin();
      await line.until(never);
    },
  },
  {
    name: "slow-head",
    breaks: "requestMs",
    by: everywhere,
    lines: 4,
    everyMs: 0,
    async try(line, tried) {
      await line.connected();
      line.begin();
      await drip(line, askRequest(tried, { "X-Slow": "x".repeat(65_536) }));
    },
  },
  {
    name: "slow-body",
    breaks: "requestMs",
    by: ["posts"],
    lines: 4,
    everyMs: 0,
    async try(line, tried) {
      const path = await pathOfPosts(line, tried);
      if (path === null) return;
      const body = messageOf(tried, "x".repeat(tried.guards.payloadBytes ?? 1_024));
      const length = { "Content-Length": String(body.length) };
      line.begin();
      await line.write(requestHead(tried, "POST", path, length));
      await drip(line, body);
    },
  },
];

/** The kinds that there are where messages go up so, and for which there is a limit. */
export function kindsFor({ form, guards }: Pick<Tried, "form" | "guards">): IntruderKind[] {
  return intruderKinds.filter(
    ({ breaks, by }) => guards[breaks] !== undefined && by.includes(form.up.by),
  );
}

/** How long a message is that is far too long. */
function excess({ payloadBytes = 0 }: Guards): number {
  return Math.min(excessTimes * payloadBytes, payloadBytes + mostExcessBytes);
}

async function postTooMuch(
  line: Line,
  tried: Tried,
  bytes: number,
  framing: Readonly<Record<string, string>>,
  framed?: (piece: Buffer, isLast: boolean) => Buffer,
): Promise<void> {
  const path = await pathOfPosts(line, tried);
  if (path === null) return;
  line.begin();
  await line.write(requestHead(tried, "POST", path, framing));
  await line.pour(bytes, framed);
  await line.until(() => line.replies.status !== null);
}

function chunk(piece: Buffer, isLast: boolean): Buffer {
  const head = `${piece.length.toString(16)}\r\n`;
  const end = isLast ? "\r\n0\r\n\r\n" : "\r\n";
  return Buffer.concat([Buffer.from(head), piece, Buffer.from(end)]);
}

/** Pours text, begun as messages of the transport are. */
async function pourMessage(
  line: Line,
  tried: Tried,
  bytes: number,
  framed: (piece: Buffer, isLast: boolean) => Buffer = (piece) => piece,
): Promise<void> {
  const [before = ""] = tried.form.up.message.split("{text}");
  let written = 0;
  await line.pour(bytes, (piece, isLast) => {
    const text = written === 0 ? Buffer.from(piece) : piece;
    if (written === 0) text.write(before);
    written += piece.length;
    return framed(text, isLast);
  });
}

async function writeTimes(line: Line, bytes: Buffer, times: number): Promise<void> {
  await line.write(Buffer.concat(Array.from({ length: times }, () => bytes)));
}

/** Asks to be a client, and sees whether it stays one. */
async function askAndStay(
  line: Line,
  tried: Tried,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (await line.ask(askRequest(tried, fields))) await line.rest(afterthoughtMs);
}

async function drip(line: Line, text: string): Promise<void> {
  for (const letter of text) {
    if (line.isOver) return;
    await line.write(letter);
    await line.rest(byteMs);
  }
}

function never(): boolean {
  return false;
}
