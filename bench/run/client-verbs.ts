import type { ClientFault } from "../../scenarios/fault.ts";
import type {
  ChangingRooms,
  ClientVerbs,
  Connected,
  ConnectOptions,
  MemoryUse,
  Prompting,
  Returning,
  SendingOptions,
  StoppingToRead,
} from "../../scenarios/scenario.ts";
import { noLedger, notInRooms } from "../plan/rehearsal.ts";
import type { PlannedTrial } from "../plan/plan.ts";
import type { SendRequest } from "../processes/protocol.ts";
import { sum } from "../statistics/basics.ts";
import { nothingSent, roomCounts, shares, withLateness } from "./phase-sends.ts";
import { RoomTraffic } from "./room-traffic.ts";
import { promptingMs } from "../tokens/prompting-time.ts";
import type { Traffic } from "./traffic.ts";
import { MachineFailure } from "./machine-failure.ts";
import type { TrialProcesses } from "./trial-processes.ts";
import { memoryOf } from "./memory-of.ts";
import { whyStopped } from "./why-stopped.ts";

/** Ports that the publisher needs: one for requests and one to send with. */
const publishersPorts = 2;

/** Carries out what a script asks of clients, by asking the load processes. */
export class FleetVerbs implements ClientVerbs {
  readonly #trial: PlannedTrial;
  readonly #processes: TrialProcesses;
  readonly #traffic: Traffic;
  readonly #lockMachine: () => Promise<void>;

  /** `lockMachine` is waited for before anything that costs processor time. */
  constructor(
    trial: PlannedTrial,
    processes: TrialProcesses,
    traffic: Traffic,
    lockMachine: () => Promise<void>,
  ) {
    this.#trial = trial;
    this.#processes = processes;
    this.#traffic = traffic;
    this.#lockMachine = lockMachine;
  }

  async connect(clients: number, options: ConnectOptions = {}): Promise<void> {
    const { stopped, clients: reached } = await this.tryConnect(clients, options);
    if (stopped === null) return;
    const reason = `only ${reached} of ${clients} clients could connect: ${stopped.explanation}`;
    throw stopped.side === "client" ? new MachineFailure(reason) : new Error(reason);
  }

  async tryConnect(
    clients: number,
    { channels = "shared", ...how }: ConnectOptions = {},
  ): Promise<Connected> {
    await this.#lockMachine();
    const { fleet, servers } = this.#processes;
    const { heartbeats } = how;
    const traffic = this.#traffic;
    traffic.channels = channels;
    if (typeof channels === "object") {
      traffic.rooms ??= new RoomTraffic(channels, this.#trial.seed);
    }
    await fleet.hangUp(clients);
    const { nextSequence } = traffic;
    if (heartbeats !== undefined) {
      await servers.ask((server) => server.call("heartbeats", heartbeats));
    }
    const serverCount = this.#trial.servers;
    const dialling = { clients, channels, nextSequence, serverCount, ...how };
    const { dialled, cause } = await fleet.dial(dialling);
    if (cause !== null) await this.#leavePorts(cause);
    const stopped =
      cause === null ? null : await whyStopped(cause, servers, this.#trial.target === null);
    traffic.connected(dialled, fleet.loads[0]?.cursors[0] ?? 0);
    return { clients: fleet.clients, stopped };
  }

  /** Leaves ports to the publisher of the user's own server: it is a client itself, and may have to dial again. */
  async #leavePorts(cause: string): Promise<void> {
    if (this.#trial.target === null || cause !== "EADDRNOTAVAIL") return;
    const { fleet } = this.#processes;
    await fleet.hangUp(Math.max(0, fleet.clients - publishersPorts));
  }

  disconnect(clients = 0): Promise<void> {
    return this.#processes.fleet.hangUp(clients);
  }

  async send({
    forMs,
    ratePerSecond = this.#trial.workload.ratePerSecond,
  }: SendingOptions): Promise<void> {
    await this.#lockMachine();
    const { rooms } = this.#traffic;
    if (rooms !== null) return await this.#sendToRooms(rooms, { forMs, ratePerSecond });
    const { loads, clients } = this.#processes.fleet;
    const request = { forMs, ratePerSecond, firstSequence: this.#traffic.nextSequence };
    const sent = await Promise.all(loads.map(({ remote }) => remote.call("send", request)));
    const messages = sent.map((share) => share.messages);
    const rounds = Math.ceil((ratePerSecond * forMs) / 1_000);
    const sentUp = loads.flatMap((load, index) => shares(messages[index] ?? 0, load.clients));
    const counts = {
      intended: sum(messages),
      rounds,
      published: 0,
      sentUp,
      expected: messages,
      toCanary: 0,
    };
    this.#traffic.sent(sent, counts, ratePerSecond * clients);
    this.#traffic.nextSequence += rounds + 1;
  }

  /** Each process sends from those of its clients that speak for a room. */
  async #sendToRooms(
    rooms: RoomTraffic,
    { forMs, ratePerSecond }: Pick<SendRequest, "forMs" | "ratePerSecond">,
  ): Promise<void> {
    const { loads } = this.#processes.fleet;
    const sending = rooms.next();
    const request = { forMs, ratePerSecond, firstSequence: 1, rooms: sending };
    const sent = await Promise.all(loads.map(({ remote }) => remote.call("send", request)));
    rooms.add(sending, "clients", sent);
    this.#traffic.sent(sent, roomCounts(sum(sent.map(({ messages }) => messages))), ratePerSecond);
  }

  async prompt(prompting: Prompting): Promise<void> {
    await this.#lockMachine();
    const { fleet, servers } = this.#processes;
    const traffic = this.#traffic;
    await Promise.all(servers.own.map((server) => server.call("answerPrompts", {})));
    const request = { prompting, forMs: promptingMs(prompting) };
    const sent = await Promise.all(fleet.loads.map(({ remote }) => remote.call("prompt", request)));
    const lateness = await Promise.all(servers.own.map((server) => server.call("tokensSent", {})));
    const expected = sent.map(({ messages }) => messages);
    const requests = sent.map((result) => result.requests);
    traffic.prompted = {
      requests: (traffic.prompted?.requests ?? 0) + sum(requests),
      tokens: (traffic.prompted?.tokens ?? 0) + sum(expected),
    };
    const sentUp = fleet.loads.flatMap((load, index) => shares(requests[index] ?? 0, load.clients));
    const counts = {
      ...nothingSent.counts,
      intended: sum(expected),
      sentUp,
      expected,
    };
    const tokensPerSecond = sum(sent.map(({ achievedRate }) => achievedRate));
    traffic.sent(withLateness(sent, lateness), counts, tokensPerSecond);
  }

  async changeRooms({ forMs, ratePerSecond }: ChangingRooms): Promise<void> {
    const { rooms } = this.#traffic;
    if (rooms === null) throw new Error(notInRooms);
    await this.#lockMachine();
    // Two change in each pair.
    const changes = rooms.change(Math.ceil((ratePerSecond * forMs) / 2_000));
    const { loads } = this.#processes.fleet;
    await Promise.all(loads.map(({ remote }) => remote.call("changeRooms", { changes, forMs })));
  }

  async memory(): Promise<MemoryUse> {
    const { loads } = this.#processes.fleet;
    const held = await Promise.all(loads.map(({ remote }) => remote.call("memory", {})));
    return memoryOf(held);
  }

  async comeBack(how: Returning | null): Promise<void> {
    if (!this.#processes.fleet.mayComeBack) throw new Error(noLedger);
    await this.#processes.fleet.comeBack(how);
  }

  async stopReading({ share, afterMs = 0, forMs }: StoppingToRead): Promise<void> {
    await this.#processes.fleet.stopReading({ share, afterMs, forMs });
  }

  fault(fault: ClientFault | null): Promise<void> {
    return this.#processes.fleet.fault(fault);
  }
}
