import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../tools/prove/free-port.ts";
import { eventually } from "./bench-process.ts";

const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** An nginx in front of a server: as it is installed on one port, and without its buffers on another. */
export class Nginx implements AsyncDisposable {
  readonly buffering: number;
  readonly plain: number;
  readonly #process: ChildProcess;

  private constructor(ports: readonly [number, number], process: ChildProcess) {
    [this.buffering, this.plain] = ports;
    this.#process = process;
  }

  static async start(folder: string, upstream: number): Promise<Nginx> {
    const ports = [await freePort(), await freePort()] as const;
    const file = join(folder, "nginx.conf");
    const server = (port: number, more: string): string =>
      `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${upstream}; ${more} } }`;
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
      events {}
      http {
        access_log off;
        ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
        ${server(ports[0], "")}
        ${server(ports[1], "proxy_buffering off;")}
      }`,
    );
    const log = join(folder, "nginx.log");
    const child = spawn("/usr/sbin/nginx", ["-c", file, "-e", log], { stdio: "ignore" });
    await eventually(() => isListening(ports[1]));
    return new Nginx(ports, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
