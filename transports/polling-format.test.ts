import { describe, expect, it } from "vitest";
import { splitMessages } from "./polling-format.ts";

function bodyOf(...messages: (Buffer | string)[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => {
      const bytes = Buffer.from(message);
      return [Buffer.from(`${bytes.length}\n`), bytes];
    }),
  );
}

describe("the body of a poll", () => {
  it.each([
    ["no message", []],
    ["one message", ["hello"]],
    ["an empty message", [""]],
    ["empty messages among others", ["", "x", "", ""]],
    ["messages of several lines", ["one\ntwo\n", "\n\n", "three"]],
    ["messages that look like framing", ["5\nhello", "0\n", "12"]],
    [
      "messages whose length takes several digits",
      ["x".repeat(9), "x".repeat(10), "x".repeat(1_234)],
    ],
    ["text beyond ASCII, whose length counts bytes", ["Grüße", "世界", "🚀"]],
  ])("gives back %s", (_name, messages) => {
    expect(splitMessages(bodyOf(...messages))?.map(String)).toEqual(messages);
  });

  it("gives back every byte there is", () => {
    const binary = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
    expect(splitMessages(bodyOf(binary, binary))).toEqual([binary, binary]);
  });

  it.each([
    ["that is cut off within a message", "5\nhell"],
    ["that is cut off within a later message", "2\nok5\nhell"],
    ["that is cut off within a length", "12"],
    ["that is cut off after a length", "1\n"],
    ["with a length that is no number", "x\nhello"],
    ["with a negative length", "-1\nhello"],
    ["with a length in hexadecimal", "0x1\nh"],
    ["with a blank before a length", " 1\nh"],
    ["with a carriage return in the frame", "1\r\nh"],
    ["with a length beyond all numbers", `${"9".repeat(400)}\nh`],
    ["with a length that has no digits", "\n"],
    ["with a line feed between messages", "1\na\n1\nb"],
    ["with something after the last message", "1\nab"],
  ])("is malformed %s", (_why, text) => {
    expect(splitMessages(Buffer.from(text))).toBeNull();
  });

  it("is malformed wherever it is cut within its last message", () => {
    const body = bodyOf("one", "twenty-two bytes in it!");
    const first = bodyOf("one").length;
    for (let end = first + 1; end < body.length; end += 1) {
      expect(splitMessages(body.subarray(0, end)), `cut at ${end}`).toBeNull();
    }
  });
});
