import { promises } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFile } from "./make.ts";

const { link } = promises;

/** The file system answers this to every link. */
function refuseLinks(code: string): void {
  promises.link = () => Promise.reject(Object.assign(new Error(), { code }));
  syncBuiltinESMExports();
}

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-make-"));
});

afterEach(async () => {
  promises.link = link;
  syncBuiltinESMExports();
  await rm(folder, { recursive: true });
});

test.each([undefined, "EPERM", "ENOTSUP"])(
  "if several processes create one file, one succeeds (links: %s)",
  async (links) => {
    if (links !== undefined) refuseLinks(links);
    const path = join(folder, "lock");
    const makers = Array.from({ length: 20 }, (_, index) => `maker ${index}`);
    const made = await Promise.all(makers.map((maker) => makeFile(path, `${path}.${maker}`, maker)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await readFile(path, "utf8")).toBe(makers[made.indexOf(true)]);
    expect(await readdir(folder)).toEqual(["lock"]);
  },
);

test("a draft that was removed meanwhile counts as a file that somebody else created", async () => {
  refuseLinks("ENOENT");
  expect(await makeFile(join(folder, "lock"), join(folder, "draft"), "mine")).toBe(false);
});

test("a missing folder is an error", async () => {
  const path = join(folder, "none", "lock");
  await expect(makeFile(path, `${path}.draft`, "mine")).rejects.toMatchObject({ code: "ENOENT" });
});
