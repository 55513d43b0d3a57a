import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Fields } from "./message.ts";
import { blankHead } from "./message.ts";

/*
 * Messages of a chat. Words come as often as in a language: the n-th most frequent 1/n times as often as the first
 * (Zipf's law), which is what compression lives on. The text is as long as the size wants it.
 */

const rooms = ["general", "support", "backend", "release", "weekend", "reading"];
const users = ["alice", "bruno", "carla", "diego", "emily", "felix", "giada", "henry", "irina"];

/** From the most frequent on. */
const words = `the to and a of in is it you that for on we this with i be have not are but at as can
  was so if will just they do what about my there or when all up from one your our has no me out like
  now get how would an who some time more been their which then know think see them could new here
  go only need want work good back also should make well today because really after over right any
  try first please look even issue into still before other these than two where way much people day
  maybe than use last take great fix sure thanks start something again going build server week does
  change same done tomorrow test since next meeting question long off little deploy morning version
  yesterday send problem check release found works better team very keep call help let found review
  update always branch error until request night place another customer running three never both
  while branch data screen file page close open message later already happy coffee train lunch rain
  weather music photo ticket garden kitchen holiday window letter river market dinner bridge`
  .split(/\s+/)
  .filter(Boolean);

/** The bytes of the smallest message, whose text is one letter. */
export const minChatBytes: number = 1 + JSON.stringify(chat("general", "alice", 0, "")).length;

/** `count` messages whose JSON has exactly `bytes` bytes. */
export function jsonChats(bytes: number, count: number, generator: RandomGenerator): Fields[] {
  const pick = (from: readonly string[]): string =>
    from[uniformInt(generator, 0, from.length - 1)] ?? "";
  const length = bytes - minChatBytes + 1;
  return Array.from({ length: count }, (_, index) =>
    chat(pick(rooms), pick(users), index, text(length, generator)),
  );
}

function chat(room: string, user: string, index: number, said: string): Fields {
  return { bench: blankHead, room, user, time: 1_790_000_000_000 + 941 * index, text: said };
}

/** Sentences of 4 to 12 words; the last one is cut where the size ends. */
function text(length: number, generator: RandomGenerator): string {
  let said = "";
  while (said.length < length) {
    const sentence = Array.from({ length: uniformInt(generator, 4, 12) }, () => word(generator));
    const [first = "", ...others] = sentence;
    const mark = uniformInt(generator, 0, 4) === 0 ? "?" : ".";
    said += `${first[0]?.toUpperCase()}${[first.slice(1), ...others].join(" ")}${mark} `;
  }
  return said.slice(0, length);
}

function word(generator: RandomGenerator): string {
  const rank = Math.floor((words.length + 1) ** uniformFloat64(generator));
  return words[rank - 1] ?? "";
}
