import type { JsonObject } from "../model/json.ts";
import type { GroupList, ListedKind, ListedObject, ObjectList } from "../model/object-list.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";
import { capital } from "./phrases.ts";
import { visible } from "../model/visible.ts";
import { paint, type Style } from "./style.ts";
import { minute, tableLines, columnsOver, type Column, type TableStyle } from "./table.ts";
import type { TagUse } from "../model/tag-list.ts";

/** A table for each kind; with a heading where there are several. */
export function objectsTable({ kinds }: ObjectList, style: TableStyle): string {
  const shown = kinds.filter(({ objects }) => objects.length > 0);
  const tables = shown.map((kind) => {
    const heading = `${capital(visible(kind.many))} (${kind.objects.length})`;
    const title = shown.length === 1 ? [] : [paint([{ text: heading, tone: "title" }], style)];
    return [...title, ...tableLines(columnsOf(kind, style), style)].join("\n");
  });
  return tables.join("\n\n");
}

export function groupsTable({ groups }: GroupList, style: TableStyle): string {
  const table = [
    { title: "NAME", cells: groups.map(({ name }) => visible(name)) },
    { title: "OBJECTS", cells: groups.map(({ objects }) => String(objects)) },
  ];
  return tableLines(table, style).join("\n");
}

function columnsOf({ hasTags, objects }: ListedKind, { isWide }: TableStyle): readonly Column[] {
  const column = columnsOver(objects);
  const own = (objects[0]?.cells ?? []).flatMap((cell, index) =>
    cell.isWide && !isWide ? [] : [column(cell.title, ({ cells }) => cells[index]?.text)],
  );
  return [
    column("NAME", ({ name }) => name),
    { ...column("ID", ({ id }) => id), isWhole: true },
    column("MANAGED", managedText),
    ...timeColumns(objects, isWide).map(({ title, of }) => column(title, (object) => minute(of(object)))),
    ...(hasTags ? [column("TAGS", ({ tags }) => tags.join(", "))] : []),
    ...own,
    ...(isWide && objects.some(({ versionId }) => versionId !== undefined)
      ? [column("VERSION", ({ versionId }) => versionId)]
      : []),
  ];
}

interface TimeColumn {
  readonly title: string;
  readonly of: (object: ListedObject) => string | undefined;
}

const UPDATED: TimeColumn = { title: "UPDATED", of: ({ updatedAt }) => updatedAt };
const CREATED: TimeColumn = { title: "CREATED", of: ({ createdAt }) => createdAt };

/** Of many kinds the API does not say when their objects were changed: then, when they were made. */
function timeColumns(objects: readonly ListedObject[], isWide: boolean): readonly TimeColumn[] {
  if (!objects.some(({ updatedAt }) => updatedAt !== undefined)) return [CREATED];
  return isWide ? [UPDATED, CREATED] : [UPDATED];
}

function managedText({ managed, isIgnored }: ListedObject): string | undefined {
  if (managed === undefined) return isIgnored === true ? "ignored" : undefined;
  return managed.isElsewhere === true ? `${managed.environment}: ${managed.address}` : managed.address;
}

/** The addresses of what is managed here; of other objects, the kind and the name. */
export function objectNames({ kinds }: ObjectList): string {
  const names = kinds.flatMap(({ kind, objects }) =>
    objects.map(({ name, managed }) =>
      managed === undefined || managed.isElsewhere === true ? `${kind}/${name}` : managed.address,
    ),
  );
  return names.map(visible).join("\n");
}

export function objectIds({ kinds }: ObjectList): string {
  return kinds.flatMap(({ objects }) => objects.map(({ id }) => visible(id))).join("\n");
}

export function objectsJson({ environment, kinds }: ObjectList, options: JsonOptions): JsonObject {
  const objects = kinds.flatMap((kind) => kind.objects.map((object) => objectJson(kind, object)));
  return { ...envelope(options), environment, objects };
}

function objectJson({ kind, hasTags }: ListedKind, object: ListedObject): JsonObject {
  const { id, name, managed, parent, createdAt, updatedAt, versionId, tags, isComplete } = object;
  return plain({
    kind,
    id,
    name,
    managed: managed === undefined ? null : { address: managed.address, environment: managed.environment },
    ignored: object.isIgnored,
    parent,
    created_at: createdAt,
    updated_at: updatedAt,
    version_id: versionId,
    tags: hasTags ? tags : undefined,
    complete: isComplete,
    spec: object.spec(),
  });
}

export function groupsJson({ many, groups }: GroupList, options: JsonOptions): JsonObject {
  return { ...envelope(options), [many]: groups.map(plain) };
}

export function tagsText(tags: readonly TagUse[], style: Style): string {
  const table = [
    { title: "TAG", cells: tags.map(({ name }) => visible(name)), isWhole: true as const },
    { title: "OBJECTS", cells: tags.map(({ objects }) => String(objects)) },
    { title: "DECLARED", cells: tags.map(({ isDeclared }) => (isDeclared ? "yes" : "undeclared")) },
  ];
  return tableLines(table, { ...style, isWide: false }).join("\n");
}
