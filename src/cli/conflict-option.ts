import { InvalidArgumentError, Option } from "commander";
import { CONFLICT_CHOICES, ruleText, type ConflictRule } from "../model/conflict.ts";
import { property, type Json } from "../model/json.ts";
import { parseAddress, type Address } from "../model/address.ts";
import { missingField } from "../model/json-schema.ts";
import { pointer, segments, type Pointer } from "../model/pointer.ts";
import type { Resource } from "../model/resource.ts";
import { didYouMean } from "../model/suggest.ts";
import { UsageError } from "./failure.ts";
import { KINDS } from "./project.ts";

/** `--on-conflict`; it has no default, so that it is seen whether it was given. */
export function onConflict(): Option {
  return new Option(
    "--on-conflict <what>",
    "what to do when a value changed both in the manifest and outside Git: refuse (the default), overwrite the live value, or adopt it into the manifest; also for one address or path: overwrite=Assistant/support:/greeting; repeatable",
  )
    .choices(CONFLICT_CHOICES)
    .argParser(ruleAdded);
}

const FORM = /^(?<what>\w+)(?:=(?<address>[^:]+)(?::(?<path>.+))?)?$/s;

function ruleAdded(text: string, previous: readonly ConflictRule[] = []): readonly ConflictRule[] {
  const rule = ruleFrom(text);
  const other = previous.find(({ address, path }) => address === rule.address && path === rule.path);
  if (other !== undefined && other.what !== rule.what)
    throw new InvalidArgumentError(`It contradicts ${ruleText(other)}.`);
  return other === undefined ? [...previous, rule] : previous;
}

function ruleFrom(text: string): ConflictRule {
  const { what: word, address: place, path } = FORM.exec(text)?.groups ?? {};
  const what = CONFLICT_CHOICES.find((choice) => choice === word);
  if (what === undefined)
    throw new InvalidArgumentError(
      "Expected refuse, overwrite or adopt, optionally for one address or path: overwrite=Assistant/support:/greeting.",
    );
  if (place === undefined) return { what };
  const address = parseAddress(place);
  if (address === undefined)
    throw new InvalidArgumentError(
      `Not an address: ${place}. An address is Kind/name, such as Assistant/support.`,
    );
  const at: Address = `${address.kind}/${address.name}`;
  return path === undefined ? { what, address: at } : { what, address: at, path: pathFrom(path) };
}

const AS_SHOWN = /^\w+(?:\.\w+|\[[^[\]]+\])*$/;
const PART = /(\w+)|\[([^[\]]+)\]/g;

/** A JSON Pointer, as in `lifecycle.ignore`; or as a plan shows it: `tools[webhook:t].webhook.url`. */
function pathFrom(text: string): Pointer {
  if (text.startsWith("/")) return text;
  if (AS_SHOWN.test(text)) return pointer([...text.matchAll(PART)].map(([, field, key]) => field ?? key ?? ""));
  throw new InvalidArgumentError(
    `Not a path: ${text}. Write it as a JSON Pointer into spec, such as /voice_settings/voice.`,
  );
}

function isDeclared({ spec }: Resource, path: Pointer): boolean {
  return segments(path).reduce<Json | undefined>(property, spec) !== undefined;
}

/** A rule for something that the project does not have is a typing error and would have no effect. */
export function checkRules(rules: readonly ConflictRule[], resources: readonly Resource[]): void {
  for (const rule of rules) {
    const { address, path } = rule;
    if (address === undefined) continue;
    const resource = resources.find((one) => one.address === address);
    if (resource === undefined) {
      const hint = didYouMean(
        address,
        resources.map((one) => one.address),
      );
      throw new UsageError(`--on-conflict ${ruleText(rule)}: no manifest declares ${address}`, hint);
    }
    const schema = KINDS.get(resource.kind)?.schema;
    if (path === undefined || schema === undefined) continue;
    const missing = missingField(schema, resource.spec, segments(path));
    // A field that Rollcall does not know may still be declared.
    if (missing === undefined || isDeclared(resource, missing.path)) continue;
    throw new UsageError(
      `--on-conflict ${ruleText(rule)}: ${resource.kind}.spec has no field ${missing.path}`,
      didYouMean(missing.name, missing.fields),
    );
  }
}
