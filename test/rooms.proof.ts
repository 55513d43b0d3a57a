import { transports } from "../transports/index.ts";
import { accountsForRooms } from "./rooms-trial.ts";

for (const { name, clients } of transports) {
  for (const client of clients) accountsForRooms(`${name}:${client}`, 2);
}
for (const variant of ["sse+h2c", "sse+h2+share=4", "socket.io@websocket"]) {
  accountsForRooms(variant, 2);
}
