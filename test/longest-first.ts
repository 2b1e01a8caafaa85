import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * What takes longest or waits most, in this order. A clean clone has no times of earlier runs, and vitest would begin with
 * the largest files; random stories, killed processes and containers are in some of the smallest. They would come last,
 * one in each worker, and the workers would not end together.
 */
const LONGEST: readonly RegExp[] = [
  /^test\/containers\//,
  /^test\/search\//,
  /^test\/stories\/(?:kill-matrix|lagging-update)\.grid/,
  /^test\/resilience\/crash/,
  /^test\/pull\/(?:round-trips|environment|crash|three-environments)/,
  /^test\/(?:browser|resilience)\//,
  /^test\/(?:action|ledger|scripts|stories)\//,
  /^test\//,
];

/** Begins with the longest test files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => this.#rank(a) - this.#rank(b));
  }

  #rank({ moduleId }: TestSpecification): number {
    const path = relative(this.ctx.config.root, moduleId);
    const index = LONGEST.findIndex((pattern) => pattern.test(path));
    return index < 0 ? LONGEST.length : index;
  }
}
