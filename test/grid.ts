import { inject, test as every, type TestAPI } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether the long tests run. */
    readonly isLong: boolean;
    /** Whether the tests of a grid that `npm test` runs are left out of the long tests. */
    readonly isRest: boolean;
  }
}

type One = (name: string, run: () => Promise<void>, timeout?: number) => void;

/**
 * `test` and `test.each` for a grid of tests, `*.grid.test.ts`: `npm test` runs every nth of them, `npm run test:long`
 * all, and with `ROLLCALL_TEST_GRIDS=rest` those that `npm test` does not run. The others are left out; a suite of which
 * none is left is no failure (`passWithNoTests` in the configuration).
 */
export function everyNth(n: number): Pick<TestAPI, "each"> & One {
  let count = 0;
  const isRun = () => {
    count += 1;
    const isNth = count % n === 1;
    if (inject("isRest")) return !isNth;
    return isNth || inject("isLong");
  };
  const one: One = (name, run, timeout) => {
    if (isRun()) every(name, run, timeout);
  };
  const each =
    (rows: readonly unknown[]) =>
    (...test: Parameters<ReturnType<TestAPI["each"]>>) =>
      every.each(rows.filter(isRun))(...test);
  return Object.assign(one, { each: each as TestAPI["each"] });
}
