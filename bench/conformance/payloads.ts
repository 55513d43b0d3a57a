/** Texts that a wire format has to carry unchanged, and that are easily corrupted, by name. */
export const trickyPayloads: Readonly<Record<string, string>> = {
  "an empty payload": "",
  "a payload of one byte": "x",
  "a payload of several lines": "one\ntwo\n\n four\n",
  "a payload that looks like framing": "data: 1\n\n:\nid: 7\n0\r",
  "a payload beyond ASCII": "Grüße, 世界, 🚀",
  "a payload of 1 MiB": "0123456789abcdef".repeat(65_536),
};
