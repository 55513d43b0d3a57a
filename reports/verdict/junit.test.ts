import { XmlElement, XmlText, parseXml } from "@rgrove/parse-xml";
import { describe, expect, it } from "vitest";
import {
  changeOf,
  comparisonOf,
  failedComparison,
  hostileComparison,
  hostileText,
  mixedComparison,
  passingComparison,
} from "../../test/comparison-fixture.ts";
import { junit } from "./junit.ts";
import { memorySentence } from "./sentences.ts";

/**
 * What Jenkins's schema allows (junit-10.xsd of its xunit plugin), which GitLab and others read as well: for
 * each element its attributes, those that it must have, and its children.
 */
const schema: Readonly<
  Record<string, { must: readonly string[]; may: readonly string[]; children: readonly string[] }>
> = {
  testsuites: {
    must: [],
    may: ["name", "time", "tests", "failures", "errors"],
    children: ["testsuite"],
  },
  testsuite: {
    must: ["name", "tests", "failures", "errors"],
    may: ["time", "skipped", "timestamp"],
    children: ["properties", "testcase"],
  },
  properties: { must: [], may: [], children: ["property"] },
  property: { must: ["name", "value"], may: [], children: [] },
  testcase: {
    must: ["name"],
    may: ["classname", "time"],
    children: ["skipped", "error", "failure", "system-out"],
  },
  skipped: { must: [], may: ["message", "type"], children: [] },
  error: { must: [], may: ["message", "type"], children: [] },
  failure: { must: [], may: ["message", "type"], children: [] },
  "system-out": { must: [], may: [], children: [] },
};

describe("a comparison as JUnit XML", () => {
  it("has a suite for each scenario, and a case for each metric and budget", () => {
    expect(junit.render(mixedComparison())).toMatchSnapshot();
  });

  it("says how small a growth of memory would have been detected", () => {
    const [, sentence = ""] =
      /name="memory" value="([^"]+)"/.exec(junit.render(passingComparison())) ?? [];
    expect(sentence).toBe(memorySentence(passingComparison()));
  });

  it.each([
    ["mixed", mixedComparison()],
    ["passing", passingComparison()],
    ["failed", failedComparison()],
    ["hostile", hostileComparison()],
    ["empty", comparisonOf()],
  ])("keeps to what Jenkins and GitLab read: %s", (_, comparison) => {
    const elements = elementsOf(junit.render(comparison));
    for (const { name, attributes, children } of elements) {
      const allowed = schema[name];
      expect(allowed, name).toBeDefined();
      const { must = [], may = [], children: inner = [] } = allowed ?? {};
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...must]));
      expect([...must, ...may]).toEqual(expect.arrayContaining(Object.keys(attributes)));
      expect(inner).toEqual(expect.arrayContaining(namesOf(children)));
    }
  });

  it.each([mixedComparison(), failedComparison(), hostileComparison()])(
    "counts what is in it",
    (comparison) => {
      for (const suite of elementsOf(junit.render(comparison))) {
        if (!suite.name.startsWith("testsuite")) continue;
        const inside = elementsIn(suite);
        const count = (name: string): string =>
          String(inside.filter((element) => element.name === name).length);
        expect(suite.attributes).toMatchObject({
          tests: count("testcase"),
          failures: count("failure"),
          errors: count("error"),
          ...(suite.name === "testsuite" ? { skipped: count("skipped") } : {}),
        });
      }
    },
  );

  it("fails what regressed, skips what can't be told, and has no case for what is only shown", () => {
    const cases = elementsOf(junit.render(mixedComparison())).filter(
      ({ name }) => name === "testcase",
    );
    const outcomes = cases.map(({ attributes, children }) => [
      `${attributes["classname"]} ${attributes["name"]}`,
      namesOf(children)[0],
    ]);
    expect(Object.fromEntries(outcomes)).toMatchObject({
      "comparison outcome": "failure",
      "websocket.overhead.steady bytesPerMessage": "failure",
      "sse.overhead.steady bytesPerMessage": "system-out",
      "long-polling.latency.steady p90": "skipped",
      "sse.latency.steady budget sse.latency.p99 <= 3ms": "skipped",
    });
    expect(cases.map(({ attributes }) => attributes["name"])).not.toContain("p99");
    // Tools take cases of one name for one case.
    expect(Object.keys(Object.fromEntries(outcomes))).toHaveLength(cases.length);
  });

  it("is never without a case, which some take for an error", () => {
    const cases = elementsOf(junit.render(comparisonOf())).filter(
      ({ name }) => name === "testcase",
    );
    expect(cases).toHaveLength(1);
  });

  it("has no character that XML 1.0 forbids, and keeps the others", () => {
    const reason = 'a\u0000b\u0008c\uFFFFd\uD800e & <f> "g" ]]> 😀 µ';
    const text = junit.render(
      comparisonOf({ changes: [changeOf({ verdict: "regressed", reason })] }),
    );
    const failure = elementsOf(text).find(({ name }) => name === "failure");
    expect(failure?.attributes["message"]).toBe(
      String.raw`a\u0000b\u0008c\uffffd\ud800e & <f> "g" ]]> 😀 µ`,
    );
    expect(junit.render(hostileComparison())).not.toContain(hostileText);
  });
});

/** By a parser that refuses what isn't well-formed. */
function elementsOf(text: string): XmlElement[] {
  const { root } = parseXml(text);
  return root === null ? [] : [root, ...elementsIn(root)];
}

function elementsIn(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) =>
    child instanceof XmlElement ? [child, ...elementsIn(child)] : [],
  );
}

function namesOf(children: XmlElement["children"]): string[] {
  return children.flatMap((child) =>
    child instanceof XmlElement
      ? [child.name]
      : child instanceof XmlText && child.text.trim() === ""
        ? []
        : child instanceof XmlText
          ? []
          : ["?"],
  );
}
