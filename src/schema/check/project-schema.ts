import type { JsonObject } from "../../model/json.ts";
import { LEDGER_REF, REMOTE_NAME } from "../../model/ledger.ts";
import {
  ADDRESS,
  ADDRESS_FORM,
  apiVersion,
  labels,
  name,
  NAME,
  POINTER,
  POINTER_FORM,
} from "./envelope-schema.ts";

const variables = {
  type: "object",
  description: "Values for `${var.name}`.",
  propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
  additionalProperties: { type: ["string", "number", "boolean"] },
};

function fromEnvironment(description: string) {
  return {
    type: "object",
    description,
    properties: {
      env: {
        type: "string",
        pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
        description: "The name of the environment variable.",
      },
    },
    required: ["env"],
    additionalProperties: false,
  };
}

const method = { type: "string", enum: ["GET", "POST", "PUT", "PATCH", "DELETE", "LOCK", "UNLOCK"] };

const ledger = {
  type: "object",
  description: "Where the ledger is stored: the values last applied and seen.",
  discriminator: { propertyName: "backend" },
  oneOf: [
    {
      type: "object",
      description: "A file in the project.",
      properties: {
        backend: { type: "string", const: "file", description: "A file in the project." },
        path: {
          type: "string",
          minLength: 1,
          description: "The folder of the ledger files.",
          default: ".rollcall",
        },
      },
      required: ["backend"],
      additionalProperties: false,
    },
    {
      type: "object",
      description: "A ref of a Git repository, one commit for each apply.",
      properties: {
        backend: { type: "string", const: "git", description: "A ref of a Git repository." },
        remote: {
          type: "string",
          pattern: REMOTE_NAME,
          "x-form": "the name of a remote of the repository",
          description: "The name of a remote of the project's repository.",
          default: "origin",
        },
        ref: {
          type: "string",
          pattern: LEDGER_REF,
          "x-form": "a ref below refs/rollcall/",
          description: "The ref, below `refs/rollcall/`; by default one for each project and environment.",
        },
      },
      required: ["backend"],
      additionalProperties: false,
    },
    {
      type: "object",
      description: "A server that speaks Terraform's HTTP state protocol, such as GitLab.",
      properties: {
        backend: { type: "string", const: "http", description: "A server of Terraform's HTTP state protocol." },
        address: {
          type: "string",
          pattern: "^https?://",
          description: "The URL that reads and writes the state.",
        },
        lockAddress: { type: "string", pattern: "^https?://", description: "The URL that locks the state." },
        unlockAddress: {
          type: "string",
          pattern: "^https?://",
          description: "The URL that unlocks the state.",
        },
        updateMethod: { ...method, description: "The HTTP method that writes the state.", default: "POST" },
        lockMethod: { ...method, description: "The HTTP method that locks the state.", default: "LOCK" },
        unlockMethod: { ...method, description: "The HTTP method that unlocks the state.", default: "UNLOCK" },
        username: fromEnvironment("The user for basic authentication."),
        password: fromEnvironment("The password for basic authentication."),
      },
      required: ["backend", "address"],
      additionalProperties: false,
    },
  ],
};

const patch = {
  type: "object",
  description: "A change to one manifest, in this environment only.",
  properties: {
    target: {
      type: "string",
      pattern: ADDRESS,
      "x-form": ADDRESS_FORM,
      description: "The address of the resource.",
    },
    patch: {
      type: "object",
      description:
        "Merged into the manifest: mappings by key, keyed lists by their keys, other lists as a whole. `null` removes.",
    },
    path: {
      type: "string",
      pattern: POINTER,
      "x-form": POINTER_FORM,
      description: "A JSON Pointer into the manifest, `/spec/…`.",
    },
    value: { description: "The value that is set there." },
  },
  required: ["target"],
  oneOf: [{ required: ["patch"] }, { required: ["path"] }],
  dependencies: { path: ["value"], value: ["path"] },
  additionalProperties: false,
};

const environment = {
  type: ["object", "null"],
  description: "An environment that the project is applied to.",
  properties: {
    vars: variables,
    apiKey: fromEnvironment("The environment variable that holds the API key."),
    baseUrl: { type: "string", pattern: "^https?://", description: "Another address of the API." },
    protect: { type: "boolean", description: "No resource is deleted or replaced.", default: false },
    observe: {
      type: "boolean",
      description: "Every resource is compared and reported, and none is written or deleted.",
      default: false,
    },
    patches: { type: "array", description: "Changes to manifests.", items: patch },
    ledger,
  },
  additionalProperties: false,
};

/** `rollcall.yaml`. */
export const projectSchema = {
  type: "object",
  description: "A project: one `rollcall.yaml` at its root.",
  properties: {
    apiVersion,
    kind: { type: "string", const: "Project", description: "A project." },
    metadata: {
      type: "object",
      description: "The name of the project.",
      properties: { name, labels },
      required: ["name"],
      additionalProperties: false,
    },
    spec: {
      type: ["object", "null"],
      description: "The settings of the project.",
      properties: {
        manifests: {
          type: "array",
          description: "Folders or globs, relative to this file; without it, all YAML files below.",
          items: { type: "string", minLength: 1 },
          examples: [["assistants", "tools"]],
        },
        tags: {
          type: "object",
          description: "The tags of assistants.",
          properties: {
            common: { type: "array", description: "Added to every assistant.", items: { type: "string" } },
            allowed: {
              type: "object",
              description: "The allowed tags with their purpose: other tags are errors.",
              additionalProperties: { type: ["string", "null"] },
            },
          },
          additionalProperties: false,
        },
        ledger,
        vars: variables,
        environments: {
          type: "object",
          description: "The environments that the project is applied to; `--env` chooses one.",
          propertyNames: { pattern: NAME },
          minProperties: 1,
          additionalProperties: environment,
        },
      },
      additionalProperties: false,
    },
  },
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
} as const satisfies JsonObject;
