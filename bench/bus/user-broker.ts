import type { BrokerAddress } from "./bus.ts";
import type { BrokerBusName } from "./join-bus.ts";
import { natsClient } from "./nats-client.ts";
import { redisClient } from "./redis-client.ts";

/** The first version of Redis that numbers the entries of a log as it is asked to. */
const leastForStreams = 7;

/** Rejects with the reason why a bus can't be had by the user's own broker. */
export async function checkBroker(kind: BrokerBusName, broker: BrokerAddress): Promise<void> {
  if (kind === "nats") {
    const client = await natsClient(broker);
    await client.close();
    return;
  }
  const client = await redisClient(broker, {});
  try {
    const [, version = ""] = /^redis_version:(\S+)/m.exec(await client.info("server")) ?? [];
    if (kind === "redis-streams" && Number.parseInt(version, 10) < leastForStreams) {
      throw new Error(`it is Redis ${version}, and streams need ${leastForStreams}.0`);
    }
  } finally {
    client.disconnect();
  }
}

/** Removes the log of a trial from the user's own broker. */
export async function forgetLog(broker: BrokerAddress, topic: string): Promise<void> {
  try {
    const client = await redisClient(broker, {});
    await client.del(topic);
    client.disconnect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`the stream ${topic} couldn't be removed: ${reason}\n`);
  }
}
