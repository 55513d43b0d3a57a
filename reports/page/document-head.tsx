import type { VNode } from "preact";
import { contentSecurityPolicy } from "./assets.ts";
import type { PageAssets } from "./assets.ts";

interface DocumentHeadProps {
  readonly title: string;
  readonly assets: PageAssets;
}

/** What stands before every page: the policy comes first, and holds for all that follows. */
export function DocumentHead({ title, assets }: DocumentHeadProps): VNode {
  return (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(assets)} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${title} – transport-bench`}</title>
      <style dangerouslySetInnerHTML={{ __html: assets.style }} />
    </head>
  );
}
