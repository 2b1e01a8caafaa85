import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { kinds } from "../src/providers/telnyx/kinds/index.ts";

const SRC = resolve(import.meta.dirname, "../src");

interface Room {
  readonly room: string;
  /** Rooms and packages; node's own modules are free unless `NODE_FREE` says otherwise. */
  readonly may: readonly string[];
  readonly because: string;
}

/** The longest matching `room` decides. `index.ts` at the top is the public door: the room `library`. */
const ROOMS: readonly Room[] = [
  { room: "model", may: ["lossless-json"], because: "the nouns stand on nothing but exact JSON" },
  { room: "host", may: ["model"], because: "this machine, for all who need it" },
  {
    room: "http",
    may: ["model", "undici"],
    because: "connections to servers: one place for proxies and limits",
  },
  {
    room: "schema",
    may: [
      "model",
      "host",
      "yaml",
      "ajv",
      "picomatch",
      "tinyglobby",
      "any-ascii",
      "@secretlint/secretlint-rule-preset-recommend",
      "ignore",
      "re2js",
    ],
    because: "text to validated resources, for any kinds",
  },
  { room: "reconcile", may: ["model", "deep-diff"], because: "the engine never says Telnyx" },
  {
    room: "providers/telnyx",
    may: ["model", "http", "undici", "eventsource-parser"],
    because: "everything Telnyx, nothing of the engine",
  },
  {
    room: "providers/telnyx/emulator",
    may: ["model", "host", "fastify"],
    because: "shares no code with the client or the kinds: a mistake must not confirm itself",
  },
  { room: "git", may: ["model"], because: "every call of Git, whoever makes it" },
  { room: "ledger", may: ["model", "host", "http", "git"], because: "where the baseline is kept" },
  {
    room: "forge",
    may: ["model", "http", "git", "undici"],
    because: "GitHub and GitLab know nothing of plans, only texts",
  },
  {
    room: "report",
    may: ["model", "diff", "string-width", "@dagrejs/dagre"],
    because: "renders data, decides nothing",
  },
  {
    room: "operations",
    may: ["model", "schema", "reconcile"],
    because: "one use case a file; ports are handed in",
  },
  {
    room: "workspace",
    may: ["model", "host", "schema", "providers", "git", "ledger", "operations"],
    because: "opens a project, for the command line and for programs",
  },
  {
    room: "library",
    may: ["model", "host", "schema", "providers", "ledger", "operations", "report", "workspace"],
    because: "the door for programs does not lead through the command line",
  },
  {
    room: "cli",
    may: [
      "model",
      "host",
      "schema",
      "reconcile",
      "providers",
      "git",
      "ledger",
      "forge",
      "report",
      "operations",
      "workspace",
      "commander",
    ],
    because: "the only room that knows all the others",
  },
];

/** Only these may reach for the clock, chance, the process and the console. */
const WORLD = /\b(?:process\.|console\.|Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|setInterval\()/;
const WORLD_ROOMS = ["cli", "host", "providers/telnyx/client", "providers/telnyx/emulator"];

const IMPORT = /^(?:import|export)\s(?:[^;"]*?\sfrom\s)?\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(): readonly Source[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => {
      const text = readFileSync(join(SRC, path), "utf8");
      const imports = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
      return { path: path.replaceAll("\\", "/"), text, imports };
    });
}

function roomOf(path: string): Room {
  if (!path.includes("/")) return ROOMS.find(({ room }) => room === "library") as Room;
  const rooms = ROOMS.filter(({ room }) => path === room || path.startsWith(`${room}/`));
  const found = rooms.sort((a, b) => b.room.length - a.room.length)[0];
  if (found === undefined) throw new Error(`${path} stands in no room of the architecture page`);
  return found;
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function violations(source: Source): readonly string[] {
  const room = roomOf(source.path);
  return source.imports.flatMap((specifier) => {
    if (specifier.startsWith("node:")) return [];
    if (!specifier.startsWith(".")) {
      const name = packageName(specifier);
      return room.may.includes(name) ? [] : [`${source.path} imports ${name}: ${room.because}`];
    }
    const target = relative(SRC, resolve(SRC, source.path, "..", specifier)).replaceAll("\\", "/");
    if (target.startsWith("..")) return [`${source.path} imports ${target}: src stands alone`];
    const other = roomOf(target).room;
    const allowed = other === room.room || room.may.some((may) => other === may || other.startsWith(`${may}/`));
    return allowed ? [] : [`${source.path} imports ${target}: ${room.because}`];
  });
}

test("the scan finds the code", () => {
  expect(sources().length).toBeGreaterThan(10);
  expect(sources().flatMap(({ imports }) => imports).length).toBeGreaterThan(20);
});

test("every room imports only what its row allows", () => {
  expect(sources().flatMap(violations)).toEqual([]);
});

/** Inside these rooms a folder imports only those before it. `.` is what stands in no folder. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  reconcile: ["compare", "observe", "recover", "decide", "policy", "plan", "apply", "saved-plan"],
  schema: ["diagnostics", "read", "check", "project", "resolve", ".", "explain", "write", "author"],
};

test("inside reconcile and schema, a folder imports only earlier folders", () => {
  const upwards = Object.entries(ORDER).flatMap(([room, folders]) => {
    const rankOf = (path: string) => {
      const inside = path.slice(room.length + 1).split("/");
      const rank = folders.indexOf(inside.length === 1 ? "." : (inside[0] ?? ""));
      if (rank < 0) throw new Error(`${path} stands in no folder of ${room}`);
      return rank;
    };
    return sources()
      .filter(({ path }) => path.startsWith(`${room}/`))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith("."))
          .map((name) => relative(SRC, resolve(SRC, path, "..", name)).replaceAll("\\", "/"))
          .filter((target) => target.startsWith(`${room}/`) && rankOf(target) > rankOf(path))
          .map((target) => `${path} imports ${target}`),
      );
  });
  expect(upwards).toEqual([]);
});

test("only the file that runs Git starts processes", () => {
  const starting = sources().filter(({ imports }) =>
    imports.some((name) => /child_process|worker_threads/.test(name)),
  );
  expect(starting.map(({ path }) => path)).toEqual(["git/run.ts"]);
});

test("package files are located from a folder at the depth of the built chunks", () => {
  const looking = sources().filter(({ text }) => codeOf(text).includes("import.meta"));
  expect(looking.map(({ path }) => path)).toEqual(["host/package-file.ts", "host/version.ts"]);
});

test("no kind imports another kind", () => {
  const kindOf = (path: string) => /^providers\/telnyx\/kinds\/([^/]+)\//.exec(path)?.[1];
  const crossings = sources().flatMap((source) =>
    source.imports
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => relative(SRC, resolve(SRC, source.path, "..", specifier)).replaceAll("\\", "/"))
      .filter((target) => {
        const [here, there] = [kindOf(source.path), kindOf(target)];
        return here !== undefined && there !== undefined && here !== there;
      })
      .map((target) => `${source.path} imports ${target}`),
  );
  expect(crossings).toEqual([]);
});

/** Files outside of `providers/telnyx` that may name a kind, and why. */
const NAMES_KINDS: Readonly<Record<string, string>> = {
  "schema/diagnostics/diagnostics-table.ts": "examples of manifests in the documentation",
  "schema/check/envelope-schema.ts": "an example of an address",
  "schema/explain/explain.ts": "an example of a path",
  "schema/explain/made-up.ts": "an example of an address",
  "schema/explain/samples.ts": "an example of rollcall.yaml",
  "report/explain.ts": "an example in a hint",
  "cli/conflict-option.ts": "an example in a hint",
  "cli/program/examples.ts": "examples in the help",
  "cli/project.ts": "an example in a hint",
  "cli/program/ledger.ts": "an example in the help",
  "cli/program/manifests.ts": "an example in the help",
  "cli/scaffold/templates.ts": "the first manifests of a project",
};

/** Code without comments. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

test("only the folder of a kind names it", () => {
  const names = new RegExp(String.raw`\b(?:${kinds.map(({ kind }) => kind).join("|")})\b`);
  const naming = sources()
    .filter(({ path, text }) => !path.startsWith("providers/telnyx/") && names.test(codeOf(text)))
    .map(({ path }) => path);
  expect(naming.toSorted()).toEqual(Object.keys(NAMES_KINDS).toSorted());
});

test("clock, random numbers, process and console are used only in the allowed rooms", () => {
  const found = sources()
    .filter(({ path }) => !WORLD_ROOMS.some((room) => path.startsWith(room)))
    .flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          WORLD.test(line.replace(/\/\*.*?\*\/|\/\/.*|^\s*\*.*/, ""))
            ? [`${path}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
  expect(found).toEqual([]);
});
