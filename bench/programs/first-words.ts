import { connect } from "node:net";

/** A program that takes the connection and says nothing is asked again. */
const patienceMs = 1_000;

/** By TCP, or at a socket in the file system. */
type Place = { readonly host: string; readonly port: number } | { readonly path: string };

type Question = Place & {
  /** Is said first; empty where the program speaks by itself. */
  readonly say: string;
  /** What it answers when it serves, with the part that is wanted. */
  readonly expects: RegExp;
};

/** Asks a program over a connection of its own; rejects when it doesn't answer as expected. */
export function firstWords({ say, expects, ...place }: Question): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket = connect({ ...place, timeout: patienceMs });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setEncoding("latin1").on("data", (text: string) => {
      heard += text;
      const [, wanted] = expects.exec(heard) ?? [];
      if (wanted === undefined) return;
      socket.destroy();
      resolve(wanted);
    });
    socket.on("error", fail);
    socket.on("timeout", () => fail(new Error("it doesn't answer")));
    socket.on("close", () => fail(new Error("it ended the connection")));
    if (say !== "") socket.write(say);
  });
}
