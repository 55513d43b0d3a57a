import { byTurns } from "./contest.ts";
import type { Contest, Figures, Opponent } from "./contest.ts";
import type { ServedLibrary } from "./protocol.ts";
import { startBareServer, startServer } from "./servers.ts";
import type { ServerAddress } from "./servers.ts";
import { startBare } from "./sides.ts";
import type { Side } from "./sides.ts";
import type { SendRequest } from "../../bench/processes/protocol.ts";
import { pause } from "./throughput.ts";

/** What servers are compared by. */
export interface Served {
  readonly name: string;
  readonly variant: string;
  readonly library: ServedLibrary;
}

/** A server process whose CPU time can be asked for. */
interface PublishingServer extends ServerAddress, AsyncDisposable {
  publish(sending: SendRequest): Promise<unknown>;
  cpuMsDuring(body: () => Promise<void>): Promise<number>;
}

export const servedLoads: readonly Served[] = [
  { name: "serving WebSocket, 10 000/s", variant: "websocket", library: "websocket" },
  { name: "serving WebSocket +tls, 10 000/s", variant: "websocket+tls", library: "websocket" },
  { name: "serving SSE +h2, 10 000/s", variant: "sse+h2", library: "sse-http2" },
];

const clients = 200;
const ratePerSecond = 50;
const warmUpMs = 800;
const turnMs = 300;
const turns = 4;

/** Deliveries per CPU-second of the server process; clients are bare on either side. */
export function servingContest({ name, variant, library }: Served): Contest {
  const aim = { atLeast: 0.9 };
  return {
    variant,
    row: { name, unit: "deliveries", lessIsBetter: false, aim },
    async play(order) {
      await using first = await startServer(variant);
      await using second = await startBareServer(library, variant);
      await using firstLoad = await startBare(library, first);
      await using secondLoad = await startBare(library, second);
      const rooms = { first: new Room(first, firstLoad), second: new Room(second, secondLoad) };
      for (const opponent of order) await rooms[opponent].open();
      const play = (opponent: Opponent): Promise<number> => rooms[opponent].play(turnMs);
      const figures: Figures = await byTurns(order, turns, play);
      for (const opponent of order) await rooms[opponent].close();
      return figures;
    },
  };
}

/** A server with its clients. */
class Room {
  readonly #server: PublishingServer;
  readonly #load: Side;
  #next = 1;

  constructor(server: PublishingServer, load: Side) {
    this.#server = server;
    this.#load = load;
  }

  /** Connects the clients, and warms the processes up. */
  async open(): Promise<void> {
    await this.#load.connect({ clients, firstClient: 0, channels: "shared", nextSequence: 1 });
    await this.play(warmUpMs);
  }

  /** Deliveries per CPU-second of the server. */
  async play(forMs: number): Promise<number> {
    await this.#load.begin(this.#next);
    const cpuMs = await this.#server.cpuMsDuring(async () => {
      await this.#server.publish({ ratePerSecond, forMs, firstSequence: this.#next });
      await pause(settleMs);
    });
    const { arrived, wrong } = await this.#load.end();
    const messages = Math.round((ratePerSecond * forMs) / 1_000);
    this.#next += messages;
    if (wrong > 0) throw new Error(`${wrong} deliveries were out of order`);
    return (arrived / cpuMs) * 1_000;
  }

  async close(): Promise<void> {
    await this.#load.disconnect();
  }
}

/** For what is still on its way when the last message has gone out. */
const settleMs = 30;
