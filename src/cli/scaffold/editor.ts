/** Of the package, in a project that has it in `node_modules`. */
export const PACKAGED_SCHEMA = "node_modules/rollcall/schema/rollcall.schema.json";
/** A copy, in a project that has not. */
export const COPIED_SCHEMA = ".vscode/rollcall.schema.json";

/** Where manifests are, as the project file says. */
const MANIFESTS = ["rollcall.yaml", "assistants/**/*.yaml", "tests/**/*.yaml"];

/** `.vscode/settings.json`: completion, hover and checks by the YAML extension. */
export function editorSettings(schema: string): string {
  return `${JSON.stringify({ "yaml.schemas": { [`./${schema}`]: MANIFESTS } }, null, 2)}\n`;
}
