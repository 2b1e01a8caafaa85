import type { Kind } from "../../model/kind.ts";
import { ENOUGH, type ReportFinding } from "../../model/finding.ts";
import { member, type MapNode, type Node } from "../../model/node.ts";
import type { Place } from "../../model/source.ts";
import { didYouMean } from "../../model/suggest.ts";

/** Kinds whose tags are an open set take part. */
export function hasTags(kind: Kind): boolean {
  return kind.fields["/tags"]?.set === "open";
}

/** `spec` with the project's common tags added at the end. */
export function withCommonTags(spec: Node | undefined, common: readonly Node[]): Node | undefined {
  if (spec?.type !== "map" || common.length === 0) return spec;
  const declared = spec.members.get("tags");
  if (declared !== undefined && declared.value.type !== "list") return spec;
  const items = declared?.value.type === "list" ? declared.value.items : [];
  const present = new Set(items.map((item) => (item.type === "scalar" ? item.value : undefined)));
  const added = common.filter((tag) => tag.type === "scalar" && !present.has(tag.value));
  const at: Place = declared?.key ?? common[0] ?? spec;
  const base = declared?.value ?? { source: at.source, start: at.start, end: at.end };
  const list: Node = { ...base, type: "list", items: [...items, ...added] };
  const members: MapNode["members"] = new Map(spec.members).set("tags", { key: at, value: list });
  return { ...spec, members };
}

/** Every tag stands in the project's catalogue. */
export function checkTags(spec: Node, allowed: Readonly<Record<string, string>>, report: ReportFinding): void {
  const tags = member(spec, "tags");
  if (tags?.type !== "list") return;
  const names = Object.keys(allowed);
  let count = 0;
  for (const tag of tags.items) {
    if (
      tag.type !== "scalar" ||
      typeof tag.value !== "string" ||
      Object.hasOwn(allowed, tag.value) ||
      ++count > ENOUGH
    )
      continue;
    report({
      code: "RC3018",
      message: `tag "${tag.value}" is not in the project's catalogue`,
      at: tag,
      hint: didYouMean(tag.value, names) ?? `allowed: ${names.join(", ")}`,
    });
  }
}
