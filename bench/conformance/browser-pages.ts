import { PageHost } from "../browsers/page-host.ts";
import { programNamed } from "../programs/index.ts";
import { RunningProgram } from "../programs/running-program.ts";
import type { BrowserName } from "../../transports/browser-names.ts";

/** Browsers that are started when the first test asks for their pages, and ended after the last. */
export class BrowserPages implements AsyncDisposable {
  readonly #started = new Map<BrowserName, Promise<StartedBrowser>>();

  readonly of = async (name: BrowserName): Promise<PageHost> => {
    const started = this.#started.get(name) ?? start(name);
    this.#started.set(name, started);
    return (await started).pages;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#started.values()) {
      const { pages, program } = await started;
      await pages[Symbol.asyncDispose]();
      await program[Symbol.asyncDispose]();
    }
  }
}

interface StartedBrowser {
  readonly program: RunningProgram;
  readonly pages: PageHost;
}

async function start(name: BrowserName): Promise<StartedBrowser> {
  const program = await RunningProgram.start(programNamed(name), "browser");
  const { host, port } = program.place;
  return { program, pages: await PageHost.open({ name, host, port }) };
}
