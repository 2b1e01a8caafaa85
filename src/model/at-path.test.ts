import { expect, test } from "vitest";
import { replaceIn, valueIn, withValue } from "./at-path.ts";

const spec = { name: "desk", tools: [{ type: "hangup" }, { type: "transfer" }] };

test("a path goes through members and positions", () => {
  expect(valueIn(spec, ["tools", "1", "type"])).toBe("transfer");
  expect(valueIn(spec, ["tools", "2", "type"])).toBeUndefined();
  expect(valueIn(spec, ["constructor"])).toBeUndefined();
});

test("a value is replaced, added with the blocks around it, or removed; the object itself stays", () => {
  expect(withValue(spec, ["tools", "0", "type"], "refer")["tools"]).toEqual([
    { type: "refer" },
    { type: "transfer" },
  ]);
  expect(withValue({}, ["a", "b"], 1)).toEqual({ a: { b: 1 } });
  expect(withValue(spec, ["name"], undefined)).toEqual({ tools: spec.tools });
  expect(withValue({}, ["a", "b"], undefined)).toEqual({});
  expect(Object.keys(withValue({}, ["__proto__"], 1))).toEqual(["__proto__"]);
  expect(spec.name).toBe("desk");
});

test("the empty path is the whole value", () => {
  expect(replaceIn({ a: 1 }, [], "x")).toBe("x");
});
