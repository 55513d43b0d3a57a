import { expect, it } from "vitest";
import { withSection } from "./proof-document.ts";

const document = "# Proof\n\n<!-- simulate -->\n\nold\n\n<!-- /simulate -->\n\nBy hand.\n";

it("puts a section between its marks, and leaves alone what people wrote", () => {
  const once = withSection(document, "simulate", "new\n", "proof.md");
  expect(once).toBe("# Proof\n\n<!-- simulate -->\n\nnew\n\n<!-- /simulate -->\n\nBy hand.\n");
  expect(withSection(once, "simulate", "new", "proof.md")).toBe(once);
});

it("names the marks that are missing", () => {
  expect(() => withSection(document, "aa", "new", "proof.md")).toThrow(
    "proof.md: there has to be a line <!-- aa -->, and one <!-- /aa --> after it",
  );
});
