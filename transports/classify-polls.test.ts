import { expect, it } from "vitest";
import { MessageCounter } from "./classify-polls.ts";

it("counts the messages of each body, however it is split", () => {
  for (const [body, messages] of [
    ["", 0],
    ["5\nhello", 1],
    ["0\n0\n1\nx", 3],
    ["2\n3\n11\nhello\n12\nno3\nend", 3],
    ["5\nhell", 0],
    ["5\nhello5\nhe", 1],
  ] as const) {
    for (const size of [1, 2, 3, 100]) {
      const counter = new MessageCounter();
      const bytes = Buffer.from(body);
      for (let at = 0; at < bytes.length; at += size) counter.read(bytes.subarray(at, at + size));
      expect(counter.messages, `${JSON.stringify(body)} in pieces of ${size}`).toBe(messages);
    }
  }
});
