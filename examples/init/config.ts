// Settings for `npx transport-bench run` in this folder; flags go over them. Every one of them may be left out.
export default {
  // Variants: transport[:client][@value][+option=value]…, as `npx transport-bench list` shows them.
  transports: ["sse", "websocket", "short-polling@250ms"],
  scenarios: ["latency", "overhead"],
  clients: 20,
  rate: 20,
  duration: "2s",

  // Files or packages that define transports and scenarios of your own, which then go by their names:
  // adapters: ["./my-transport.ts"],

  // Your own server, in place of the built-in ones:
  // target: "http://localhost:3000",
};
