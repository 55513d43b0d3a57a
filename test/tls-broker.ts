import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { connect as secure } from "node:tls";
import { generate } from "selfsigned";
import type { BrokerBusName } from "../bench/bus/join-bus.ts";
import { listen, portOf } from "../bench/measure/listen.ts";
import { natsServer } from "../bench/programs/nats-server.ts";
import type { Program, ProgramPlace } from "../bench/programs/program.ts";
import { redisServer } from "../bench/programs/redis-server.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";

export const password = "notforyoureyes";

export const flags = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

const files = ({ folder }: Pick<ProgramPlace, "folder">) => ({
  certificate: join(folder, "certificate.pem"),
  key: join(folder, "key.pem"),
});

/** A certificate for this machine, signed by its own key. */
async function certify(place: ProgramPlace): Promise<ReturnType<typeof files>> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const written = files(place);
  await writeFile(written.certificate, cert);
  await writeFile(written.key, key);
  return written;
}

const redis: Program = {
  ...redisServer,
  async argumentsFor(place, options) {
    const { certificate, key } = await certify(place);
    return [
      ...(await redisServer.argumentsFor({ ...place, port: 0 }, options)),
      ...flags({ "tls-port": `${place.port}`, "tls-auth-clients": "no", requirepass: password }),
      ...flags({ "tls-cert-file": certificate, "tls-key-file": key }),
      ...flags({ "tls-ca-cert-file": certificate }),
    ];
  },
  versionAt: ({ host, port }) =>
    new Promise((resolve, reject) => {
      const socket = secure({ host, port, rejectUnauthorized: false }, () =>
        socket.write(`AUTH ${password}\r\nINFO server\r\n`),
      );
      socket.once("error", reject).on("data", (answer) => {
        const [, version] = /^redis_version:([^\r]+)\r/m.exec(String(answer)) ?? [];
        if (version === undefined) return;
        socket.destroy();
        resolve(version);
      });
    }),
};

const nats: Program = {
  ...natsServer,
  async argumentsFor(place, options) {
    const { certificate, key } = await certify(place);
    return [
      ...(await natsServer.argumentsFor(place, options)),
      "--tls",
      ...flags({ tlscert: certificate, tlskey: key, user: "me", pass: password }),
    ];
  },
};

/** A broker that only speaks TLS, behind a proxy that counts what crosses its connections. */
export class TlsBroker implements AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Whom to trust. */
  readonly authority: string;
  down = 0;
  up = 0;
  readonly #program: RunningProgram;
  readonly #proxy: Server;

  static async for(kind: BrokerBusName): Promise<TlsBroker> {
    const program = await RunningProgram.start(kind === "nats" ? nats : redis, "broker");
    const proxy = createServer();
    await listen(proxy, 0, "127.0.0.1");
    return new TlsBroker(kind, program, proxy);
  }

  private constructor(kind: BrokerBusName, program: RunningProgram, proxy: Server) {
    this.#program = program;
    this.#proxy = proxy;
    this.port = portOf(proxy);
    this.url = `${kind === "nats" ? "tls://me" : "rediss://"}:${password}@localhost:${this.port}`;
    this.authority = files(program.place).certificate;
    proxy.on("connection", (client) => {
      const broker = connect(program.place);
      client.pipe(broker).on("error", () => client.destroy());
      broker.pipe(client).on("error", () => broker.destroy());
      client.on("data", (bytes) => (this.up += bytes.length));
      broker.on("data", (bytes) => (this.down += bytes.length));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#proxy.close();
    await this.#program[Symbol.asyncDispose]();
  }
}
