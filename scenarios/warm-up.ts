import type { SendingOptions, Stage } from "./scenario.ts";

/** How many times the measured rate the first half of a warm-up sends. */
const speedUp = 10;

/** No warm-up makes more deliveries a second than this, or it would leave a queue behind. */
const maxDeliveriesPerSecond = 10_000;

/**
 * Publishes or sends until code has been compiled and everything runs steadily. Compilers warm up by work, not by
 * time: a WebSocket client at 20 messages a second is still slow after a second, which shows in its p90. So the first
 * half of a warm-up is faster; the second, at least as long as a poll interval, has the rate of what follows.
 */
export async function warmUp(stage: Stage, verb: "publish" | "send"): Promise<void> {
  const { clients, ratePerSecond, warmUpMs } = stage.workload;
  const maxRatePerSecond = Math.max(ratePerSecond, maxDeliveriesPerSecond / clients);
  const send = (sending: SendingOptions): Promise<void> =>
    verb === "publish" ? stage.server.publish(sending) : stage.clients.send(sending);
  await stage.warmUp(async () => {
    await send({
      ratePerSecond: Math.min(speedUp * ratePerSecond, maxRatePerSecond),
      forMs: warmUpMs / 2,
    });
    await send({ forMs: Math.max(warmUpMs / 2, stage.transport.pollIntervalMs ?? 0) });
  });
}
