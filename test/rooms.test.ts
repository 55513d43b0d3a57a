import { accountsForRooms } from "./rooms-trial.ts";

// All transports, with several servers: rooms.proof.ts.
accountsForRooms("websocket", 2);
accountsForRooms("sse", 1);
