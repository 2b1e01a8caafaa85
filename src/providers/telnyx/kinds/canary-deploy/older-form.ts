import type { ReportFinding } from "../../../../model/finding.ts";
import type { ListNode, MapNode, Node } from "../../../../model/node.ts";

/**
 * The older `versions` of a canary as what they mean: one rule for everyone, with the percentages as weights. Values
 * keep their places.
 */
export function upgraded(spec: Node, report: ReportFinding): Node {
  if (spec.type !== "map" || spec.members.has("rules")) return spec;
  const versions = spec.members.get("versions");
  if (versions?.value.type !== "list") return spec;
  report({
    code: "RC3016",
    message: "`versions` is the older form of a canary",
    at: versions.key,
    hint: "write `rules: [{ serve: { rollout: [{ version_id: …, weight: … }] } }]`",
  });
  const { key, value } = versions;
  const list = (items: readonly Node[]): ListNode => ({ ...value, type: "list", items });
  const map = (entries: Readonly<Record<string, Node>>): MapNode => {
    const { source, start, end } = value;
    const members = new Map(Object.entries(entries).map(([name, node]) => [name, { key, value: node }]));
    return { type: "map", members, source, start, end };
  };
  const rule = map({ match: list([]), serve: map({ rollout: list(value.items.map(slot)) }) });
  const members = new Map(spec.members);
  members.delete("versions");
  return { ...spec, members: members.set("rules", { key, value: list([rule]) }) };
}

function slot(version: Node): Node {
  const percentage = version.type === "map" ? version.members.get("percentage") : undefined;
  if (version.type !== "map" || percentage === undefined) return version;
  const members = new Map(version.members);
  members.delete("percentage");
  return { ...version, members: members.set("weight", percentage) };
}
