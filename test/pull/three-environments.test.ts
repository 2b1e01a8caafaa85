/** Three accounts of which each has another part of the same objects become the environments of one project. */
import { describe, expect, test } from "vitest";
import { treeOf } from "../file-tree.ts";
import { httpTo, idOf } from "./http.ts";
import { declare, edit, isDone, NAMES, pullAll, pullInto, three, type Three } from "./three-accounts.ts";

const SUBSETS = {
  staging: ["All", "Staging and production", "Staging"],
  production: ["All", "Staging and production", "Production and dev"],
  dev: ["All", "Production and dev", "Dev"],
};

test(
  "an object of some environments exists in these, and its texts differ by patches",
  { timeout: 60_000 },
  () =>
    three(async (here) => {
      for (const [index, name] of NAMES.entries()) {
        const http = httpTo(here.accounts[index]?.url ?? "");
        for (const object of SUBSETS[name])
          await http.post("/ai/assistants", { name: object, instructions: "Hi", greeting: `From ${name}` });
      }
      await pullAll(here);
      const files = treeOf(here.folder);
      const environments = Object.entries(files).flatMap(([file, text]) => {
        const limit = /environments: (\[.*\])/.exec(text);
        return file.startsWith("assistants/") ? [[file.slice(11, -5), limit?.[1]]] : [];
      });
      expect(Object.fromEntries(environments)).toEqual({
        all: undefined,
        "staging-and-production": "[staging, production]",
        staging: "[staging]",
        "production-and-dev": "[production, dev]",
        dev: "[dev]",
      });
      const patches = files["rollcall.yaml"] ?? "";
      expect(patches.match(/greeting: From production/g)).toHaveLength(2);
      expect(patches.match(/greeting: From dev/g)).toHaveLength(2);
    }),
);

/** Pulls the first two environments, with what the project file says of the third one, which has no ledger. */
async function pullTwo(here: Three, dev = ""): Promise<void> {
  await pullInto(here, "staging");
  await declare(here, "production");
  await pullInto(here, "production");
  await declare(here, "dev", dev);
}

const TOOL = {
  type: "webhook",
  display_name: "look_up",
  webhook: { name: "look_up", description: "Looks up.", url: "https://acme.example/look-up" },
};

describe("before its first pull, an environment may lack", () => {
  test("a resource that shared manifests refer to", { timeout: 60_000 }, () =>
    three(async (here) => {
      const [staging, production, dev] = here.accounts.map(({ url }) => httpTo(url));
      const tool = idOf((await staging?.post("/ai/tools", TOOL)) ?? {});
      for (const name of ["Here", "Gone"]) {
        await staging?.post("/ai/assistants", { name, instructions: "Hi", tool_ids: [tool] });
        await production?.post("/ai/assistants", { name, instructions: "Hi" });
      }
      await dev?.post("/ai/assistants", { name: "Here", instructions: "Hi" });
      await pullTwo(here);
      expect(treeOf(here.folder)["tools/look-up.yaml"]).toContain("environments: [staging]");
      await here.ends(1, "dev", "validate");
      const before = treeOf(here.folder);
      await here.ends(3, "dev", "pull", "Assistant/*");
      expect(treeOf(here.folder)).toEqual(before);
      await pullInto(here, "dev", "--update");
      expect(treeOf(here.folder)["assistants/gone.yaml"]).toContain("environments: [staging, production]");
      await isDone(here);
    }),
  );

  test("a value of a variable in shared manifests", { timeout: 60_000 }, () =>
    three(async (here) => {
      for (const [index, { url }] of here.accounts.entries()) {
        const http = httpTo(url);
        await http.post("/ai/assistants", {
          name: "Here",
          instructions: "Hi",
          greeting: `Hi from ${NAMES[index]}`,
        });
        if (NAMES[index] !== "dev")
          await http.post("/ai/assistants", {
            name: "Gone",
            instructions: "Hi",
            greeting: `Hi from ${NAMES[index]}`,
          });
      }
      await pullInto(here, "staging");
      for (const name of ["here", "gone"])
        await edit(here, `assistants/${name}.yaml`, (text) =>
          text.replace("Hi from staging", '"Hi from ${var.place}"'),
        );
      await edit(here, "rollcall.yaml", (text) => `${text}      vars: { place: staging }\n`);
      await declare(here, "production", "      vars: { place: production }\n");
      await pullInto(here, "production");
      expect(treeOf(here.folder)["rollcall.yaml"]).not.toContain("patches:");
      await declare(here, "dev");
      await here.ends(1, "dev", "validate");
      await pullInto(here, "dev");
      expect(treeOf(here.folder)["rollcall.yaml"]).toContain("greeting: Hi from dev");
      expect(treeOf(here.folder)["assistants/gone.yaml"]).toContain("environments: [staging, production]");
      await isDone(here);
    }),
  );

  test("a resource that its patches name", { timeout: 60_000 }, () =>
    three(async (here) => {
      const [staging, production, dev] = here.accounts.map(({ url }) => httpTo(url));
      await staging?.post("/ai/assistants", { name: "Desk", instructions: "Hi" });
      await production?.post("/ai/assistants", { name: "Other", instructions: "Hi" });
      await dev?.post("/ai/assistants", { name: "Desk", instructions: "Hi", greeting: "Good day" });
      const patch = "{ target: Assistant/desk, patch: { spec: { greeting: Hello, description: Not live } } }";
      await pullTwo(here, `      patches:\n        - ${patch}\n`);
      await here.ends(1, "dev", "validate");
      await pullInto(here, "dev");
      const files = treeOf(here.folder);
      expect(files["assistants/desk.yaml"]).toContain("environments: [staging, dev]");
      expect(files["rollcall.yaml"]).toContain("patch: { spec: { greeting: Good day } }");
      await isDone(here);
    }),
  );
});

test("what no environment can read refuses the first pull", { timeout: 60_000 }, () =>
  three(async (here) => {
    await httpTo(here.accounts[0]?.url ?? "").post("/ai/assistants", { name: "Here", instructions: "Hi" });
    await pullInto(here, "staging");
    await declare(here, "production");
    await edit(here, "assistants/here.yaml", (text) => text.replace("spec:", "spec:\n  greting: Hi"));
    const before = treeOf(here.folder);
    await here.ends(1, "production", "pull");
    expect(treeOf(here.folder)).toEqual(before);
  }),
);

test("texts of one resource in files of each environment, and its patches by path", { timeout: 60_000 }, () =>
  three(async (here) => {
    for (const [index, { url }] of here.accounts.entries()) {
      const instructions = `# Role\n\nYou answer in ${NAMES[index]}.\n`;
      const voice = { voice: "Telnyx.KokoroTTS.af_heart", voice_speed: 1 + index / 10 };
      await httpTo(url).post("/ai/assistants", { name: "Desk", instructions, voice_settings: voice });
    }
    const patches = [
      "      patches:",
      "        - { target: Assistant/desk, path: /spec/voice_settings/voice_speed, value: 1.5 }",
      "        - { target: Assistant/desk, patch: { spec: { description: Not live } } }\n",
    ];
    await pullTwo(here, patches.join("\n"));
    await pullInto(here, "dev");
    const files = treeOf(here.folder);
    const texts = ["desk", "desk.production", "desk.dev"].map((name) => files[`prompts/${name}.md`]);
    expect(texts).toEqual(NAMES.map((name) => expect.stringContaining(`in ${name}.`)));
    const dev = files["rollcall.yaml"]?.split("    dev:\n")[1] ?? "";
    expect(dev).toContain("path: /spec/voice_settings/voice_speed, value: 1.2");
    expect(dev).not.toContain("Not live");
    await isDone(here);
  }),
);

test("lifecycle.import has the id of each environment, by variables or by a patch", { timeout: 60_000 }, () =>
  three(async (here) => {
    const ids: string[] = [];
    for (const [index, name] of ["Desk", "Desk of production", "Desk"].entries()) {
      const http = httpTo(here.accounts[index]?.url ?? "");
      ids.push(idOf(await http.post("/ai/assistants", { name, instructions: "Hi" })));
    }
    await pullInto(here, "staging");
    await edit(here, "assistants/desk.yaml", (text) =>
      text.replace("spec:", 'lifecycle: { import: "${var.desk}" }\nspec:'),
    );
    await edit(here, "rollcall.yaml", (text) => `${text}      vars: { desk: ${ids[0]} }\n`);
    await declare(here, "production", `      vars: { desk: ${ids[1]} }\n`);
    await pullInto(here, "production");
    await declare(here, "dev");
    await pullInto(here, "dev");
    const files = treeOf(here.folder);
    expect(Object.keys(files).filter((file) => file.startsWith("assistants/"))).toHaveLength(1);
    expect(files["rollcall.yaml"]?.split("    dev:\n")[1]).toContain(`import: ${ids[2]}`);
    for (const [index, name] of NAMES.entries()) expect(files[`.rollcall/${name}.json`]).toContain(ids[index]);
    await isDone(here);
  }),
);
