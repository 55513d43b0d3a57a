import type { VNode } from "preact";
import type { PlacedScenario } from "./placed.ts";
import { Name } from "./section.tsx";

/** A link to every section. */
export function Navigation({
  scenarios,
}: {
  readonly scenarios: readonly PlacedScenario[];
}): VNode {
  const before = [
    { id: "findings", text: "Found" },
    { id: "overview", text: "Overview" },
  ];
  const after = [
    { id: "warnings", text: "Warnings" },
    { id: "cost", text: "Cost" },
    { id: "method", text: "Method" },
    { id: "environment", text: "Environment" },
    { id: "repeat", text: "Do it again" },
    { id: "raw", text: "Raw figures" },
  ];
  const named = scenarios.map(({ id, scenario: { name } }) => ({ id, text: name }));
  return (
    <nav aria-label="Sections">
      <ul>
        {[...before, ...named, ...after].map(({ id, text }) => (
          <li key={id}>
            <a href={`#${id}`}>
              <Name text={text} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
