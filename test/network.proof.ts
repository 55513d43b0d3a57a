import { transports } from "../transports/index.ts";
import { seenByTcpdump, unhurried } from "./captured-trial.ts";

seenByTcpdump(
  transports.flatMap((transport) =>
    transport.clients.slice(1).map((client) => unhurried(transport, client)),
  ),
);
