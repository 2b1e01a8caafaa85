import type { CloneResult, ImportResult } from "../../model/copies-result.ts";
import type { ApplyResult } from "../../model/event.ts";
import type { MigrationResult } from "../../model/migration.ts";
import type { Transcript } from "../../model/chat.ts";
import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/proposal.ts";
import type { PullResult } from "../../model/pull-result.ts";
import type { ReferenceGraph } from "../../model/reference-graph.ts";
import type { TestResult } from "../../model/test-run.ts";
import type { Style } from "../../report/style.ts";
import type { Effort } from "../../report/text/apply.ts";
import type { CheckedProject } from "../checked-projects.ts";

/** What commands write, by name. */
export interface Results {
  readonly plan: PlanResult;
  readonly apply: ApplyReport;
  readonly drift: DriftResult;
  readonly validation: readonly CheckedProject[];
  readonly tests: readonly TestResult[];
  readonly chat: Transcript;
  readonly graph: ReferenceGraph;
  readonly pull: { readonly result: PullResult; readonly environment: string };
  readonly migration: MigrationResult;
  readonly imported: ImportResult;
  readonly cloned: CloneResult;
}

export type ResultName = keyof Results;

export interface PlanResult {
  readonly plan: Plan;
  readonly showUnmanaged?: boolean | undefined;
  /** Of a saved plan. */
  readonly planId?: string | undefined;
  /** The plan as data, where it is there already. */
  readonly json?: string;
  readonly requests?: number;
  readonly seconds?: number;
}

export interface ApplyReport {
  readonly plan: Plan;
  /** Absent when nothing was applied: the plan is shown instead. */
  readonly result?: ApplyResult | undefined;
  /** Of each step, by its id. */
  readonly milliseconds: ReadonlyMap<string, number>;
  readonly effort: Effort;
}

export interface DriftResult {
  readonly plan: Plan;
  readonly proposal?: Proposal | undefined;
  readonly effort: { readonly requests: number; readonly seconds: number };
}

export type Renderer<Name extends ResultName> = (result: Results[Name], style: Style) => string;

type Renderers<Name extends ResultName> = { readonly [N in Name]: Renderer<N> };

/** A row of the table of formats. */
export interface FormatRow {
  readonly name: string;
  /** The results that it can show. */
  readonly results: readonly ResultName[];
  /** The output holds commands for the runner of GitHub Actions. */
  readonly isForRunner: boolean;
  readonly load: () => Promise<Partial<Renderers<ResultName>>>;
}

/** `load` imports the file of the format when it is used. */
export function format<Name extends ResultName>(
  name: string,
  results: readonly Name[],
  load: () => Promise<Renderers<Name>>,
  { isForRunner = false } = {},
): FormatRow {
  return { name, results, isForRunner, load: async () => load() };
}

/** A format of one command. */
export interface Format<Name extends ResultName> {
  readonly name: string;
  readonly isForRunner: boolean;
  readonly render: (result: Results[Name], style: Style) => Promise<string>;
}

/** The formats that can show a result, in the order of the table; the first is the default. */
export function formatsOf<Name extends ResultName>(
  table: readonly FormatRow[],
  result: Name,
): readonly Format<Name>[] {
  return table
    .filter(({ results }) => results.includes(result))
    .map(({ name, isForRunner, load }) => ({
      name,
      isForRunner,
      async render(value, style) {
        const render = (await load())[result];
        if (render === undefined) throw new Error(`the format ${name} does not show ${result}`);
        return render(value, style);
      },
    }));
}
