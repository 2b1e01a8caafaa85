import { DEFAULT_ENVIRONMENT } from "../model/environment.ts";

/** A text in which commands stand in double quotes, with the commands for one environment. */
export function inEnvironment(text: string, environment: string): string {
  // A plan that is no project's can name anything.
  if (environment === DEFAULT_ENVIRONMENT || !/^[\w.-]+$/.test(environment)) return text;
  return text.replaceAll(/"(rollcall [^"]+)"/g, (whole, command: string) =>
    command.includes(" --env ") ? whole : `"${command} --env ${environment}"`,
  );
}
