/*
 * An ordinary GraphQL server: a mutation by POST goes to all who have subscribed, by WebSocket (`graphql-ws`) or by
 * server-sent events (`graphql-sse`). graphql.ts measures it.
 *
 *   npm install graphql graphql-http graphql-sse graphql-ws ws
 *   PORT=3000 node examples/adapters/graphql-server.js
 */
import { EventEmitter, on } from "node:events";
import { createServer } from "node:http";
import {
  GraphQLBoolean,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { createHandler as createHttpHandler } from "graphql-http/lib/use/http";
import { createHandler as createEventHandler } from "graphql-sse/lib/use/http";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const channels = new EventEmitter().setMaxListeners(0);

/** @param {string} channel */
async function* subscribe(channel) {
  const published = on(channels, channel);
  // GraphQL doesn't say when a subscription has begun: this does, for whoever wants to know.
  yield null;
  for await (const [text] of published) yield text;
}

const text = { type: new GraphQLNonNull(GraphQLString) };

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { version: { type: GraphQLString } } }),
  mutation: new GraphQLObjectType({
    name: "Mutation",
    fields: {
      publish: {
        type: GraphQLBoolean,
        args: { channel: text, text },
        resolve: (_root, { channel, text }) => channels.emit(channel, text),
      },
    },
  }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: {
      messages: {
        type: GraphQLString,
        args: { channel: text },
        subscribe: (_root, { channel }) => subscribe(channel),
        resolve: (text) => text,
      },
    },
  }),
});

const answer = createHttpHandler({ schema });
const stream = createEventHandler({ schema });

const server = createServer((request, response) => {
  const handle = request.url === "/graphql/stream" ? stream : answer;
  handle(request, response).catch((error) => response.destroy(error));
});
useServer({ schema }, new WebSocketServer({ server, path: "/graphql" }));

server.listen(Number(process.env["PORT"] ?? 3000), process.env["HOST"] ?? "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
