import { dirname, relative, resolve } from "node:path";
import { hiddenPart, isInside, realPath } from "../host/files/paths.ts";
import { parseAddress, type Address } from "../model/address.ts";
import { kinds } from "../providers/telnyx/kinds/index.ts";
import { loadProject, type LoadedProject, type LoadOptions } from "../schema/load.ts";
import { trustOf } from "../schema/trust.ts";
import { UsageError } from "./failure.ts";
import type { Io } from "./io.ts";

/** The options of every command that loads a project. */
export interface ProjectOptions {
  readonly env?: string;
  readonly var: Readonly<Record<string, string>>;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const KINDS = new Map(kinds.map((kind) => [kind.kind, kind]));

/** Loads and validates; the caller reports. */
export function load(io: Io, path: string | undefined, options: ProjectOptions): Promise<LoadedProject> {
  const environment = options.env === undefined ? {} : { environment: options.env };
  return loadProject({ ...loadOptions(io, path, options), ...environment });
}

export function loadOptions(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
): Omit<LoadOptions, "environment"> {
  const trust = trustOf(io, path !== undefined);
  return {
    path: typedPath(io, path ?? "."),
    variables: options.var,
    env: io.env,
    kinds: KINDS,
    ...(trust !== undefined && { trust }),
  };
}

/** Hidden folders are not read, although they were named: what is below them is not meant for it. */
function typedPath({ cwd }: Io, path: string): string {
  const whole = resolve(cwd, path);
  if (isHiddenIn(cwd, whole) || isHiddenIn(realOr(cwd), realOr(whole)))
    throw new UsageError(
      `${path} is hidden: names that begin with a dot, and what is below .git, are never read`,
    );
  return whole;
}

/** Below the root of a file system is everything: that a path is there says nothing. */
function isHiddenIn(folder: string, path: string): boolean {
  return (
    dirname(folder) !== folder && isInside(folder, path) && hiddenPart(relative(folder, path)) !== undefined
  );
}

function realOr(path: string): string {
  try {
    return realPath(path);
  } catch {
    // What is wrong with it is said where it is read.
    return path;
  }
}

/** An address as it was typed. */
export function addressFrom(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined)
    throw new UsageError(`${text} is not an address`, "an address is Kind/name: Assistant/front-desk");
  return `${parsed.kind}/${parsed.name}`;
}
