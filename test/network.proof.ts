import { describe, expect, it } from "vitest";
import { sendingClients } from "./clients-without-browser.ts";
import { transports } from "../transports/index.ts";
import { Director, MachineLock, Network, TrialProcesses, hostsOf } from "./built-engine.ts";
import { clients, seenByTcpdump, trialOf, unhurried } from "./captured-trial.ts";
import { isMissing, privateNetwork } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";

describe.skipIf(isMissing(privateNetwork))("a phase on a network of its own", () => {
  it("has the acknowledgements of what was sent in it, though they come later", async () => {
    const trial = trialOf("websocket", 100);
    await using network = await Network.open(1);
    await using processes = new TrialProcesses(trial, hostsOf(network));
    await processes.start();
    using lease = await new MachineLock().acquire();
    const director = new Director(trial, processes, lease, () => {});
    await director.clients.connect(clients, { channels: "own" });
    // A client that has something to say holds its acknowledgements back, in order to send both together.
    const sending = { ratePerSecond: 100, forMs: 20 };
    await director.phase("messages", () => director.clients.send(sending));
    await director.phase("nothing", async () => {});
    await director.phase("messages again", () => director.clients.send(sending));
    await director.phase("nothing again", async () => {});
    const segments = director.phases.map((phase) => wireOf(phase).link?.segments);
    const some = { down: expect.toSatisfy(isPositive), up: expect.toSatisfy(isPositive) };
    const none = { down: 0, up: 0 };
    expect(segments).toEqual([some, none, some, none]);
  });
});

seenByTcpdump(
  transports.flatMap((transport) =>
    sendingClients(transport).map((client) => unhurried(transport, client)),
  ),
);

function isPositive(count: number): boolean {
  return count > 0;
}
