import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Endpoint } from "./endpoint.ts";
import { endText, headOf, requestAt } from "./hear.ts";
import type { End, Head } from "./heard.ts";
import { wallMs } from "./listening.ts";
import { answeringField } from "./question.ts";

/** What became of the request for a WebSocket. */
export interface Upgraded {
  /** Null where no answer came. */
  readonly head: Head | null;
  /** Why not, in a few words. */
  readonly failure: string | null;
  /** Whether the server was asked for it, as far as it tells: a proxy may have left that out. */
  readonly reachedServer: boolean | null;
  /** Whether the server said something on it, as one does that pings its clients, and ends who doesn't answer. */
  readonly wasTold: boolean;
  /** How long it was open, in milliseconds, and how it ended; null where it was never, or still is. */
  readonly silence: { readonly ms: number; readonly end: End } | null;
}

/** Asks for a WebSocket, and says nothing on it for so long. */
export function upgrade(
  endpoint: Endpoint,
  { answerMs, silentMs }: { readonly answerMs: number; readonly silentMs: number },
): Promise<Upgraded> {
  const { accept: _stream, ...fields } = endpoint.fields;
  const request = requestAt(endpoint, {
    agent: false,
    headers: {
      ...fields,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
    },
  });
  return new Promise((resolve) => {
    const settle = (upgraded: Partial<Upgraded>): void => {
      clearTimeout(timer);
      request.destroy();
      resolve({
        head: null,
        failure: null,
        reachedServer: null,
        wasTold: false,
        silence: null,
        ...upgraded,
      });
    };
    let timer = setTimeout(
      () => settle({ failure: `no answer within ${answerMs / 1_000} s` }),
      answerMs,
    );
    request.once("error", (error) => settle({ failure: endText(error) }));
    request.once("response", (response) => {
      response.resume();
      const head = { atMs: wallMs(), ...headOf(response) };
      settle({ head, reachedServer: wasAsked(head) });
    });
    request.once("upgrade", (response, socket: Duplex, first: Buffer) => {
      clearTimeout(timer);
      const head = { atMs: wallMs(), ...headOf(response) };
      const opened = { head, reachedServer: true, wasTold: first.length > 0 };
      const ended = (how: string) => (): void => {
        const atMs = wallMs();
        settle({
          ...opened,
          silence: { ms: atMs - head.atMs, end: { atMs, isOrderly: false, how } },
        });
        socket.destroy();
      };
      timer = setTimeout(() => {
        socket.destroy();
        settle(opened);
      }, silentMs);
      socket.once("end", ended("the connection was closed"));
      socket.once("error", ended("the connection failed"));
      socket.on("data", () => (opened.wasTold = true));
    });
    request.end();
  });
}

function wasAsked({ fields }: Head): boolean | null {
  const names = fields[answeringField];
  return names === undefined ? null : names.split(" ").includes("upgrade");
}
