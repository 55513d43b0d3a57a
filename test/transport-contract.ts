import { describe, it } from "vitest";
import { contractTests } from "../bench/conformance/contract.ts";
import type { ContractOptions } from "../bench/conformance/contract.ts";
import type { AnyTransport } from "../transports/define-transport.ts";

/**
 * Has what the contract asks of a transport tested, with each of its clients or with those that are named; of its tests
 * all, or `only` some.
 */
export function transportContract(
  transport: AnyTransport,
  contract: ContractOptions = {},
  clients: readonly string[] = transport.clients,
  only?: ReadonlySet<string>,
): void {
  const tests = contractTests(transport, { ...contract, clients }).filter(
    ({ name }) => only?.has(name) ?? true,
  );
  const options = Object.entries(contract.options ?? {}).map(
    ([key, value]) => `+${key}=${String(value)}`,
  );
  const name = [transport.name, ...options].join("");
  const tested = clients.filter((client) => tests.some((test) => test.client === client));
  describe.each(tested)(`${name}, client %s`, (client) => {
    for (const { name, skipped, run } of tests.filter((test) => test.client === client)) {
      if (skipped === null) it(name, run);
      else it.skip(`${name} (${skipped})`, run);
    }
  });
}
