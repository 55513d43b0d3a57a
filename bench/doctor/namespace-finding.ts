import { npxCommand } from "../text/command-name.ts";
import type { Finding } from "./diagnosis.ts";
import type { Namespaces } from "./namespaces.ts";

/** Whether network namespaces can be made, or what is missing for that. */
export function namespaceFinding(namespaces: Namespaces): Finding {
  const common = {
    key: "namespaces",
    title: "private networks",
    enables: `${npxCommand} run --netns needs them to count segments, acknowledgements and bytes below TCP`,
  } as const;
  if ("as" in namespaces) {
    return {
      ...common,
      status: "good",
      found: `can be created ${how[namespaces.as]}`,
      advice: null,
    };
  }
  const { refused, lacking } = namespaces;
  return {
    ...common,
    status: "missing",
    found: `can't be created: ${refused}`,
    advice: lacking
      ? null
      : "run as root; or sysctl -w user.max_user_namespaces=10000 " +
        "kernel.apparmor_restrict_unprivileged_userns=0; docker run --cap-add SYS_ADMIN",
  };
}

const how = { root: "as root", rootless: "without root, in a user namespace" } as const;
