import { expect, it } from "vitest";
import { replaceMethod } from "./faulty.ts";

class Greeter {
  said = "";
  greet(name: string): void {
    this.said += `hello ${name} `;
  }
}

it("a replaced method does something else until that is undone, on this object only", () => {
  const [greeter, other] = [new Greeter(), new Greeter()];
  const undo = replaceMethod(greeter, "greet", (name) => (greeter.said += `goodbye ${name} `));
  greeter.greet("Ann");
  other.greet("Ann");
  undo();
  greeter.greet("Bob");
  expect([greeter.said, other.said]).toEqual(["goodbye Ann hello Bob ", "hello Ann "]);
  expect(Object.hasOwn(greeter, "greet")).toBe(false);
});

it("a method of the object's own comes back, too", () => {
  let said = "";
  const greeter = { greet: () => void (said += "hello ") };
  const undo = replaceMethod(greeter, "greet", () => void (said += "goodbye "));
  greeter.greet();
  undo();
  greeter.greet();
  expect(said).toBe("goodbye hello ");
});
