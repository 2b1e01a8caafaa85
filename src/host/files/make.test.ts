import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeFile } from "./make.ts";

/** What the file system answers to a link, where it is not to make it. */
let refusal: string | undefined;

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    link: (...args: Parameters<typeof real.link>) =>
      refusal === undefined
        ? real.link(...args)
        : Promise.reject(Object.assign(new Error(), { code: refusal })),
  };
});

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-make-"));
});

afterEach(async () => {
  refusal = undefined;
  await rm(folder, { recursive: true });
});

test.each([undefined, "EPERM", "ENOTSUP"])(
  "of many who make one file one succeeds (links: %s)",
  async (links) => {
    refusal = links;
    const path = join(folder, "lock");
    const makers = Array.from({ length: 20 }, (_, index) => `maker ${index}`);
    const made = await Promise.all(makers.map((maker) => makeFile(path, `${path}.${maker}`, maker)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await readFile(path, "utf8")).toBe(makers[made.indexOf(true)]);
    expect(await readdir(folder)).toEqual(["lock"]);
  },
);

test("a draft that was tidied away is a file that someone else has made", async () => {
  refusal = "ENOENT";
  expect(await makeFile(join(folder, "lock"), join(folder, "draft"), "mine")).toBe(false);
});

test("a folder that is not there is an error", async () => {
  const path = join(folder, "none", "lock");
  await expect(makeFile(path, `${path}.draft`, "mine")).rejects.toMatchObject({ code: "ENOENT" });
});
