import * as z from "zod";
import { histogram } from "./recorded-latency.ts";

const count = z.int().min(0);

/** What clients in rooms received. */
export const recordedRooms = z.strictObject({
  /** Of the rooms of each size. */
  sizes: z.array(
    z.strictObject({
      /** In each of them. */
      clients: count,
      rooms: count,
      messages: count,
      /** Messages times the clients that were in their room. */
      expected: count,
      /** Received less due. */
      delivery: histogram,
    }),
  ),
  /**
   * The same at clients of the server that published, or got messages from a client, where there are several; without
   * rooms of one.
   */
  atPublisher: histogram.optional(),
  /** The same at clients of the other servers. */
  elsewhere: histogram.optional(),
  /** Deliveries that were under way to a client when it left its room: neither expected nor lost. */
  inFlight: count,
  /** Where clients changed rooms. */
  joins: z
    .strictObject({
      count,
      /** From dialling until being subscribed. */
      untilSubscribed: histogram,
      /** From dialling until the first message: none is sent for it. */
      untilReceiving: histogram,
    })
    .optional(),
});
