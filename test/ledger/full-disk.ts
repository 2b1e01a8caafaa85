import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { onTestFinished } from "vitest";

type Work = (...args: readonly unknown[]) => Promise<unknown>;

const full: Work = async () => {
  throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
};

/** From now on, until the end of the test, no text goes to any file: names can be made, linked and removed. */
export async function fillDisk(): Promise<void> {
  const { writeFile } = promises;
  const made: Work = async (path, _data, options) => {
    await (writeFile as Work)(path, "", options);
    return full();
  };
  const undo = [
    await replaceOnHandles("writeFile", "appendFile", "write"),
    replace(promises, "writeFile", made),
  ];
  syncBuiltinESMExports();
  onTestFinished(() => {
    for (const one of undo) one();
    syncBuiltinESMExports();
  });
}

/** Also on files that are open already. */
async function replaceOnHandles(...names: readonly string[]): Promise<() => void> {
  const file = await promises.open(import.meta.filename);
  await file.close();
  const handles = Object.getPrototypeOf(file) as object;
  const undo = names.map((name) => replace(handles, name, full));
  return () => undo.forEach((one) => one());
}

function replace(of: object, name: string, work: Work): () => void {
  const original: unknown = Reflect.get(of, name);
  Reflect.set(of, name, work);
  return () => void Reflect.set(of, name, original);
}
