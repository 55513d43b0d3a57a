import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { promisify } from "node:util";
import { browserFiles } from "../machine/browser-files.ts";
import { fileOfProgram } from "../machine/program-file.ts";
import { browserEnvironment, browserStartMs } from "./browser-environment.ts";
import type { Program } from "./program.ts";

// https://firefox-source-docs.mozilla.org/remote/Prefs.html, and modules/libpref/init/all.js of its source

const execute = promisify(execFile);

/** How long it may take to say its version. */
const versionMs = 10_000;

/** Settings that keep it from asking others, and from what no client needs. */
const quiet: Readonly<Record<string, boolean | number | string>> = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "app.update.auto": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.blockedURIs.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "browser.urlbar.speculativeConnect.enabled": false,
  "captivedetect.canonicalURL": "",
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "geo.provider.testing": true,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disableIPv6": true,
  "network.dns.disablePrefetch": true,
  "network.http.speculative-parallel-limit": 0,
  "network.prefetch-next": false,
  "network.trr.mode": 5,
  "security.remote_settings.crlite_filters.enabled": false,
  "security.remote_settings.intermediates.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "signon.autofillForms": false,
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "data:,",
  "toolkit.telemetry.unified": false,
};

/** The page's clock in steps as fine as it has them, and a socket for the harness that a page over TLS may open. */
const measuring: typeof quiet = {
  "network.websocket.allowInsecureFromHTTPS": true,
  "privacy.reduceTimerPrecision": false,
  "privacy.resistFingerprinting.reduceTimerPrecision.jitter": false,
};

/** Headless, with a profile of its own. It speaks WebDriver BiDi where it listens, with one who asks. */
export const firefox: Program = {
  ...browserFiles.firefox,
  startTimeoutMs: browserStartMs,

  argumentsFor: ({ port, folder }) => [
    "--headless",
    "--no-remote",
    "--profile",
    folder,
    `--remote-debugging-port=${port}`,
    "about:blank",
  ],

  filesFor: () => ({ "user.js": preferences({ ...quiet, ...measuring }) }),

  environmentFor: (place) => ({ ...browserEnvironment(place), MOZ_CRASHREPORTER_DISABLE: "1" }),

  async versionAt({ host, port }) {
    const socket = connect(port, host);
    try {
      await once(socket, "connect");
    } finally {
      socket.destroy();
    }
    const { stdout } = await execute(fileOfProgram(firefox), ["--version"], { timeout: versionMs });
    return stdout.trim().replace(/^\D+/, "");
  },
};

function preferences(settings: typeof quiet): string {
  return Object.entries(settings)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join("");
}
