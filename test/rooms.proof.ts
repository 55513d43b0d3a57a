import { transports } from "../transports/index.ts";
import { accountsForRooms } from "./rooms-trial.ts";
import { sendingClients } from "./clients-without-browser.ts";

for (const transport of transports) {
  for (const client of sendingClients(transport))
    accountsForRooms(`${transport.name}:${client}`, 2);
}
for (const variant of ["sse+h2c", "sse+h2+share=4", "socket.io@websocket"]) {
  accountsForRooms(variant, 2);
}
