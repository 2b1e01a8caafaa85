import type { Kind } from "../../src/model/kind.ts";

/** Invented kinds with every trait a kind can have: the engine knows nothing of Telnyx. */
export const robot: Kind = {
  kind: "Robot",
  description: "A robot that talks.",
  nouns: { one: "robot", many: "robots" },
  schema: {
    type: "object",
    required: ["script"],
    properties: {
      name: { type: "string" },
      script: { type: "string" },
      greeting: { type: "string" },
      voice: {
        type: "object",
        properties: {
          tone: { type: "string" },
          speed: { type: "number", default: 1 },
          boost: { type: ["string", "null"] },
        },
      },
      tags: { type: "array", items: { type: "string" }, default: [] },
      skills: { type: "array", items: { type: "object" } },
      colleagues: { type: "array", items: { type: "object" } },
      variables: { type: "object", additionalProperties: {} },
      sound: {
        oneOf: [
          { type: "object", properties: { type: { const: "file" }, value: { type: "string" } } },
          { type: "object", properties: { type: { const: "preset" }, volume: { type: "number" } } },
        ],
        discriminator: { propertyName: "type" },
      },
      password: { type: "string" },
      plan: { type: "array", items: { type: "object" } },
      serial: { type: "string" },
    },
  },
  identity: { name: "/name" },
  references: [
    { at: "/colleagues/*/id", to: "Robot" },
    { at: "/skills/*/part", to: "Part" },
  ],
  reachesCallers: true,
  fields: {
    "/script": { multiline: true },
    "/greeting": { unset: "" },
    "/voice/boost": { unset: null },
    "/tags": { set: "open", unset: [] },
    "/skills": { keyedBy: ["/type", "/{type}/name"], unset: [] },
    "/colleagues": { keyedBy: ["/id"], ordered: true, unset: [] },
    "/variables/*": { whole: true, removable: true },
    "/password": { sensitive: true },
    "/serial": { immutable: true },
  },
  tags: "/tags",
};

const part: Kind = {
  kind: "Part",
  description: "Something robots share.",
  nouns: { one: "part", many: "parts" },
  schema: { type: "object", properties: { title: { type: "string" }, size: { type: "integer", default: 5 } } },
  identity: { name: "/title" },
  references: [],
  fields: {},
};

const edition: Kind = {
  kind: "Edition",
  description: "Another edition of a robot.",
  nouns: { one: "edition", many: "editions" },
  schema: {
    type: "object",
    required: ["robot"],
    properties: {
      robot: { type: "string" },
      label: { type: "string" },
      changes: { type: "object", properties: robot.schema["properties"] ?? {} },
    },
  },
  identity: { parent: "/robot", name: "/label" },
  references: [
    { at: "/robot", to: "Robot" },
    ...robot.references.map((rule) => ({ ...rule, at: `/changes${rule.at}` })),
  ],
  fields: Object.fromEntries(Object.entries(robot.fields).map(([path, hint]) => [`/changes${path}`, hint])),
  inherits: { from: "/robot", into: "/changes" },
};

const trial: Kind = {
  kind: "Trial",
  description: "Which edition some callers get.",
  nouns: { one: "trial", many: "trials" },
  schema: {
    type: "object",
    required: ["robot"],
    properties: { robot: { type: "string" }, rules: { type: "array", items: { type: "object" } } },
  },
  identity: { parent: "/robot", singleton: true },
  references: [
    { at: "/robot", to: "Robot", dependent: true },
    { at: "/rules/*/edition", to: "Edition" },
  ],
  fields: {},
};

export const kinds = [robot, part, edition, trial] as const;
