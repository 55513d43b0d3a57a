import { StringDecoder } from "node:string_decoder";
import type { Opened, Opening } from "./bare-client.ts";
import { clientOn } from "./bare-polls.ts";

/** A loop over undici's `dispatch` and `JSON.parse`, as an application would write it. */
export function openLines(opening: Opening): Opened {
  const { channel, next, recorder, ready } = opening;
  const client = clientOn(opening);
  const position = { next };
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let ended = false;

  const take = (line: string): void => {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) throw new Error("a line without an object");
    if ("data" in value && typeof value.data === "string") recorder.text(position, value.data);
    else ready();
  };

  client.dispatch(
    { method: "GET", path: `/stream/${channel}` },
    {
      onConnect() {},
      onHeaders: () => true,
      onData(chunk) {
        const lines = (rest + decoder.write(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") take(line);
        return true;
      },
      onComplete() {},
      onError(error) {
        if (!ended) throw error;
      },
    },
  );
  return {
    close() {
      ended = true;
      void client.destroy();
    },
  };
}
