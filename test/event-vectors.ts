/** An event stream after its hello, and what a client must get from it. */
export interface EventVector {
  readonly name: string;
  readonly stream: Buffer;
  readonly messages: readonly string[];
}

function vector(name: string, text: string, ...messages: string[]): EventVector {
  return { name, stream: Buffer.from(text), messages };
}

const hello = "event: hello\ndata: 0\n\n";
const mark = "\uFEFF";

/** What WHATWG HTML, section 9.2.6, has for streams that are easily misread. */
export const eventVectors: readonly EventVector[] = [
  vector("a byte order mark before all", `${mark}${hello}data: x\n\n`, "x"),
  vector("a byte order mark within", `${hello}${mark}data: lost\n\ndata: ${mark}x\n\n`, `${mark}x`),
  vector("two byte order marks", `${mark}${mark}: no comment\n\n${hello}data: x\n\n`, "x"),
  vector("carriage returns alone", `event: hello\rdata: 0\r\rdata: x\rdata: y\r\r`, "x\ny"),
  vector(
    "carriage returns with line feeds",
    `${mark}event: hello\r\ndata: 0\r\n\r\ndata: x\r\ndata: y\r\n\r\ndata: z\r\n\r\n`,
    "x\ny",
    "z",
  ),
  vector("every kind of line end in turn", `${hello}data: a\rdata: b\r\ndata: c\n\r\n`, "a\nb\nc"),
  vector(
    "empty lines of each kind",
    `\r\n\n\r${hello}\r\r\n\n\rdata: x\n\r\ndata: y\r\n\r`,
    "x",
    "y",
  ),
  vector("a field without a colon", `${hello}data\n\ndata\ndata\n\n`, "", "\n"),
  vector(
    "one blank after a colon, and no more",
    `${hello}data:x\ndata:  y\ndata:\tz\n\n`,
    "x\n y\n\tz",
  ),
  vector("a colon in the data", `${hello}data: a: b:\n\n`, "a: b:"),
  vector(
    "comments, other fields and events",
    `:\n:x\n${hello}: c\nfoo: bar\nretry: 1\ndata: x\n\nevent: other\ndata: y\n\n`,
    "x",
  ),
  vector(
    "a type that is named, and one that isn't",
    `${hello}event: message\ndata: x\n\nevent:\ndata: y\n\n`,
    "x",
    "y",
  ),
  vector("names in other letters", `${hello}Data: x\nDATA: y\n data: z\n\ndata: w\n\n`, "w"),
  vector("an event without data", `${hello}id: 7\nevent: hello\n\ndata: x\n\n`, "x"),
  vector("a null in an id", `${hello}id: 1\0\ndata: x\n\n`, "x"),
  vector("a null in the data", `${hello}data: \0x\n\n`, "\0x"),
  vector("text beyond ASCII", `${hello}data: Grüße, 世界, 🚀\n\n`, "Grüße, 世界, 🚀"),
  {
    name: "bytes that are no UTF-8",
    stream: Buffer.concat([Buffer.from(`${hello}data: `), Buffer.from([0xff, 0xc3, 10, 10])]),
    messages: ["\uFFFD\uFFFD"],
  },
  vector("what is not decoded as a byte order mark", `ï»¿data: lost\n\n${hello}data: x\n\n`, "x"),
  vector("an end within an event", `${hello}data: x\n\ndata: lost\n`, "x"),
  vector("an end within a line", `${hello}data: x\n\ndata: lost`, "x"),
];
