import { websocket } from "../transports/websocket.ts";
import { compressed, layeredContracts } from "./layered-variants.ts";

layeredContracts(compressed, [websocket]);
