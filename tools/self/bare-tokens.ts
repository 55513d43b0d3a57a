import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { listen, portOf } from "../../bench/measure/listen.ts";
import { calibrateBusyWait } from "../../bench/measure/pacer.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import { SharedPacer } from "../../bench/tokens/shared-pacer.ts";
import type { Due } from "../../bench/tokens/due-heap.ts";
import { tokenOffsetsNs } from "../../bench/tokens/token-schedule.ts";
import { nowNs } from "../../bench/measure/clock.ts";
import type { BareTokenVerbs } from "./protocol.ts";

// The server of the bare pair: the same writes at the same times, by `node:http` alone. With the harness's own pacer,
// which makes the rate, and whose waiting is left out in the same way on both sides.

interface Stream extends Due {
  readonly response: ServerResponse;
  readonly offsetsNs: Float64Array;
  readonly startNs: number;
  position: number;
}

let cpu = process.cpuUsage();
const waiting = { busyWaitNs: 0 };

const verbs: BareTokenVerbs = {
  async start({ answer, lines }) {
    await calibrateBusyWait();
    const written = lines.map((line) => Buffer.from(line));
    let streams = 0;
    const pacer = new SharedPacer<Stream>(waiting, (stream) => {
      const { response, offsetsNs, position, startNs } = stream;
      const line = written[position % written.length];
      if (line !== undefined) response.write(line);
      stream.position += 1;
      const offsetNs = offsetsNs[stream.position];
      if (offsetNs === undefined) {
        response.end();
        return false;
      }
      stream.dueNs = startNs + offsetNs;
      return true;
    });
    const server = createServer((request, response) => {
      request.resume();
      request.once("end", () => {
        response.writeHead(200, { "Content-Type": "application/x-ndjson" }).flushHeaders();
        const startNs = nowNs() + answer.firstTokenMs * 1e6;
        const offsetsNs = tokenOffsetsNs(answer, (streams += 1));
        pacer.add({ response, offsetsNs, startNs, position: 0, dueNs: startNs });
      });
    });
    await listen(server, 0, "127.0.0.1");
    return { port: portOf(server) };
  },

  begin() {
    waiting.busyWaitNs = 0;
    cpu = process.cpuUsage();
  },

  end() {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1e3 - waiting.busyWaitNs / 1e6 };
  },
};

serveVerbs(verbs);
