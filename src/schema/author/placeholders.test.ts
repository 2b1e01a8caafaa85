import { expect, test } from "vitest";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { PLACEHOLDER } from "../check/placeholder.ts";
import { withPlaceholders } from "./placeholders.ts";

/** Built here, so that no file holds what looks like a secret. */
const KEY = ["KEY", "0123456789ABCDEF", "0123456789ABCDEF"].join("");

test.each(["key", "a/b", "a~b"])("a placeholder stands for the secret in a field named %s", (name) => {
  const kind = kinds.find((one) => one.kind === "Assistant");
  if (kind === undefined) throw new Error("no such kind");
  const { spec } = withPlaceholders({ dynamic_variables: { [name]: KEY } }, kind);
  expect(spec).toEqual({ dynamic_variables: { [name]: PLACEHOLDER } });
});
