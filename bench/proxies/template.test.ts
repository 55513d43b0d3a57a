import { expect, it } from "vitest";
import { filled, namesIn, unknownIn } from "./template.ts";

it("puts each value in every place", () => {
  const values = { host: "127.0.0.1", port: "8080" };
  expect(filled("{{host}}:{{port}} {{port}} $1", values)).toBe("127.0.0.1:8080 8080 $1");
});

it("leaves what it doesn't know to the program, unless it looks like a name", () => {
  expect(filled('{{ env "A" }} {port} {{.Host}}', {})).toBe('{{ env "A" }} {port} {{.Host}}');
  expect(unknownIn('{{port}} {{ env "A" }}')).toBeNull();
  expect(unknownIn("{{port}} {{prot}}")).toBe("prot");
  expect(namesIn("{{listen}} {{port}}")).toEqual(["listen", "port"]);
});

it("has a value for each name", () => {
  expect(() => filled("{{port}} {{key}}", { port: "80" })).toThrow(
    "there is nothing to put for {{key}}",
  );
});
