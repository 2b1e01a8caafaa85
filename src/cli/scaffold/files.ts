import { editorSettings } from "./editor.ts";
import { CI_FILES, githubWorkflow, gitlabPipeline, type CiSystem } from "./ci.ts";
import { assistant, project, prompt, readme, smokeTest } from "./templates.ts";

/** One file of a new project. */
export interface ScaffoldFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Left out where there is a project already: nothing is to be created at Telnyx by surprise. */
  readonly isContent: boolean;
}

export interface ScaffoldOptions {
  readonly name: string;
  /** Where editors find the schema, relative to the project. */
  readonly schema: string;
  readonly ci: CiSystem;
  /** Of Rollcall. */
  readonly version: string;
}

/** Everything but what is added to `.gitignore`. */
export function scaffoldFiles({ name, schema, ci, version }: ScaffoldOptions): readonly ScaffoldFile[] {
  const content = (path: string, text: string): ScaffoldFile => ({ path, text, isContent: true });
  const beside = (path: string, text: string): ScaffoldFile => ({ path, text, isContent: false });
  return [
    content("rollcall.yaml", project(name)),
    content("assistants/front-desk.yaml", assistant),
    content("prompts/front-desk.md", prompt),
    content("tests/front-desk.yaml", smokeTest),
    ...(ci === "github" ? [beside(CI_FILES.github, githubWorkflow(name, version))] : []),
    ...(ci === "gitlab" ? [beside(CI_FILES.gitlab, gitlabPipeline(version))] : []),
    beside(".vscode/settings.json", editorSettings(schema)),
    beside("README.md", readme(name, ci)),
  ];
}

/** The ledger is kept in Git; what its lock and its drafts leave behind is not. */
export const IGNORED: readonly string[] = ["node_modules/", ".rollcall/*", "!.rollcall/*.json"];
