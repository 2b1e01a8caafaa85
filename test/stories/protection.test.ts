import { describe, expect, test } from "vitest";
import { APPLY } from "./edits.ts";
import { assistant, canary, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { isInOrder } from "./order.ts";
import { story, type Story } from "./story.ts";

const KEPT: readonly (readonly Manifest[])[] = [
  [assistant("kept")],
  [tool("kept")],
  [server("kept")],
  [probe("kept")],
  [version("kept", "front"), assistant("front")],
  [canary("kept", "front", "trial"), assistant("front"), version("trial", "front")],
];

const protectedNow = (manifests: readonly Manifest[]): readonly Manifest[] =>
  manifests.map((one, index) => (index === 0 ? { ...one, lifecycle: { protect: true } } : one));

const rows = KEPT.map((manifests) => [manifests[0]?.kind ?? "", manifests] as const);

/** Applied without protection, and then protected in the manifests alone. */
async function protectedSince(manifests: readonly Manifest[]): Promise<Story> {
  const told = await story();
  await told.declare(...manifests);
  await told.ends(0, ...APPLY);
  await told.declare(...protectedNow(manifests));
  told.emulator.clearRequests();
  return told;
}

function wroteNothing({ emulator }: Story): void {
  expect(emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
}

describe("destroy refuses resources that the last apply protected", () => {
  test.each(rows)("%s", async (_, manifests) => {
    const told = await protectedSince(manifests);
    await told.ends(4, "destroy", "--yes");
    wroteNothing(told);
  });

  test.each(rows)("%s, named by --target", async (kind, manifests) => {
    const told = await protectedSince(manifests);
    await told.ends(4, "destroy", "--yes", "--target", `${kind}/kept`);
    wroteNothing(told);
  });

  test("after a move", async () => {
    const told = await story();
    await told.declare(tool("old"));
    await told.ends(0, ...APPLY);
    const { spec } = tool("old");
    const lifecycle = { protect: true, movedFrom: ["Tool/old"] };
    await told.declare({ kind: "Tool", metadata: { name: "new" }, lifecycle, spec });
    await told.ends(4, "destroy", "--yes");
    expect(told.all("Tool")).toHaveLength(1);
  });

  test("also if a killed run wrote the protection", async () => {
    const told = await story();
    await told.declare(tool("kept"), tool("other"));
    await told.ends(0, ...APPLY);
    await told.declare(
      tool("kept", { url: "https://tools.example/two" }, { protect: true }),
      tool("other", { url: "https://tools.example/two" }),
    );
    await told.killed({ side: "after", method: "PATCH" }, ...APPLY);
    await told.ends(4, "destroy", "--yes");
    expect(told.all("Tool")).toHaveLength(2);
  });

  test("and --prune refuses it without a manifest", async () => {
    const told = await protectedSince([tool("kept"), tool("other")]);
    await told.ends(0, ...APPLY);
    await told.declare(tool("other"));
    await told.ends(4, "apply", "--yes", "--prune");
    expect(told.all("Tool")).toHaveLength(2);
  });
});

test("replacing a resource that the last apply protected is refused", async () => {
  const told = await story();
  await told.declare(assistant("front"), assistant("back"), version("kept", "front"));
  await told.ends(0, ...APPLY);
  await told.declare(
    assistant("front"),
    assistant("back"),
    version("kept", "back", { greeting: "I listen." }, { protect: true }),
  );
  await told.ends(4, ...APPLY);
  expect(told.all("AssistantVersion", "kept").map(({ id }) => id.split("/")[0])).toEqual([
    told.idOf("Assistant", "front"),
  ]);
});

test("protection that was never applied ends with the manifest", async () => {
  const told = await protectedSince([tool("kept")]);
  await told.declare(tool("kept"));
  await isInOrder(told);
  await told.ends(0, "destroy", "--yes");
  expect(told.all("Tool")).toEqual([]);
});
