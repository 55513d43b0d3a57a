import { comesBack, comesBackByItself } from "./cut-trial.ts";

const streams = [
  "tcp",
  "sse",
  "sse:eventsource",
  "sse:fetch",
  "sse:undici",
  "sse+tls",
  "sse+h2",
  "sse+h2+share=3",
  "sse+gzip",
  "sse+batch=5ms",
  "streaming",
  "streaming+method=POST",
  "websocket:undici",
  "websocket+tls",
  "websocket+deflate",
  "websocket+h2",
  "socket.io@websocket+recovery",
];
for (const variant of streams) comesBack(variant);

for (const variant of ["short-polling@20ms", "long-polling+tls"]) {
  comesBack(variant, { polls: true });
}

comesBackByItself("sse:eventsource", { resumes: true });
comesBackByItself("socket.io@websocket", { resumes: false });
comesBackByItself("socket.io@websocket+recovery", { resumes: true });
