import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { toJson } from "../model/node.ts";
import { parseJson } from "../model/parse-json.ts";
import { sourceOf } from "../model/source.ts";
import { documentIn, isJson } from "../schema/read/data-file.ts";
import { readWith, sourceAt } from "./data-file.ts";
import { UsageError } from "./failure.ts";
import type { Io } from "./io.ts";

/** Bytes. */
const LARGEST = 256 * 1024;

/**
 * The arguments of a tool: `@file` with an object, `key=text` and `key:=JSON`. Later ones replace earlier ones. Mistakes end
 * the command.
 */
export async function toolArguments(io: Io, given: readonly string[], color: boolean): Promise<JsonObject> {
  const members: (readonly [string, Json])[] = [];
  for (const text of given)
    members.push(
      ...(text.startsWith("@")
        ? Object.entries(await fromFile(io, text.slice(1), color))
        : [await fromText(io, text, color)]),
    );
  return Object.fromEntries(members);
}

async function fromText(io: Io, text: string, color: boolean): Promise<readonly [string, Json]> {
  const at = text.indexOf("=");
  const hasJson = text[at - 1] === ":";
  const key = text.slice(0, hasJson ? at - 1 : at);
  if (at < 1 || key === "")
    throw new UsageError(`--args ${text} is neither @file nor key=value`, "for a JSON value, write key:=value");
  const value = text.slice(at + 1);
  if (!hasJson) return [key, value];
  const source = sourceOf(`--args ${key}:=`, value);
  return readWith(io, color, (report) =>
    isJson(source, report) ? ([key, parseJson(value)] as const) : undefined,
  );
}

async function fromFile(io: Io, file: string, color: boolean): Promise<JsonObject> {
  const source = await sourceAt(io, file, { color, limit: LARGEST });
  return readWith(io, color, (report) => {
    const node = documentIn(source, "the file", report);
    if (node === undefined) return undefined;
    const value = toJson(node);
    if (isObject(value)) return value;
    report({ code: "RC2005", message: "the arguments must be an object", at: node });
    return undefined;
  });
}
