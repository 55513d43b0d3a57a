import { Subscription, resuming } from "./client.ts";
import type { OpenClient } from "./client.ts";
import { Upstream } from "./upstream.ts";

/** The browser's `EventSource`; its reconnecting is stopped where that isn't asked for. */
export const openEventSource: OpenClient = (settings, tells) => {
  const { channel, comesBack = false } = settings;
  const subscription = new Subscription(settings, tells);
  const source = new EventSource(`/sse/${channel}${resuming(settings)}`);
  const end = (reason: string): void => {
    source.close();
    subscription.end(reason);
  };
  const upstream = new Upstream(channel, end);
  source.addEventListener("hello", (event: MessageEvent<string>) => subscription.hello(event.data));
  source.addEventListener("message", ({ data, lastEventId }: MessageEvent<string>) =>
    subscription.message(data, lastEventId === "" ? undefined : Number(lastEventId)),
  );
  source.addEventListener("error", () => {
    const goesOn = source.readyState === EventSource.CONNECTING;
    if (comesBack && goesOn && (subscription.isOpen || subscription.cursor > 0)) {
      return subscription.lost();
    }
    // It tells no more than that.
    end(goesOn ? "the EventSource has lost its connection" : "the EventSource has failed");
  });
  return {
    send: (payload) => upstream.send(payload),
    close() {
      source.close();
      upstream.close();
    },
  };
};
