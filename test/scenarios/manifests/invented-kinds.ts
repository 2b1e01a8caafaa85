import type { Kind } from "../../../src/model/kind.ts";

const reference = {
  type: ["object", "string"],
  minLength: 1,
  properties: { ref: { type: "string", pattern: "^Thing/" } },
  required: ["ref"],
  additionalProperties: false,
  "x-reference": ["Thing"],
};

/** A kind that no API has: what works with it works with any. */
const thing: Kind = {
  kind: "Thing",
  description: "A thing.",
  nouns: { one: "thing", many: "things" },
  schema: {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 40 },
      text: { type: "string", "x-multiline": true },
      note: { type: "string" },
      size: { type: "integer", minimum: 1, maximum: 9 },
      mode: { type: "string", "x-known-values": ["fast", "slow"] },
      colour: { type: "string", enum: ["red", "green"] },
      secret: { type: "string", "x-sensitive": true },
      tags: { type: "array", items: { type: "string" } },
      other: reference,
      others: { type: "array", items: reference },
      parts: {
        type: "array",
        items: {
          type: "object",
          discriminator: { propertyName: "type" },
          oneOf: [
            {
              type: "object",
              properties: {
                type: { type: "string", const: "one" },
                one: { type: "object", properties: { size: { type: "integer" } }, additionalProperties: false },
              },
              required: ["type", "one"],
              additionalProperties: false,
            },
            {
              type: "object",
              properties: {
                type: { type: "string", const: "two" },
                two: {
                  type: "object",
                  properties: { name: { type: "string" }, text: { type: "string" } },
                  additionalProperties: false,
                },
              },
              required: ["type", "two"],
              additionalProperties: false,
            },
          ],
        },
      },
      free: { type: "object", additionalProperties: true },
    },
    required: ["name"],
    additionalProperties: false,
  },
  identity: { name: "/name" },
  references: [
    { at: "/other", to: "Thing" },
    { at: "/others/*", to: "Thing" },
  ],
  fields: {
    "/tags": { set: "open" },
    "/parts": { keyedBy: ["/type", "/{type}/name"] },
    "/text": { multiline: true },
  },
};

/** Lives under a thing: its parent must be there first. */
const child: Kind = {
  kind: "Child",
  description: "A thing under a thing or under another child.",
  nouns: { one: "child", many: "children" },
  schema: {
    type: "object",
    properties: {
      parent: { ...reference, properties: { ref: { type: "string" } }, "x-reference": ["Thing", "Child"] },
    },
    required: ["parent"],
    additionalProperties: false,
  },
  identity: { parent: "/parent" },
  references: [
    { at: "/parent", to: "Thing" },
    { at: "/parent", to: "Child" },
  ],
  fields: {},
};

export const inventedKinds: ReadonlyMap<string, Kind> = new Map([thing, child].map((kind) => [kind.kind, kind]));
