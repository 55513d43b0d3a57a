import { join } from "node:path";
import * as z from "zod";
import { browserFiles } from "../machine/browser-files.ts";
import { browserEnvironment, browserStartMs } from "./browser-environment.ts";
import type { Program } from "./program.ts";

// https://peter.sh/experiments/chromium-command-line-switches/, and the source that it is made from

/** All of them keep it from asking others, or for what no client needs; a tab's timers and messages are as users have them. */
const quiet = [
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-breakpad",
  "--disable-client-side-phishing-detection",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-extensions",
  "--disable-gpu",
  "--disable-sync",
  "--dns-prefetch-disable",
  "--metrics-recording-only",
  "--mute-audio",
  "--no-pings",
  "--password-store=basic",
  "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication,CertificateTransparencyComponentUpdater,NetworkTimeServiceQuerying,InterestFeedContentSuggestions,Prerender2,PreconnectToSearch,LoadingPredictorUseOptimizationGuide,SpareRendererForSitePerProcess,LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
] as const;

/** It connects to no server before a page asks: 2 stands for never. */
const preferences = { net: { network_prediction_options: 2 } };

/** What tells its version, and where its protocol is spoken. */
const versionAnswer = z.object({ Browser: z.string() });

/** Headless, with a profile of its own. It speaks the DevTools protocol where it listens. */
export const chromium: Program = {
  ...browserFiles.chromium,
  startTimeoutMs: browserStartMs,

  argumentsFor: ({ host, port, folder }) => [
    "--headless=new",
    `--remote-debugging-address=${host}`,
    `--remote-debugging-port=${port}`,
    `--user-data-dir=${join(folder, "profile")}`,
    ...quiet,
    // Its sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    // Those of the run's own certificate: it reaches no other server.
    "--ignore-certificate-errors",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "about:blank",
  ],

  filesFor: () => ({ "profile/Default/Preferences": JSON.stringify(preferences) }),

  environmentFor: browserEnvironment,

  async versionAt({ host, port }) {
    const answer = await fetch(`http://${host}:${port}/json/version`);
    return versionAnswer.parse(await answer.json()).Browser.replace(/^\D+/, "");
  },
};
