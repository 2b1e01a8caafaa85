import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { APPLY } from "./edits.ts";
import { assistant, canary, tool, version } from "./manifests.ts";
import { story, type Story } from "./story.ts";

type Edit = (told: Story, ids: { readonly assistant: string; readonly version: string }) => void;

const EDITS: readonly (readonly [string, Edit])[] = [
  ["nothing else is changed", () => undefined],
  [
    "a version was promoted",
    ({ emulator }, { assistant: of, version: one }) => emulator.portal.promote(of, one),
  ],
  ["a canary was ended", ({ emulator }, { assistant: of }) => emulator.portal.delete("CanaryDeploy", of)],
  [
    "a tool was edited",
    ({ emulator, idOf }) =>
      void emulator.portal.edit("Tool", idOf("Tool", "t"), { tool_definition: { description: "Theirs." } }),
  ],
];

test.each(EDITS)(
  "without a ledger, the first --adopt does all that it plans, where %s and the assistant is edited",
  async (_, edit) => {
    const told = await story();
    const manifests = (greeting: string) => [
      tool("t"),
      assistant("front", { greeting, tool_ids: [{ ref: "Tool/t" }] }),
      version("trial", "front"),
      canary("share", "front", "trial"),
    ];
    await told.declare(...manifests("one"));
    await told.ends(0, ...APPLY);
    const [of = "", one = ""] = (told.all("AssistantVersion")[0]?.id ?? "").split("/");
    edit(told, { assistant: of, version: one });
    rmSync(join(told.folder, ".rollcall"), { recursive: true });
    await told.declare(...manifests("two"));
    const { stdout } = await told.ends(0, ...APPLY, "--adopt");
    expect(stdout).toContain("Apply complete!");
    await told.ends(0, "plan", "--detailed-exitcode");
    await told.ends(0, "drift");
  },
);
