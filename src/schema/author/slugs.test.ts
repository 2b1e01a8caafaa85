import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isName, parseAddress } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { slugOf } from "./slug.ts";
import { objectKey, slugsFor, type NamedObject } from "./slugs.ts";

function kindOf(name: string): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}

const NONE: ReadonlySet<string> = new Set();

const assistant = (id: string, name: string, owner?: `${string}/${string}`): NamedObject => ({
  kind: kindOf("Assistant"),
  id,
  name,
  ...(owner !== undefined && { owner }),
});

const named = (objects: readonly NamedObject[], taken = NONE) => Object.fromEntries(slugsFor(objects, taken));

test.each([
  ["Front desk", "front-desk"],
  ["  Über uns / Zürich ", "uber-uns-zurich"],
  ["Łódź’s café", "lodzs-cafe"],
  ["Поддержка", "podderzhka"],
  ["客服", "kefu"],
  ["🎉 Support 🇩🇪 / EU 👩‍👩‍👧", "support-eu"],
  ["🎉🎉", "tada-tada"],
  ["e\u0301te\u0301", "ete"],
  ["ＡＢＣ №１", "abc-no1"],
  ["---", ""],
  ["CON", "con-1"],
  ["../../etc/passwd", "etc-passwd"],
  ["Support 2", "support-2"],
])("the slug of %j is %j", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test("a long name is cut between words", () => {
  const slug = slugOf("The assistant that answers all questions about invoices, refunds and payment plans");
  expect(slug).toBe("the-assistant-that-answers-all-questions-about-invoices");
});

describe("objects of one name", () => {
  test("get different slugs by their ids, in any order", () => {
    const objects = [assistant("b", "Support"), assistant("a", "support"), assistant("c", "Support!")];
    const wanted = { "Assistant/a": "support", "Assistant/b": "support-2", "Assistant/c": "support-3" };
    expect(named(objects)).toEqual(wanted);
    expect(named(objects.toReversed())).toEqual(wanted);
  });

  test("do not get a number that is the name of another object", () => {
    const objects = [assistant("a", "Support"), assistant("b", "Support"), assistant("c", "Support 2")];
    expect(named(objects)).toEqual({
      "Assistant/a": "support",
      "Assistant/b": "support-3",
      "Assistant/c": "support-2",
    });
  });

  test("keep their addresses", () => {
    const objects = [assistant("a", "Support"), assistant("b", "Support", "Assistant/support")];
    expect(named(objects)).toEqual({ "Assistant/a": "support-2", "Assistant/b": "support" });
  });

  test("do not take the address of another manifest, also if it differs only in case", () => {
    expect(named([assistant("a", "Support")], new Set(["Assistant/SUPPORT"]))).toEqual({
      "Assistant/a": "support-2",
    });
    expect(named([assistant("a", "Support")], new Set(["Tool/support"]))).toEqual({ "Assistant/a": "support" });
  });
});

test("a name without usable characters is replaced by the id", () => {
  const { "Assistant/x": slug } = named([assistant("x", "///")]);
  expect(slug).toMatch(/^assistant-[0-9a-f]{8}$/);
  const again = slugsFor([assistant("a", "Other"), assistant("x", "///")], NONE);
  expect(again.get(objectKey("Assistant", "x"))).toBe(slug);
});

test("the slug of a child object begins with the name of its parent", () => {
  const objects: NamedObject[] = [
    assistant("a", "Front desk"),
    { kind: kindOf("AssistantVersion"), id: "a/v1", name: "Warmer" },
    { kind: kindOf("AssistantVersion"), id: "b/v1", name: "Warmer" },
    { kind: kindOf("AssistantVersion"), id: "a/v2", name: "Front desk colder" },
    { kind: kindOf("CanaryDeploy"), id: "a", name: "Front desk" },
  ];
  expect(named(objects)).toEqual({
    "Assistant/a": "front-desk",
    "AssistantVersion/a/v1": "front-desk-warmer",
    "AssistantVersion/a/v2": "front-desk-colder",
    "AssistantVersion/b/v1": "warmer",
    "CanaryDeploy/a": "front-desk",
  });
});

test("each object gets a unique valid name, in any order", () => {
  const objects = fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom(...kinds),
      id: fc.uuid(),
      name: fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("Support", "support", "Support 2", "aux"),
      ),
    }),
    { selector: ({ kind, id }) => `${kind.kind}/${id}`, maxLength: 12 },
  );
  fc.assert(
    fc.property(objects, (some) => {
      const slugs = slugsFor(some, NONE);
      expect([...slugs.values()].filter((slug) => !isName(slug))).toEqual([]);
      const addresses = [...slugs].map(([key, slug]) => `${parseAddress(key)?.kind}/${slug}`);
      expect(new Set(addresses).size).toBe(some.length);
      expect(slugsFor(some.toReversed(), NONE)).toEqual(slugs);
    }),
  );
});
