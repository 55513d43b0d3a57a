import { branch } from "../cell-text.ts";
import type { Grid } from "../grid.ts";
import type { Atlas, AtlasConfiguration, AtlasProxy, Front } from "./atlas.ts";
import { markOf } from "./mark.ts";

/** A row for each proxy as it comes, and below it one for each other configuration. */
export function atlasGrid({ proxies }: Pick<Atlas, "proxies">, { columns }: Front): Grid {
  const head = ["", ...columns.map(({ title }) => title)];
  const rows = proxies.flatMap((proxy) =>
    proxy.configurations.map((configuration) => [
      nameOf(proxy, configuration),
      ...columns.map(({ name }) => {
        const { sign, word } = markOf(configuration.cells.get(name)?.side);
        return `${sign} ${word}`;
      }),
    ]),
  );
  return [head, ...rows];
}

function nameOf({ title, configurations }: AtlasProxy, { name }: AtlasConfiguration): string {
  if (name === "default") return title;
  return configurations[0]?.name === name ? `${title}: ${name}` : branch + name;
}

/** What stands above a grid. */
export function frontTitle({ run }: Pick<Atlas, "run">, { name }: Front): string {
  return `${run === null ? "C" : `${run}: c`}lients speak ${name} with the proxy`;
}

/** What stands above what is said of a proxy. */
export function proxyTitle({ run }: Pick<Atlas, "run">, { title }: AtlasProxy): string {
  return run === null ? title : `${run}: ${title}`;
}
