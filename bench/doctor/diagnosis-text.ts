import { digits, whole } from "../text/format.ts";
import { wrapped } from "../text/wrapped.ts";
import type { Capacity, ConnectionCapacity, Diagnosis, Finding, Rate } from "./diagnosis.ts";

/** A diagnosis for people who want so many clients, if they say; its signs are words, so that it needs no colour. */
export function diagnosisText(diagnosis: Diagnosis, clients: number | null = null): string {
  const { machine, findings, connections, deliveriesPerSecond } = diagnosis;
  const guest =
    machine.hypervisor === null || machine.hypervisor === "none"
      ? ""
      : `, a guest of ${machine.hypervisor}`;
  return [
    ...wrapped(
      `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? "core" : "cores"}, ${machine.platform} ${machine.kernel}${guest}, Node ${machine.node}`,
      "",
    ),
    "",
    ...findings.flatMap(findingLines),
    "",
    "CONNECTIONS  How many clients can be held at once?",
    ...connectionLines(connections, clients),
    "",
    "MESSAGE RATE  How many deliveries per second can be measured reliably?",
    ...rateLines(deliveriesPerSecond),
  ].join("\n");
}

function findingLines({ status, title, found, enables, advice }: Finding): string[] {
  const lead = `${status.padEnd(9)}${title.padEnd(17)}`;
  return [
    ...wrapped(`${found}; ${enables}`, lead),
    ...(advice === null ? [] : wrapped(advice, `${"".padEnd(lead.length)}-> `)),
  ];
}

function capacityLines({ limits }: Capacity): string[] {
  return limits.flatMap((limit) =>
    wrapped(
      limit.because,
      `${(limit.most === null ? "?" : whole(limit.most)).padStart(11)}  ${limit.name.padEnd(31)}`,
    ),
  );
}

function connectionLines(connections: ConnectionCapacity, clients: number | null): string[] {
  const { most, boundBy, servers, loads, limits } = connections;
  // What has to be moved for as many as are wanted; otherwise for the next one.
  const wanted = clients ?? (most === null ? 0 : most + 1);
  const settings = limits
    .filter((limit) => limit.most !== null && limit.most < wanted)
    .map(({ name, setting }) => `${name}: ${setting ?? "can't be moved"}`);
  const by =
    servers === 1
      ? ""
      : ` by ${servers} servers (--servers ${servers}) and ${loads} load processes`;
  return [
    ...(most === null
      ? ["unknown"]
      : wrapped(`about ${whole(most)}${by}, limited by ${boundBy}`, "")),
    ...capacityLines(connections),
    ...settings.flatMap((setting) => wrapped(setting, `${"".padEnd(9)}-> `)),
    ...(clients === null || settings.length > 0 ? [] : [`${whole(clients)} can be held`]),
  ];
}

function rateLines(rate: Rate): string[] {
  const { most, boundBy, tried, failure } = rate;
  const [first] = tried;
  if (first === undefined || failure !== null) return wrapped(failure ?? "not tried", "unknown: ");
  return [
    ...wrapped(
      most === null
        ? `unknown: every rate tried had warnings (${boundBy})`
        : `about ${digits(most)} deliveries/s (messages/s times clients), limited by ${boundBy}`,
      "",
    ),
    ...capacityLines(rate),
    ...wrapped(
      `Extrapolated from one second of ${first.variant} with ${first.clients} clients and ` +
        `${first.payloadBytes} B; other transports cost more. Tried:`,
      "",
    ),
    ...tried.flatMap(({ deliveriesPerSecond, doubts }) =>
      wrapped(
        doubts.length === 0 ? "no warnings" : doubts.join("; "),
        `${digits(deliveriesPerSecond).padStart(11)}  `,
      ),
    ),
  ];
}
