import { connect, createServer } from "node:net";
import { listen, portOf } from "../../bench/measure/listen.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import type { BareRelayVerbs } from "./protocol.ts";

// The relay of the bare pair: passes connections on by Node's own means, and does nothing else.

let cpu = process.cpuUsage();

const verbs: BareRelayVerbs = {
  async start({ host, port }) {
    const server = createServer({ noDelay: true }, (client) => {
      const onward = connect({ host, port, noDelay: true });
      for (const [from, to] of [
        [client, onward],
        [onward, client],
      ] as const) {
        from.pipe(to);
        from.on("error", () => to.destroy());
      }
    });
    await listen(server, 0, host);
    return { port: portOf(server) };
  },

  begin() {
    cpu = process.cpuUsage();
  },

  end() {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1e3 };
  },
};

serveVerbs(verbs);
