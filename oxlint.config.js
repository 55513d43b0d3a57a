import { readdirSync } from "node:fs";

/**
 * The folders in the order of the data, and which others each may import from: only such as stand above it.
 * All but transports, scenarios and reports lie in bench/.
 * @type {Record<string, string>}
 */
const imports = {
  transports: "",
  scenarios: "transports",
  errors: "",
  statistics: "",
  files: "errors",
  machine: "transports errors",
  results: "transports errors statistics files machine",
  text: "results",
  reports: "statistics files results text",
  payloads: "statistics",
  layers: "transports",
  measure: "transports scenarios errors statistics machine results text payloads layers",
  rooms: "transports scenarios statistics results measure payloads",
  tokens: "transports scenarios statistics results measure",
  proxies: "scenarios",
  settings:
    "transports scenarios errors statistics files machine results text payloads layers measure tokens proxies",
  plan: "transports scenarios errors statistics results measure rooms tokens proxies settings",
  network: "scenarios errors statistics machine results measure settings",
  programs: "transports errors files machine results layers measure proxies settings",
  intruders: "transports results layers measure",
  probe: "transports scenarios payloads layers measure",
  browsers: "transports scenarios errors files measure payloads programs",
  endpoint: "transports scenarios errors results text measure",
  bus: "transports errors results measure settings programs",
  processes:
    "transports scenarios errors statistics files machine results payloads layers measure rooms tokens proxies settings network intruders programs probe browsers endpoint bus",
  packets: "transports errors statistics results measure settings network processes",
  run: "transports scenarios errors statistics machine results text payloads layers measure rooms tokens proxies settings plan network programs browsers bus processes packets",
  workers:
    "transports errors statistics machine results text measure settings plan programs processes run",
  through: "scenarios errors text measure proxies settings",
  doctor: "errors machine results text measure settings plan network run",
  verdict: "transports errors statistics results text settings",
  check: "transports scenarios errors statistics files results text settings plan verdict",
  ab: "transports scenarios errors statistics files machine results text settings plan run doctor verdict",
  history: "errors files results verdict",
  conformance: "transports text layers measure programs browsers",
  action: "text",
  commands:
    "transports scenarios errors statistics files machine results text reports layers measure proxies settings plan network processes run through doctor verdict check ab history conformance workers",
};

const outside = ["transports", "scenarios", "reports", "tools"];

/** @param {string} name */
const folderOf = (name) => (outside.includes(name) ? name : `bench/${name}`);

/** @type {string[]} */
const above = [];
const boundaries = Object.entries(imports).map(([name, row]) => {
  const allowed = row.split(" ").filter(Boolean);
  const below = allowed.filter((other) => !above.includes(other));
  if (below.length > 0) throw new Error(`${name} stands above ${below.join(", ")}`);
  above.push(name);
  const message = "oxlint.config.js has the order of the folders.";
  const patterns = [{ group: groupOf(name, allowed), message }];
  return {
    files: [`${folderOf(name)}/**`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
});

const entries = readdirSync(new URL("bench", import.meta.url), { withFileTypes: true });
const unlisted = entries.filter((entry) => entry.isDirectory() && !above.includes(entry.name));
if (unlisted.length > 0)
  throw new Error(`no place among the folders: ${unlisted.map(({ name }) => name).join(", ")}`);

/**
 * All imports from elsewhere, but for those that are allowed.
 * @param {string} name
 * @param {string[]} allowed
 */
function groupOf(name, allowed) {
  if (outside.includes(name)) {
    const others = ["bench", ...outside].filter((other) => other !== name);
    return [
      ...others.map((other) => `**/${other}/**`),
      ...allowed.map((other) => `!**/${folderOf(other)}/**`),
    ];
  }
  const seen = (/** @type {string} */ other) =>
    outside.includes(other) ? `../../${other}` : `../${other}`;
  return ["../**", ...allowed.map((other) => `!${seen(other)}/**`)];
}

export default {
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  options: { typeAware: true },
  rules: {
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "import/no-cycle": "error",
    "eslint/no-await-in-loop": "off",
    "eslint/no-shadow": "off",
    "unicorn/consistent-function-scoping": "off",
  },
  overrides: [
    ...boundaries,
    {
      files: ["examples/**"],
      // Express 5 passes the rejections of its handlers on.
      rules: { "oxc/no-async-endpoint-handlers": "off" },
    },
    {
      files: ["**/*.test.ts", "test/**"],
      rules: {
        "eslint/no-control-regex": "off",
        "no-restricted-imports": "off",
        "typescript/no-unsafe-type-assertion": "off",
        "vitest/expect-expect": "off",
        "vitest/no-conditional-expect": "off",
        "vitest/no-conditional-tests": "off",
        "vitest/no-disabled-tests": "off",
        "vitest/no-standalone-expect": "off",
        "vitest/valid-expect": "off",
        "vitest/valid-title": "off",
      },
    },
  ],
};
