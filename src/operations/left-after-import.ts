import type { ImportTodo } from "../model/copies-result.ts";
import type { Kind } from "../model/kind.ts";
import type {
  ImportedAssistant,
  ImportGap,
  ImportRequest,
  LiveCopies,
  SecretPlace,
} from "../model/live-copies.ts";
import { linksOf } from "../reconcile/compare/references.ts";
import type { Workspace } from "./workspace.ts";

export interface LeftAfterImport {
  readonly todos: readonly ImportTodo[];
  readonly gaps: readonly ImportGap[];
}

interface Context {
  readonly workspace: Pick<Workspace, "provider">;
  readonly copies: LiveCopies;
  readonly kind: Kind;
}

interface Came {
  readonly came: readonly ImportedAssistant[];
  /** The names of the integration secrets before the import, and now. */
  readonly known: ReadonlySet<string>;
  readonly now: ReadonlySet<string>;
}

/** What is left to do in each assistant and in the objects that it refers to, and what was not imported. */
export async function leftAfterImport(
  { workspace: { provider }, copies, kind }: Context,
  { provider: from, secret }: Pick<ImportRequest, "provider" | "secret">,
  { came, known, now }: Came,
): Promise<ReadonlyMap<string, LeftAfterImport>> {
  const left = came.map(async ({ id }) => {
    const read = async (of: string, one: string) =>
      provider
        .read(of, one)
        .then((live) => (live === undefined ? [] : [{ kind: of, id: one, spec: live.spec }]));
    const own = await read(kind.kind, id);
    const spec = own[0]?.spec ?? {};
    const used = linksOf(kind, spec).map(async ({ rule, value }) =>
      typeof value === "string" ? read(rule.to, value).catch(() => []) : [],
    );
    const todos = [...own, ...(await Promise.all(used)).flat()].flatMap((one) =>
      copies
        .secretsIn(one.spec)
        // The key of the provider is in use: it has a value.
        .filter(({ name }) => name !== secret)
        .map((place) => ({
          kind: one.kind,
          id: one.id,
          path: place.path,
          what: secretTodo(place, { known, now }),
        })),
    );
    return [id, { todos, gaps: copies.gapsOf(from, spec) }] as const;
  });
  return new Map(await Promise.all(left));
}

function secretTodo({ name }: SecretPlace, { known, now }: Pick<Came, "known" | "now">): string {
  const secret = `the integration secret "${name}"`;
  if (!now.has(name)) return `${secret} does not exist. Create it in the portal.`;
  return known.has(name)
    ? `${secret} was there before the import. Check that its value is the right one.`
    : `${secret} has no value. Enter it in the portal.`;
}
