import { resolve } from "node:path";
import { faultOf } from "../host/files/fault.ts";
import { readText } from "../host/files/read.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { UsageError } from "./failure.ts";
import type { Io } from "./io.ts";

const LARGEST = 256 * 1024;

/**
 * The arguments of a tool: `@file` with a JSON object, `key=text` and `key:=JSON`. Later ones replace earlier ones. Throws
 * `UsageError`.
 */
export function toolArguments(io: Io, given: readonly string[]): JsonObject {
  const parts = given.map((text) => (text.startsWith("@") ? fromFile(io, text.slice(1)) : fromText(text)));
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}

function fromText(text: string): JsonObject {
  const at = text.indexOf("=");
  const isJson = text[at - 1] === ":";
  const key = text.slice(0, isJson ? at - 1 : at);
  if (at < 1 || key === "")
    throw new UsageError(`--args ${text} is neither @file nor key=value`, "for a JSON value, write key:=value");
  const value = text.slice(at + 1);
  return { [key]: isJson ? parsed(value, `--args ${key}:=`) : value };
}

function fromFile({ cwd }: Io, file: string): JsonObject {
  const value = parsed(contentOf(cwd, file), file);
  if (!isObject(value)) throw new UsageError(`${file} holds no JSON object`);
  return value;
}

function contentOf(cwd: string, file: string): string {
  try {
    return readText(resolve(cwd, file), LARGEST);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${faultOf(error).reason}`);
  }
}

function parsed(text: string, where: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${(error as Error).message}`);
  }
}
