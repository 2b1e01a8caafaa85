import type { ResourceChange } from "../model/plan.ts";
import type { Split } from "../model/split.ts";
import type { Row } from "./row.ts";
import { textChange } from "./rows.ts";
import { visible } from "./safe.ts";
import { inline, type Names } from "./value.ts";

/** How conversations are divided before and after: one row for each rule whose division changes. */
export function splitRows({ split }: ResourceChange, names: Names): readonly Row[] {
  if (split === undefined) return [];
  const matches = new Set([...split.before, ...split.after].map(({ match }) => match));
  return [...matches].flatMap((match): readonly Row[] => {
    // The first rule that fits counts.
    const [before, after] = [split.before, split.after].map((splits) =>
      divisionText(
        splits.find((one) => one.match === match),
        match,
        names,
      ),
    );
    if (before === undefined || after === undefined || before === after) return [];
    const label = match === "" ? "split" : `split for ${visible(match)}`;
    return [{ sign: "~", label, body: textChange(before, after) }];
  });
}

/** `main 90 %, AssistantVersion/warmer 10 %`. Without a rule for everyone, main answers everyone. */
function divisionText(split: Split | undefined, match: string, names: Names): string {
  if (split === undefined) return match === "" ? "main 100 %" : "(no rule)";
  const main = split.main > 0 ? [`main ${split.main} %`] : [];
  return [
    ...main,
    ...split.shares.map(({ version, percent }) => `${inline(version, names)} ${percent} %`),
  ].join(", ");
}
