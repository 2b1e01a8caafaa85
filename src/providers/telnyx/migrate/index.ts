import { property, type Json } from "../../../model/json.ts";
import type { Loss, Migration } from "../../../model/migration.ts";
import { isBelow, segments } from "../../../model/pointer.ts";
import type { Conversion } from "./conversion.ts";
import { elevenLabs } from "./elevenlabs.ts";
import { retell } from "./retell.ts";
import { NO_COUNTERPART } from "./rules.ts";
import { leftovers, sourceOf, type Source } from "./source.ts";
import { vapi } from "./vapi.ts";

/** The providers whose files can be read, by the words of the command line. */
export const CONVERSIONS: Readonly<Record<string, Conversion>> = { elevenlabs: elevenLabs, retell, vapi };

export interface ProviderFile {
  readonly name: string;
  readonly value: Json;
}

/** The provider of a file that is certainly not of this one, by its word on the command line. */
export function otherProviderOf(conversion: Conversion, value: Json): string | undefined {
  const hasMark = ({ marks }: Conversion) => marks.some((mark) => property(value, mark) !== undefined);
  if (hasMark(conversion)) return undefined;
  return Object.entries(CONVERSIONS).find(([, other]) => hasMark(other))?.[0];
}

interface Agent {
  readonly source: Source;
  readonly key: string;
}

/** Resources made of files of another provider. Nothing is invented: what is not known becomes a TODO for the user. */
export function migrated(conversion: Conversion, files: readonly ProviderFile[]): Migration {
  const sources = files.map(({ name, value }) => sourceOf(name, value));
  const found = keyed(
    sources.flatMap((source) => conversion.agents(source, sources)),
    conversion,
  );
  const agents = agentsByName(found, conversion);
  const converted = found.map(({ source, key }) => conversion.convert(source, { key, agents, files: sources }));
  const losses = converted.flatMap((one) => one.losses);
  return {
    resources: converted.flatMap(({ resources }) => resources),
    losses: [...losses, ...outside(sources, losses)],
  };
}

/** Each agent with a key of its own: its id, its name, or where it is. */
function keyed(agents: readonly Source[], { namesOf }: Conversion): readonly Agent[] {
  const counts = new Map<string, number>();
  return agents.map((source) => {
    const name = namesOf(source).find((one) => one !== undefined) ?? placeOf(source);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { source, key: count === 1 ? name : `${name} ${count}` };
  });
}

/** The agent with this id or name, if there is exactly one. */
function agentsByName(found: readonly Agent[], { namesOf }: Conversion): ReadonlyMap<string, string> {
  const named = found.flatMap(({ source, key }) =>
    [...new Set(namesOf(source))].flatMap((name) => (name === undefined ? [] : [[name, key] as const])),
  );
  const isSingle = (name: string) => named.filter(([other]) => other === name).length === 1;
  return new Map(named.filter(([name]) => isSingle(name)));
}

/** What stands in the files and in no agent. */
function outside(sources: readonly Source[], known: readonly Loss[]): readonly Loss[] {
  return sources.flatMap((source) => {
    const said = known.filter(({ file }) => file === source.file);
    return leftovers(source)
      .filter(
        (at) => !said.some((loss) => isBelow(segments(at), [loss.at]) || isBelow(segments(loss.at), [at])),
      )
      .map((at): Loss => ({ file: source.file, at, why: NO_COUNTERPART }));
  });
}

function placeOf({ file, path }: Source): string {
  return [file.replace(/\.json$/i, ""), ...path].join(" ");
}
