import { countsAsTheoryDoes, goesOnWithoutTheFirst, resumesElsewhere } from "./fleet-trial.ts";

for (const name of [
  "sse",
  "websocket",
  "long-polling",
  "short-polling@100ms",
  "streaming",
  "socket.io",
  "socket.io@websocket",
  "tcp",
]) {
  countsAsTheoryDoes(name);
  countsAsTheoryDoes(`${name}+tls`);
  countsAsTheoryDoes(`${name}+batch=30ms`);
}
for (const name of ["sse", "websocket", "long-polling", "short-polling@100ms", "streaming"]) {
  countsAsTheoryDoes(`${name}+h2+tls`);
  countsAsTheoryDoes(`${name}+h2c+share=2`);
}

for (const name of ["sse", "websocket", "long-polling", "streaming", "socket.io", "tcp"]) {
  resumesElsewhere(name);
  goesOnWithoutTheFirst(name);
}
