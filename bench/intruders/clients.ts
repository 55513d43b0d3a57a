import { maskedFrame, opcodes } from "../measure/websocket-frames.ts";
import type { Line } from "./line.ts";
import { askRequest, filled, messageOf, requestHead } from "./requests.ts";
import type { Tried } from "./requests.ts";

// What an intruder does that is right, before it does what is wrong.

/** Becomes a client that may send in frames; false where that was refused. */
export async function openFrames(line: Line, tried: Tried, on?: string): Promise<boolean> {
  const { up } = tried.form;
  if (up.by !== "frames") throw new Error("messages are sent up by POST here");
  const { replies } = line;
  if (!(await line.ask(askRequest(tried, {}, on))) || !replies.isWebSocket) return false;
  const { greeting } = up;
  if (greeting === undefined) return true;
  await line.write(textFrame(filled(greeting.text, on)));
  return line.until(() => replies.text.startsWith(greeting.answer));
}

/** The path that takes messages, with a session where it needs one; null where that was refused. */
export async function pathOfPosts(line: Line, tried: Tried): Promise<string | null> {
  const { up } = tried.form;
  if (up.by !== "posts") throw new Error("messages are sent up in frames here");
  if (up.session === undefined) return (await line.connected()) ? filled(up.path) : null;
  const { replies } = line;
  const before = replies.complete;
  await line.ask(askRequest(tried));
  if (!(await line.until(() => replies.complete > before))) return null;
  const session = new RegExp(up.session).exec(replies.body)?.[1];
  return session === undefined ? null : filled(up.path).replace("{session}", session);
}

/** A whole small message by POST. */
export function smallPost(tried: Tried, path: string): string {
  const body = messageOf(tried, "x");
  return requestHead(tried, "POST", path, { "Content-Length": String(body.length) }) + body;
}

export function textFrame(text: string): Buffer {
  return maskedFrame(opcodes.text, Buffer.from(text));
}

/** Whether what was sent has gone through: the pong to a ping behind it is back. */
export async function answeredBehind(line: Line): Promise<boolean> {
  const { replies } = line;
  const before = replies.pongs;
  await line.write(maskedFrame(opcodes.ping, Buffer.alloc(0)));
  return line.until(() => replies.pongs > before);
}
