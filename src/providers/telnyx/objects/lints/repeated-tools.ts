import type { Lint } from "../../../../model/kind.ts";
import { assistantContents, stringAt } from "./content.ts";
import { toolPlace, toolsOf, type UsedTool } from "./tools.ts";

/** Types that an assistant may have several tools of. */
const SEVERAL: ReadonlySet<string> = new Set(["webhook", "client_side_tool", "function"]);
/** Types whose names the model sees; they share one space of names. */
const NAMED: ReadonlySet<string> = new Set([...SEVERAL, "update_dynamic_variables"]);

/** RC3024: one tool of each type, one of each name. */
export const repeatedTools: Lint = (check) => {
  for (const content of assistantContents(check)) {
    const seen = new Set<string>();
    // The steps of a flow have tools of their own.
    const tools = toolsOf(content.whole, check.project).filter(({ path }) => path[0] !== "conversation_flow");
    for (const tool of tools) {
      const claims = claimsOf(tool);
      const taken = claims.find((claim) => seen.has(claim));
      for (const claim of claims) seen.add(claim);
      // A tool that a version takes over is reported with its assistant.
      const at = taken === undefined ? undefined : toolPlace(content, tool);
      if (at === undefined) continue;
      const { address } = content.subject;
      check.report({ code: "RC3024", message: `the assistant already has ${taken ?? ""}`, at, address });
    }
  }
};

/** What only one tool of an assistant may be. */
function claimsOf({ definition }: UsedTool): readonly string[] {
  const type = stringAt(definition, "type");
  if (type === undefined) return [];
  const name = stringAt(definition, type, "name");
  const byName = NAMED.has(type) && name !== undefined ? [`a tool named "${name}"`] : [];
  return SEVERAL.has(type) ? byName : [`a tool of type ${type}`, ...byName];
}
