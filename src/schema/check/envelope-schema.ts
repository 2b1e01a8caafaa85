import type { JsonObject } from "../../model/json.ts";

export const API_VERSION = "rollcall.dev/v1";

export const NAME = "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$";
export const ADDRESS = "^[A-Z][A-Za-z0-9]*/[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$";
export const POINTER = "^(?:/(?:[^/~]|~[01])*)+$";

const OBJECT_ID = "^[A-Za-z0-9][A-Za-z0-9._:~-]{0,254}(?:/[A-Za-z0-9][A-Za-z0-9._:~-]{0,254})?$";

const OBJECT_ID_FORM = 'the id of a live object; below another one "<parent id>/<id>"';
export const POINTER_FORM = 'a JSON Pointer such as "/voice_settings/voice_speed"';
export const ADDRESS_FORM = 'an address such as "Assistant/front-desk"';
/** Matches, as the validators do. */
export const IS_POINTER = new RegExp(POINTER, "u");

export const apiVersion = { type: "string", const: API_VERSION, description: "The format of this manifest." };

export const name = {
  type: "string",
  pattern: NAME,
  description: "The local name: letters, digits, `.`, `_`, `-`. `Kind/name` is the address of the resource.",
};

export const labels = {
  type: "object",
  description: "Labels for `--selector`; never sent.",
  additionalProperties: { type: "string" },
};

const environments = {
  type: "array",
  description:
    "The environments in which the resource exists; without it, all. In the others it is not declared. Patches cannot change it.",
  items: { type: "string", pattern: NAME },
  minItems: 1,
  uniqueItems: true,
  examples: [["staging"]],
} as const satisfies JsonObject;

const lifecycle = {
  type: "object",
  description: "How Rollcall treats the resource.",
  properties: {
    protect: {
      type: "boolean",
      description:
        "Never deleted or replaced. The ledger remembers it: only `false` removes the protection, not removing the line.",
    },
    observe: {
      type: "boolean",
      description:
        "Compared and reported by `plan` and `drift`, and never written or deleted. Without it the resource is managed again.",
    },
    ignore: {
      type: "array",
      description: "JSON Pointers to fields in `spec` that keep their live value and are never reported.",
      items: { type: "string", pattern: POINTER, "x-form": POINTER_FORM },
      examples: [["/voice_settings/voice_speed"]],
    },
    movedFrom: {
      type: "array",
      description: "Former addresses of the resource: it is renamed, not deleted and created.",
      items: { type: "string", pattern: ADDRESS, "x-form": ADDRESS_FORM },
      examples: [["Assistant/reception"]],
    },
    import: {
      type: "string",
      pattern: OBJECT_ID,
      "x-form": OBJECT_ID_FORM,
      description:
        "The id of the live object that the resource is: the next apply adopts it. Below another object it is `<parent id>/<id>`. May stay in the manifest.",
      examples: ["assistant-3f1c9a52-8f0e-4b7f-9a52-1f0e4b7f9a52"],
    },
  },
  additionalProperties: false,
} as const satisfies JsonObject;

/** Everything of a manifest but the content of `spec`. */
export const envelopeSchema = {
  type: "object",
  properties: {
    apiVersion,
    kind: { type: "string", description: "The kind of the resource." },
    metadata: {
      type: "object",
      description: "Its name, labels and environments.",
      properties: { name, labels, environments },
      required: ["name"],
      additionalProperties: false,
    },
    lifecycle,
    spec: { type: "object", description: "The desired resource, with the field names of the API." },
  },
  required: ["apiVersion", "kind", "metadata", "spec"],
  additionalProperties: false,
} as const satisfies JsonObject;
