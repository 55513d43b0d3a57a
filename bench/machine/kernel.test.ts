import { createServer, connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isMissing, procFiles } from "../../test/requirements.ts";
import { queuedFrom, receiveQueueBytes } from "./kernel.ts";
import { portOf } from "../measure/listen.ts";

describe("what waits in kernel receive queues", () => {
  it("is read from the kernel's table, for one server's port", () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0
   1: 0100007F:D2F0 0100007F:1F90 01 00000000:00001000 00:00000000 00000000     0
   2: 0100007F:D2F2 0200007F:1F90 01 00000000:00000010 00:00000000 00000000     0
   3: 0100007F:1F90 0100007F:D2F0 01 00000400:00000020 00:00000000 00000000     0
   4: 0100007F:D2F4 0100007F:1F91 01 00000000:00000007 00:00000000 00000000     0
`;
    expect(queuedFrom(new Set([0x1f90]), table)).toBe(0x1010);
    expect(queuedFrom(new Set([0x50]), table)).toBe(0);
  });

  it.skipIf(isMissing(procFiles))("is what a socket hasn't read", async () => {
    const server = createServer((socket) => socket.write(Buffer.alloc(5_000)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect({ port: portOf(server), host: "127.0.0.1" });
    client.pause();
    const ports = new Set([portOf(server)]);
    while (receiveQueueBytes(process.pid, ports) !== 5_000) await new Promise(setImmediate);
    client.resume();
    while (receiveQueueBytes(process.pid, ports) !== 0) await new Promise(setImmediate);
    client.destroy();
    server.close();
  });
});
