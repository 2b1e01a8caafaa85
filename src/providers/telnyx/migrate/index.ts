import type { Json } from "../../../model/json.ts";
import type { Conversion } from "./conversion.ts";
import { elevenLabs } from "./elevenlabs.ts";
import type { MigratedResource } from "./resource.ts";
import { retell } from "./retell.ts";
import type { Loss } from "./rules.ts";
import { sourceOf, type Source } from "./source.ts";
import { vapi } from "./vapi.ts";

/** The providers whose files can be read, by the words of the command line. */
export const CONVERSIONS: Readonly<Record<string, Conversion>> = { elevenlabs: elevenLabs, retell, vapi };

export interface ProviderFile {
  readonly name: string;
  readonly value: Json;
}

export interface Migration {
  readonly resources: readonly MigratedResource[];
  /** Everything in the files that did not come along. */
  readonly losses: readonly Loss[];
}

interface Agent {
  readonly source: Source;
  readonly key: string;
  readonly file: string;
}

/** Resources out of files of another provider. Nothing is invented: what is not known is left to a person, as TODO. */
export function migrated(conversion: Conversion, files: readonly ProviderFile[]): Migration {
  const sources = files.map(({ name, value }) => ({ name, source: sourceOf(value) }));
  const found = sources.flatMap(({ name, source }): readonly Agent[] =>
    conversion.agents(source).map((agent, index) => ({
      source: agent,
      key: conversion.namesOf(agent).find((one) => one !== undefined) ?? `${name} ${index + 1}`,
      file: name,
    })),
  );
  const agents = new Map(
    found.flatMap(({ source, key }) =>
      conversion.namesOf(source).flatMap((name) => (name === undefined ? [] : [[name, key] as const])),
    ),
  );
  const all = found.map(({ source, key, file }) =>
    conversion.convert(source, { key, agents, file, files: sources.map((one) => one.source) }),
  );
  return {
    resources: all.flatMap(({ resources }) => resources),
    losses: all.flatMap(({ losses }) => losses),
  };
}
