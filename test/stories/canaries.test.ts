import { describe, expect, test } from "vitest";
import { APPLY, BODY } from "./edits.ts";
import { assistant, canary, type Manifest, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, isInOrder, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

const front = (greeting = "one") => assistant("front", { greeting });
const trial = version("trial", "front");
const share = canary("share", "front", "trial");

const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
/** Whether the API keeps a canary through an update of its assistant. */
const TEMPERS = [
  ["ends a canary", {}],
  ["keeps a canary", { hazards: { canarySurvivesUpdate: true } }],
] as const;

async function applied(options = {}): Promise<Story> {
  const told = await story(options);
  await told.declare(front(), trial, share, tool("other"));
  await told.ends(0, ...APPLY);
  return told;
}

const rulesOf = (told: Story) => at(told.all("CanaryDeploy")[0], "rules");

describe.each(TEMPERS)("where an update %s, this project's own canary", (_, options) => {
  const left: readonly (readonly [string, readonly Manifest[]])[] = [
    ["alone", [front(), trial]],
    ["with its version", [front()]],
  ];

  test.each(left)("that left the manifests %s is not called somebody else's", async (__, manifests) => {
    const told = await applied(options);
    await told.declare(...manifests, tool("other"));
    await told.ends(0, "drift");
    const plan = await planned(told);
    expect(plan.drift).toEqual([]);
    expect(plan.refusals).toEqual([]);
  });

  test.each(left)("that left the manifests %s goes with --prune", async (__, manifests) => {
    const told = await applied(options);
    await told.declare(...manifests, tool("other"));
    await told.ends(0, ...PRUNE);
    expect(told.all("CanaryDeploy")).toEqual([]);
    await isInOrder(told);
  });

  test.each([
    ["alone", [front("two"), trial]],
    ["with its version", [front("two")]],
  ] as const)(
    "that was removed from the manifests %s is pruned while its assistant is edited",
    async (__, manifests) => {
      const told = await applied(options);
      await told.declare(...manifests, tool("other"));
      await told.ends(0, ...PRUNE);
      expect(told.all("CanaryDeploy")).toEqual([]);
      await isInOrder(told);
    },
  );

  test("that was removed from the manifests survives an edit of its assistant, or the edit is refused", async () => {
    const told = await applied(options);
    const before = rulesOf(told);
    await told.declare(front("two"), trial, tool("other"));
    const { code } = await told.run(...APPLY);
    expect([0, 4]).toContain(code);
    expect(rulesOf(told)).toEqual(before);
    expect(at(told.one("Assistant", "front"), "greeting")).toBe(code === 0 ? "two" : "one");
    await told.ends(0, ...PRUNE);
    expect(told.all("CanaryDeploy")).toEqual([]);
    await isInOrder(told);
  });

  test("that was moved survives an edit of its assistant", async () => {
    const told = await applied(options);
    const before = rulesOf(told);
    const moved = { ...canary("renamed", "front", "trial"), lifecycle: { movedFrom: ["CanaryDeploy/share"] } };
    await told.declare(front("two"), trial, moved, tool("other"));
    await comesInOrder(told);
    expect(rulesOf(told)).toEqual(before);
  });

  test("that was removed from the manifests and edited in the portal is shown as changed", async () => {
    const told = await applied(options);
    const version_id = told.idOf("AssistantVersion", "trial").split("/")[1] ?? "";
    told.emulator.portal.edit("CanaryDeploy", told.idOf("Assistant", "front"), {
      rules: [{ serve: { rollout: [{ version_id, weight: 55 }] } }],
    });
    await told.declare(front(), trial, tool("other"));
    await told.ends(2, "drift");
    const plan = await planned(told);
    expect(plan.drift.map(({ address, what }) => `${address} ${what}`)).toEqual(["CanaryDeploy/share changed"]);
  });

  test("that was removed from the manifests is pruned by a killed run and the next one", async () => {
    const told = await applied(options);
    await told.declare(front("two"), trial, tool("other"));
    await told.killed({ side: "after", writes: true }, ...PRUNE, "--parallelism=1");
    await told.ends(0, "drift");
    await told.ends(0, ...PRUNE);
    expect(told.all("CanaryDeploy")).toEqual([]);
    await isInOrder(told);
  });
});

test("a canary that a killed run did not create is created once, as declared now", async () => {
  const told = await story();
  await told.declare(front(), trial, share);
  await told.killed({ side: "before", writes: true, nth: 2 }, ...APPLY);
  await told.declare(front(), trial, canary("share", "front", "trial", 20));
  told.emulator.clearRequests();
  await told.ends(0, ...APPLY);
  const begun = told.emulator.requests().filter(({ path }) => path.endsWith("/canary-deploys"));
  expect(begun.filter(({ method }) => method !== "GET").map(({ method }) => method)).toEqual(["POST"]);
  await isInOrder(told);
});

const THEIRS = 45;
/** Somebody begins a canary right before the next read of one. */
function beginBeforeRead({ emulator, idOf, all }: Story): void {
  const own = all("AssistantVersion")[0]?.id.split("/")[1] ?? "";
  const rules = [{ serve: { rollout: [{ version_id: own, weight: THEIRS }] } }];
  emulator.inject({
    match: { method: "GET", path: /\/canary-deploys$/ },
    fault: { kind: "slow", milliseconds: 0 },
    onStrike: () =>
      void emulator.portal.create("CanaryDeploy", { assistant_id: idOf("Assistant", "front"), rules }),
  });
}

test("a canary is not called deleted outside Git where a write after one that was not done has ended it", async () => {
  const told = await applied();
  await told.declare(front("two"), trial, share, tool("other"));
  await told.killed({ side: "before", ...BODY }, ...APPLY);
  const edited = assistant("front", { greeting: "one", description: "new" });
  await told.declare(edited, trial, share, tool("other"));
  await told.killed({ side: "after", ...BODY }, ...APPLY);
  await callsNothingForeign(told);
  await comesInOrder(told);
});

test("a canary that somebody begins while this project's own is deleted stays", async () => {
  const told = await applied();
  await told.declare(front(), trial, tool("other"));
  told.emulator.inject({
    match: { method: "DELETE", path: /\/canary-deploys$/ },
    fault: { kind: "reset-after" },
    onStrike: () => beginBeforeRead(told),
  });
  const { stdout, stderr } = await told.ends(3, ...PRUNE);
  expect(`${stdout}${stderr}`).toContain("it is no longer the object in the ledger");
  expect(JSON.stringify(rulesOf(told))).toContain(`${THEIRS}`);
});

/** Somebody begins a canary in the portal, and its assistant is edited in its manifest. */
async function begunInThePortal() {
  const told = await story();
  await told.declare(front(), trial);
  await told.ends(0, ...APPLY);
  const version_id = told.idOf("AssistantVersion", "trial").split("/")[1] ?? "";
  const rules = [{ serve: { rollout: [{ version_id, weight: 5 }] } }];
  told.emulator.portal.create("CanaryDeploy", { assistant_id: told.idOf("Assistant", "front"), rules });
  await told.declare(front("two"), trial);
  return { told, rules };
}

test("a canary of somebody else is removed only if its assistant may be overwritten", async () => {
  const { told, rules } = await begunInThePortal();
  const others = ["adopt", "overwrite=AssistantVersion/trial", "overwrite=Assistant/front:/instructions"];
  for (const rule of others) await told.ends(4, ...APPLY, `--on-conflict=${rule}`);
  expect(rulesOf(told)).toEqual(rules);
  await told.ends(0, ...APPLY, "--on-conflict=overwrite=Assistant/front");
});

test("a canary of somebody else is not removed", async () => {
  const { told, rules } = await begunInThePortal();
  await told.ends(4, ...APPLY);
  await told.ends(4, ...PRUNE);
  await told.ends(2, "drift");
  expect(rulesOf(told)).toEqual(rules);
});

const notStored = ({ emulator }: Story) =>
  emulator.inject({ match: BODY, times: 1, fault: { kind: "drop-field", field: "greeting" } });

const notRead = ({ emulator }: Story) =>
  emulator.inject({
    match: BODY,
    fault: { kind: "slow", milliseconds: 0 },
    onStrike: () => emulator.inject({ match: { method: "GET" }, times: 5, fault: { kind: "stale" } }),
  });

const notReadable = ({ emulator }: Story) =>
  emulator.inject({
    match: BODY,
    fault: { kind: "slow", milliseconds: 0 },
    onStrike: () =>
      emulator.inject({ match: { method: "GET" }, times: 1, fault: { kind: "status", status: 403 } }),
  });

test.each([
  ["was not stored", notStored],
  ["no read returned", notRead],
])(
  "a canary that was ended by a write to its assistant that %s comes back in the same run",
  async (_, fault) => {
    const told = await applied();
    const before = rulesOf(told);
    await told.declare(front("two"), trial, share, tool("other"));
    fault(told);
    await told.ends(3, ...APPLY);
    expect(rulesOf(told)).toEqual(before);
    told.emulator.clearFaults();
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(rulesOf(told)).toEqual(before);
  },
);

test.each([
  ["was not stored, and is changed itself,", notStored, canary("share", "front", "trial", 20)],
  ["no read returned, and is changed itself,", notRead, canary("share", "front", "trial", 20)],
  ["could not be read", notReadable, share],
] as const)(
  "a canary that was ended by a write to its assistant that %s comes back with the next run, and was not deleted outside Git",
  async (_, fault, declared) => {
    const told = await applied();
    await told.declare(front("two"), trial, declared, tool("other"));
    fault(told);
    await told.ends(3, ...APPLY);
    told.emulator.clearFaults();
    expect(told.all("CanaryDeploy")).toEqual([]);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(told.all("CanaryDeploy")).toHaveLength(1);
  },
);

test("a canary whose deletion was refused and that a write to its assistant ended is not reported as deleted", async () => {
  const told = await applied();
  await told.declare(front("two"), trial, tool("other"));
  told.emulator.inject({
    match: { method: "DELETE", path: /\/canary-deploys$/ },
    fault: { kind: "status", status: 400 },
  });
  await told.ends(3, ...PRUNE);
  expect(told.all("CanaryDeploy")).toEqual([]);
  await callsNothingForeign(told);
  await comesInOrder(told);
});
