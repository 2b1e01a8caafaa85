import { everyNth } from "../grid.ts";
import { changesOnlyStaging, COMMAND_NAMES, names, USER_NAMES } from "./only-staging.ts";

/** Of those that run, each has another command and other environments. */
const test = everyNth(4);

test.each(COMMAND_NAMES.flatMap((command) => USER_NAMES.map((users) => [command, users] as const)))(
  "%s: live values of manifests that %s has change what staging gets, and nothing else",
  (command, users) => changesOnlyStaging(command, new Map(names.map((name) => [name, users]))),
);
