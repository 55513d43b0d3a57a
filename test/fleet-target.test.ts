import { createServer } from "node:http";
import type { Server } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { listen, portOf } from "../bench/measure/listen.ts";
import { readResults } from "../bench/results/files.ts";
import { TemporaryFolder, bench } from "./bench-process.ts";

/** Several servers as somebody else would have them, on one bus or each alone. */
class OthersFleet implements AsyncDisposable {
  readonly #servers: readonly Server[];
  readonly #sockets = new WebSocketServer({ noServer: true });

  static async open(buses: readonly Set<WebSocket>[]): Promise<OthersFleet> {
    const fleet = new OthersFleet(buses);
    for (const server of fleet.#servers) await listen(server, 0, "127.0.0.1");
    return fleet;
  }

  /** Messages go to all on a bus: of channels there is but one. */
  private constructor(buses: readonly Set<WebSocket>[]) {
    this.#servers = buses.map((bus) =>
      createServer().on("upgrade", (request, socket, head) =>
        this.#sockets.handleUpgrade(request, socket, head, (client) => {
          bus.add(client);
          client.send("0");
          client.on("message", (message) => {
            for (const member of bus) member.send(message, { binary: false });
          });
          client.once("close", () => bus.delete(client)).on("error", () => {});
        }),
      ),
    );
  }

  get urls(): string[] {
    return this.#servers.map((server) => `http://127.0.0.1:${portOf(server)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }
}

const flags =
  "run --scenarios latency --transports websocket --clients 6 --trials 1 --extra-trials 0 " +
  "--duration 400ms --warmup 100ms --no-report --out out --target";

describe("several targets", () => {
  it("share the clients, and are written down", async () => {
    using folder = new TemporaryFolder();
    const bus = new Set<WebSocket>();
    await using fleet = await OthersFleet.open([bus, bus, bus]);
    const urls = fleet.urls.join(",");
    const { stdout } = await bench(folder.path, ...flags.split(" "), urls);
    const { run, trials, cells } = await readResults(join(folder.path, "out"));
    const [first, ...others] = fleet.urls;
    expect(run.target).toEqual({ url: first, command: null, observed: false, others });
    expect(run.command).toContain(`--target ${urls}`);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`targets ${fleet.urls.join(", ")};`);
    expect(cells[0]?.workload).toMatchObject({ servers: 3 });
    const phase = trials[0]?.phases.at(-1);
    expect(phase?.deliveries).toMatchObject({ expected: 48, delivered: 48, lost: 0 });
    const publishers = phase?.resources.filter(({ process }) => process === "publisher");
    expect(publishers).toHaveLength(3);
  });

  it("are refused where one doesn't deliver what is published at the first", async () => {
    using folder = new TemporaryFolder();
    const bus = new Set<WebSocket>();
    await using fleet = await OthersFleet.open([bus, bus, new Set()]);
    const { code, stderr } = await bench(folder.path, ...flags.split(" "), fleet.urls.join(","));
    const [first, , alone] = fleet.urls;
    expect(stderr).toBe(
      `error: --target, with websocket: ${alone} doesn't deliver what is published at ${first}; are they on one bus?\n`,
    );
    expect(code).toBe(2);
  });

  it("are refused where one doesn't answer, by its URL", async () => {
    using folder = new TemporaryFolder();
    await using fleet = await OthersFleet.open([new Set()]);
    const nobody = "http://127.0.0.1:9";
    const { stderr } = await bench(folder.path, ...flags.split(" "), `${fleet.urls[0]},${nobody}`);
    expect(stderr).toContain(`--target, with websocket at ${nobody}: nothing answers at ${nobody}`);
  });
});
