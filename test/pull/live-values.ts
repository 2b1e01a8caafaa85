import fc from "fast-check";
import { expect, test } from "vitest";
import { isList, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import type { ChangedAccount } from "./changed-account.ts";
import { SMALL_ACCOUNT } from "./small-account.ts";
import type { Path } from "./tampering.ts";

/** What says which object it is. */
const IDENTITY = /^(?:id|test_id|version_id|main_version|created_at|updated_at|import_metadata)$/;
const VALUES: readonly Json[] = [
  "zz_unknown",
  "",
  "x".repeat(70_000),
  null,
  -7,
  1e12,
  0.5,
  true,
  [],
  ["x"],
  [[1]],
  {},
  { zz: 1 },
  [{ type: "zz_unknown" }],
];

function pathsIn(value: Json): readonly Path[] {
  if (!isList(value) && !isObject(value)) return [];
  const steps = isList(value) ? [...value.keys()] : Object.keys(value).filter((key) => !IDENTITY.test(key));
  return steps.flatMap((step) => {
    const below = pathsIn((value as Readonly<Record<string | number, Json>>)[step] ?? null);
    return [[], ...below].map((path): Path => [step].concat(path as never));
  });
}

/** Random values in random places. Another seed makes others. */
export function pullTheRest({ objects, withValue }: ChangedAccount, times: number, seed: number): void {
  const runs = Math.ceil(times * Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1));
  test(
    `a value that no schema knows, in ${runs} random places of seed ${seed}, keeps nothing else from being pulled`,
    { timeout: 60_000 + runs * 4000 },
    async () => {
      const all = await objects();
      const places = all.flatMap((object) => pathsIn(object.body).map((path) => ({ object, path })));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...places),
          fc.constantFrom(...VALUES),
          async ({ object, path }, next) => {
            await withValue(object.id, path, next, async (run) => {
              const pulled = await run("pull", "--format", "json");
              const said = `${object.kind} ${path.join("/")}: ${pulled.stdout}${pulled.stderr}`;
              const result = JSON.parse(pulled.stdout) as {
                readonly status: string;
                readonly objects: readonly JsonObject[];
                readonly skipped: readonly { readonly reason: string; readonly id: string }[];
              };
              expect(result.status, said).toBe("pulled");
              expect(
                result.skipped.map(({ id }) => id.split("/")[0]),
                said,
              ).toEqual(pulled.code === 0 ? [] : [object.id]);
              expect([0, 3], said).toContain(pulled.code);
              expect(result.objects.length + result.skipped.length, said).toBe(SMALL_ACCOUNT + 2);
              const valid = await run("validate");
              expect(valid.code, valid.stdout + valid.stderr).toBe(0);
              const plan = await run("plan", "--detailed-exitcode");
              expect(plan.code, plan.stdout + plan.stderr).toBe(0);
            });
          },
        ),
        { numRuns: runs, seed },
      );
    },
  );
}
