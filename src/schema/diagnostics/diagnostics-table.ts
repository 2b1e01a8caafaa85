import type { DiagnosticRule } from "../../model/diagnostic.ts";

const FILES = [
  {
    code: "RC1001",
    severity: "error",
    title: "path not found",
    explanation: "The file or folder that was given, or that `spec.manifests` names, does not exist.",
    remedy: "Correct the path. Paths in `spec.manifests` are relative to the folder of `rollcall.yaml`.",
    example: "spec: { manifests: [asistants] }",
  },
  {
    code: "RC1002",
    severity: "error",
    title: "file cannot be read",
    explanation:
      "It is not a regular file, or may not be read. Pipes, devices and folders are refused. So is a dangling link: its content must not count as removed.",
    remedy: "Put a regular file there that you may read, or name another one.",
    example: "instructions: { file: prompts }",
  },
  {
    code: "RC1003",
    severity: "error",
    title: "file too large",
    explanation:
      "A manifest may have 4 MiB, an included text 256 KiB. Split it, or check that it is the right file.",
    remedy: "Split the file, or name the right one.",
    example: "instructions: { file: recording.wav }",
  },
  {
    code: "RC1004",
    severity: "error",
    title: "not UTF-8",
    explanation:
      "Manifests and included texts are UTF-8; a byte order mark is allowed. Save the file as UTF-8.",
    remedy: "Save the file as UTF-8.",
    example: "greeting: Gr\\xFC\\xDF Gott",
  },
  {
    code: "RC1005",
    severity: "error",
    title: "control character",
    explanation:
      "NUL and other control characters, and halves of surrogate pairs, are invisible and cannot be spoken.",
    remedy: "Remove the character, or save the text again from its source.",
    example: 'greeting: "Hello\\0"',
  },
  {
    code: "RC1006",
    severity: "error",
    title: "not valid YAML or JSON",
    explanation:
      "The document cannot be read as YAML 1.2, or a `.json` file as JSON. Only the first such problem of a document is reported.",
    remedy: "Correct the YAML at the place that is named. Text with `: `, `#` or `{` in it needs quotes.",
    example: "greeting: [Hello",
  },
  {
    code: "RC1007",
    severity: "error",
    title: "tab used for indentation",
    explanation: "YAML is indented with spaces.",
    remedy: "Replace the tabs with spaces.",
    example: "spec:\n\tgreeting: Hello",
  },
  {
    code: "RC1008",
    severity: "error",
    title: "duplicate key",
    explanation: "A key can occur only once in a mapping; otherwise one of the values is lost.",
    remedy: "Remove one of the two, or join their values.",
    example: "greeting: Hello\ngreeting: Hi",
  },
  {
    code: "RC1009",
    severity: "error",
    title: "key is not a string",
    explanation: "Keys are text. Put other keys in quotes.",
    remedy: "Put the key in quotes.",
    example: "dynamic_variables: { 1: one }",
  },
  {
    code: "RC1010",
    severity: "error",
    title: "key not allowed",
    explanation:
      "`__proto__`, `constructor` and `prototype` are refused as keys, for the safety of every program that reads them.",
    remedy: "Give the key another name.",
    example: "dynamic_variables: { __proto__: {} }",
  },
  {
    code: "RC1011",
    severity: "error",
    title: "too many aliases",
    explanation: "The aliases of a document may be expanded 100 times, nested ones counted each time.",
    remedy: "Write the repeated parts out, or share them as included texts or patches.",
    example: "[*a, *a, *a, …]",
  },
  {
    code: "RC1012",
    severity: "error",
    title: "alias without anchor",
    explanation: "An alias repeats a node that was marked with the anchor earlier in the same document.",
    remedy: "Define the anchor before the alias, or correct its name.",
    example: "greeting: *hello",
  },
  {
    code: "RC1013",
    severity: "error",
    title: "merge key without mapping",
    explanation: "`<<` takes a mapping, or a list of mappings.",
    remedy: "Merge a mapping, or a list of mappings.",
    example: "<<: [1, 2]",
  },
  {
    code: "RC1014",
    severity: "error",
    title: "tag not supported",
    explanation:
      "Only the tags of YAML's core schema are understood: `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, `!!seq`.",
    remedy: "Remove the tag, or use one of the core schema.",
    example: "greeting: !include hello.txt",
  },
  {
    code: "RC1015",
    severity: "error",
    title: "nested too deeply",
    explanation:
      "A document may be nested 100 levels deep, and a file may have about a million words and signs.",
    remedy: "Make the document flatter, or split the file.",
    example: "[[[[[[…]]]]]]",
  },
  {
    code: "RC1016",
    severity: "error",
    title: "number out of range",
    explanation: "JSON has no infinity and no NaN, and whole numbers may have 1,000 digits.",
    remedy: "Write a number that JSON has, or put it in quotes where text is meant.",
    example: "weight: .inf",
  },
  {
    code: "RC1017",
    severity: "error",
    title: "document is not a mapping",
    explanation: "A manifest is a mapping with `apiVersion`, `kind`, `metadata` and `spec`.",
    remedy:
      "Write a mapping with `apiVersion`, `kind`, `metadata` and `spec`, or move the file out of `spec.manifests`.",
    example: "- kind: Assistant",
  },
  {
    code: "RC1018",
    severity: "error",
    title: "outside of the project",
    explanation: "Files are read inside of the project folder only, after symbolic links are followed.",
    remedy: "Move the file into the folder of the project.",
    example: "instructions: { file: ../../secrets.txt }",
  },
  {
    code: "RC1019",
    severity: "error",
    title: "included file not found",
    explanation: "The path of `{ file }` is relative to its manifest.",
    remedy: "Correct the path. It begins at the folder of the manifest.",
    example: "instructions: { file: prompts/front-dsk.md }",
  },
  {
    code: "RC1020",
    severity: "warning",
    title: "mistakes in other files",
    explanation:
      "One file was asked for, in a folder without `rollcall.yaml`. The other files are read for references; the named files have mistakes, and the requested file does not need them.",
    remedy: "Correct these files, or ignore them: the requested file does not need them.",
    example: "rollcall plan front-desk.yaml",
  },
  {
    code: "RC1021",
    severity: "error",
    title: "hidden file or folder",
    explanation:
      "Files and folders whose names begin with a dot are never read, and files below `.git` are not: they contain credentials and settings of other programs. Links and the other names that a file system has for `.git` count as well.",
    remedy: "Move the file to a place whose path has no name that begins with a dot.",
    example: "instructions: { file: .git/config }",
  },
] as const satisfies readonly DiagnosticRule[];

const SHAPE = [
  {
    code: "RC2001",
    severity: "error",
    title: "required field missing",
    explanation: "The field is required.",
    remedy: "Add the field. `rollcall explain` with its path shows its values.",
    example: "kind: Assistant\nspec: {}",
  },
  {
    code: "RC2002",
    severity: "error",
    title: "unknown apiVersion",
    explanation: "Manifests say `apiVersion: rollcall.dev/v1`. Keep other YAML files out of `spec.manifests`.",
    remedy: "Write `apiVersion: rollcall.dev/v1`, or keep the file out of `spec.manifests`.",
    example: "apiVersion: apps/v1",
  },
  {
    code: "RC2003",
    severity: "error",
    title: "unknown kind",
    explanation: "`rollcall explain` lists the kinds.",
    remedy: "Write one of the kinds that `rollcall explain` lists.",
    example: "kind: Asistant",
  },
  {
    code: "RC2004",
    severity: "error",
    title: "unknown field",
    explanation:
      "The field resembles one that is documented, belongs to another type, or is in a place where Rollcall or Telnyx accepts no other fields. Telnyx silently drops keys that it does not know, so a mistyped one would have no effect.",
    remedy: "Correct the name, or remove the field. `rollcall explain` lists the fields of a kind.",
    example: "spec: { greting: Hello }",
  },
  {
    code: "RC2005",
    severity: "error",
    title: "wrong type",
    explanation:
      "The field takes another type of value. In YAML 1.2, `yes`, `no`, `on` and `off` are strings and dates are strings.",
    remedy: "Write a value of the type that is allowed. Text that looks like another type needs quotes.",
    example: "telephony_settings: { time_limit_secs: ten }",
  },
  {
    code: "RC2006",
    severity: "error",
    title: "value not allowed",
    explanation: "The field takes one of a fixed list of values.",
    remedy: "Write one of the values that are allowed.",
    example: "enabled_features: [telefony]",
  },
  {
    code: "RC2007",
    severity: "error",
    title: "number out of bounds",
    explanation: "The API refuses numbers outside of the bounds.",
    remedy: "Write a number within the bounds.",
    example: "telephony_settings: { time_limit_secs: 5 }",
  },
  {
    code: "RC2008",
    severity: "error",
    title: "text too short or too long",
    explanation: "The API refuses texts of another length. Characters are counted, not bytes.",
    remedy: "Shorten or lengthen the text.",
    example: 'destination: ""',
  },
  {
    code: "RC2009",
    severity: "error",
    title: "text has the wrong form",
    explanation: "The text does not have the form that the field asks for.",
    remedy: "Write the text in the form that the message names.",
    example: "name: look up customer",
  },
  {
    code: "RC2010",
    severity: "error",
    title: "too few or too many entries",
    explanation: "The list or mapping needs another number of entries.",
    remedy: "Add or remove entries.",
    example: "rubric: []",
  },
  {
    code: "RC2011",
    severity: "error",
    title: "entry repeated",
    explanation: "The entries of this list must differ from each other.",
    remedy: "Remove the repeated entry, or make it differ.",
    example: "enabled_features: [telephony, telephony]",
  },
  {
    code: "RC2012",
    severity: "error",
    title: "fields exclude each other",
    explanation: "Exactly one of several fields is required, or two fields cannot be used together.",
    remedy: "Keep one of the fields, and remove the others.",
    example: "serve: { version_id: a, rollout: [] }",
  },
  {
    code: "RC2013",
    severity: "error",
    title: "null not allowed",
    explanation:
      "Telnyx documents `null` for few fields only. Leave the field out instead. An empty value in YAML is null.",
    remedy: "Leave the field out, or write a value.",
    example: "greeting:",
  },
  {
    code: "RC2014",
    severity: "warning",
    title: "value not known",
    explanation:
      "The list of values is one that Telnyx keeps extending, so a value that resembles no known one may be right. After the write, Rollcall checks what Telnyx kept.",
    remedy: "Correct the value if it is mistyped; otherwise silence the code with a reason.",
    example: "transcription: { model: deepgram/nova-4 }",
    ignorable: true,
  },
  {
    code: "RC2015",
    severity: "error",
    title: "name not usable",
    explanation:
      "Local names have 1 to 128 letters, digits, `.`, `_` and `-`, and begin and end with a letter or digit.",
    remedy:
      "Choose a name of letters, digits, `.`, `_` and `-`. The name at Telnyx, `spec.name`, may be any text.",
    example: "metadata: { name: Front desk }",
  },
  {
    code: "RC2016",
    severity: "error",
    title: "rule of the schema broken",
    explanation: "The value breaks a rule that involves several fields.",
    remedy: "Change the fields that the message names so that the rule holds.",
    example: "operands: []",
  },
  {
    code: "RC2017",
    severity: "warning",
    title: "field not known",
    explanation:
      "Telnyx may take a field that its documentation does not have yet. It is sent as it is and compared like any other, and apply fails when Telnyx does not keep it. With `validate --strict` it is an error.",
    remedy: "Correct the name if it is mistyped; otherwise apply, and see whether the field is kept.",
    example: "privacy_settings: { pii_redaction: true }",
    ignorable: true,
  },
  {
    code: "RC2018",
    severity: "warning",
    title: "time limit without effect",
    explanation:
      "Telnyx stores the time limit inside of `webhook` and does not apply it. Set `timeout_ms` of the tool, next to `type`: at most 60,000 for a tool of an assistant.",
    remedy: "Set `timeout_ms` of the tool, next to `type`.",
    example: "webhook: { timeout_ms: 20000 }",
    ignorable: true,
  },
  {
    code: "RC2020",
    severity: "error",
    title: "text would lose its form",
    explanation:
      "Any type of value is allowed here, and YAML reads the plain text as a number, as true or false, or as null: `007` would be sent as 7, `+13125550199` without the `+`, `1.10` as 1.1. Put a text in quotes, and write a number as JSON does.",
    remedy: "Put a text in quotes, or write a number as JSON does.",
    example: "dynamic_variables: { zip: 02134 }",
  },
  {
    code: "RC2021",
    severity: "warning",
    title: "text that other programs read as true or false",
    explanation:
      "In YAML 1.2, `yes`, `no`, `on` and `off` are text, and are sent as text. Any type of value is allowed here, and YAML 1.1 reads them as true and false. Put a text in quotes, or write true or false.",
    remedy: "Put a text in quotes, or write true or false.",
    example: "dynamic_variables: { is_member: yes }",
    ignorable: true,
  },
  {
    code: "RC2022",
    severity: "error",
    title: "value mistyped",
    explanation:
      "Telnyx keeps extending this list, but the value differs from a known one by a letter or two, or it is a type next to the settings of another type. If it is a new value, silence the code.",
    remedy: "Correct the value. If it is a new one, silence the code with a reason.",
    example: "tools: [{ type: webhok, webhook: { … } }]",
    ignorable: true,
  },
] as const satisfies readonly DiagnosticRule[];

const MEANING = [
  {
    code: "RC3001",
    severity: "error",
    title: "referenced resource not found",
    explanation:
      "No manifest declares the resource. A reference is never dropped; for an object that this project does not manage, write its id.",
    remedy:
      "Declare the resource, correct the address, or write the id of an object that this project does not manage.",
    example: "tool_ids: [{ ref: Tool/open-tiket }]",
  },
  {
    code: "RC3002",
    severity: "error",
    title: "reference to another kind",
    explanation: "The field holds the id of an object of another kind.",
    remedy: "Refer to a resource of the kind that the message names.",
    example: "tool_ids: [{ ref: McpServer/crm }]",
  },
  {
    code: "RC3003",
    severity: "error",
    title: "reference malformed",
    explanation: "A reference is `{ ref: Kind/name }` and nothing else.",
    remedy: "Write `{ ref: Kind/name }`.",
    example: "tool_ids: [{ ref: open-ticket }]",
  },
  {
    code: "RC3004",
    severity: "error",
    title: "reference not allowed here",
    explanation: "The field does not hold the id of an object.",
    remedy: "Write a plain value.",
    example: "greeting: { ref: Tool/open-ticket }",
  },
  {
    code: "RC3005",
    severity: "error",
    title: "resource declared twice",
    explanation: "Kind and `metadata.name` together name a resource; each may be declared once in a project.",
    remedy: "Give one of them another `metadata.name`, or remove it.",
    example: "kind: Assistant\nmetadata: { name: front-desk }",
  },
  {
    code: "RC3006",
    severity: "error",
    title: "two resources with the same remote name",
    explanation:
      "An object that is in no ledger is matched by its name at Telnyx, so the names of one kind must differ. Two resources may have one name when the live object of each is known by its id: by the ledger, or by `lifecycle.import`.",
    remedy: "Give one of them another name, or name the live object of each with `lifecycle.import`.",
    example: "kind: Assistant\nspec: { name: Front desk }",
    ignorable: true,
  },
  {
    code: "RC3007",
    severity: "warning",
    title: "dynamic variable not declared",
    explanation:
      "`{{name}}` is not in `dynamic_variables`, not set by a tool, and not a variable of Telnyx (`telnyx_…`).",
    remedy:
      "Declare it in `dynamic_variables`, correct its name, or silence the code where something else sets it.",
    example: "greeting: Hello {{custmer_name}}",
    ignorable: true,
  },
  {
    code: "RC3008",
    severity: "error",
    title: "telephone number not in E.164 form",
    explanation: "Numbers are written with `+`, the country code and digits only.",
    remedy: "Write the number with `+`, the country code and digits only, in quotes.",
    example: "from: (555) 000-1111",
    ignorable: true,
  },
  {
    code: "RC3009",
    severity: "error",
    title: "weights reach 100",
    explanation:
      "The weights of a rollout sum to less than 100; the rest goes to main. To send everything, promote the version.",
    remedy: "Lower the weights until they sum to less than 100, or promote the version.",
    example: "rollout: [{ version_id: a, weight: 60 }, { version_id: b, weight: 40 }]",
  },
  {
    code: "RC3010",
    severity: "error",
    title: "version of another assistant",
    explanation: "A canary serves versions of its own assistant only.",
    remedy: "Refer to a version of the canary's `assistant`.",
    example:
      "assistant: { ref: Assistant/front-desk }\nrules: [{ serve: { version_id: { ref: AssistantVersion/billing-v2 } } }]",
  },
  {
    code: "RC3011",
    severity: "info",
    title: "version not used",
    explanation: "No canary and no test refers to the version, so nobody talks to it.",
    remedy: "Refer to it from a canary or a test, or remove the manifest.",
    example: "kind: AssistantVersion",
    ignorable: true,
  },
  {
    code: "RC3012",
    severity: "error",
    title: "payment tool without disable_dtmf",
    explanation:
      "With a `pay` tool, `telephony_settings.disable_dtmf` must be true, so that card digits never reach the model.",
    remedy: "Set `telephony_settings.disable_dtmf: true`.",
    example: "tools: [{ type: pay, pay: { connector_name: stripe } }]",
  },
  {
    code: "RC3013",
    severity: "error",
    title: "criterion named twice",
    explanation: "The criteria of a rubric have unique names.",
    remedy: "Give one of the criteria another name.",
    example: "rubric: [{ name: tone, criteria: … }, { name: tone, criteria: … }]",
  },
  {
    code: "RC3014",
    severity: "error",
    title: "dangling edge in a conversation flow",
    explanation: "`start_node_id` and both ends of every edge name nodes of the same flow.",
    remedy: "Correct the id, or add the node.",
    example: "edges: [{ id: e, start_node_id: intake, target: { type: node, node_id: intke } }]",
  },
  {
    code: "RC3015",
    severity: "error",
    title: "duplicate id in a flow",
    explanation: "Nodes have unique ids in a flow, and so have edges.",
    remedy: "Give one of them another id.",
    example: "nodes: [{ id: intake }, { id: intake }]",
  },
  {
    code: "RC3016",
    severity: "warning",
    title: "older form of a canary",
    explanation: "`versions` with percentages is read as one rule for everyone. Write `rules` instead.",
    remedy: "Write `rules` instead.",
    example: "versions: [{ version_id: { ref: AssistantVersion/warmer }, percentage: 10 }]",
    ignorable: true,
  },
  {
    code: "RC3017",
    severity: "error",
    title: "credential in plain text",
    explanation:
      "Secrets do not belong in manifests: API keys and tokens by the forms that their issuers give them, private keys, passwords and keys in URLs, `Basic` and `Bearer` credentials. Store it as an integration secret and name it in the field that ends in `_ref`, or in `{{#integration_secret}}…{{/integration_secret}}`.",
    remedy:
      "Store it as an integration secret at Telnyx, and name that. If it was committed, replace it: Git keeps it.",
    example: "headers: [{ name: Authorization, value: Bearer abc123… }]",
    ignorable: true,
  },
  {
    code: "RC3018",
    severity: "error",
    title: "tag not in the catalogue",
    explanation: "`spec.tags.allowed` of the project lists the tags that may be used.",
    remedy: "Use a tag of the catalogue, or add this one to `spec.tags.allowed`.",
    example: "tags: [suport]",
  },
  {
    code: "RC3019",
    severity: "error",
    title: "references in a circle",
    explanation:
      "Objects may refer to each other in a circle only where one can be made without the reference first.",
    remedy: "Remove one of the references, or move it to a field that may be set later.",
    example: "kind: AssistantVersion",
  },
  {
    code: "RC3020",
    severity: "error",
    title: "ignore comment malformed",
    explanation:
      "Write `# rollcall-ignore RC3007: the reason`. The reason is required, and the code must be one that can be silenced.",
    remedy: "Write the code, a colon and the reason.",
    example: "# rollcall-ignore RC3007",
  },
  {
    code: "RC3021",
    severity: "warning",
    title: "ignore comment silences nothing",
    explanation: "The line no longer has this problem.",
    remedy: "Remove the comment.",
    example: "# rollcall-ignore RC3007: set by the caller",
  },
  {
    code: "RC3022",
    severity: "error",
    title: "ignored path not usable",
    explanation:
      "`lifecycle.ignore` lists JSON Pointers into `spec`, to any field that this manifest does not declare.",
    remedy: "Correct the pointer, or stop declaring the field.",
    example: "lifecycle: { ignore: [/greeting] }   # and below spec: greeting: Hello",
  },
  {
    code: "RC3023",
    severity: "error",
    title: "former address not usable",
    explanation:
      "`lifecycle.movedFrom` names former addresses of the same kind, which no manifest declares and no other `movedFrom` names.",
    remedy: "Correct or remove the address. One that still has a manifest has not moved.",
    example: "lifecycle: { movedFrom: [Assistant/front-desk] }",
  },
  {
    code: "RC3024",
    severity: "error",
    title: "tool given twice",
    explanation:
      "An assistant may have one tool of each type; tools of types with names may repeat the type but not the name.",
    remedy: "Remove one of the tools, or give it another name.",
    example: "tools: [{ type: hangup, hangup: {} }, { type: hangup, hangup: {} }]",
  },
  {
    code: "RC3025",
    severity: "error",
    title: "default edge misplaced",
    explanation: "Default edges leave tool and speak nodes only, and such a node with edges has exactly one.",
    remedy: "Give each tool and speak node with edges exactly one default edge, and other nodes none.",
    example: "condition: { type: default }",
  },
  {
    code: "RC3026",
    severity: "warning",
    title: "rule never reached",
    explanation: "The first rule that matches is used, and a rule without conditions matches everyone.",
    remedy: "Move the rule up, or give the one before it conditions.",
    example: "rules: [{ serve: … }, { match: […], serve: … }]",
    ignorable: true,
  },
  {
    code: "RC3027",
    severity: "warning",
    title: "settings contradict each other",
    explanation: "One of the two has no effect, or the API refuses them together.",
    remedy: "Remove one of the two.",
    example: "transcription: { settings: { min_turn_silence: 900, max_turn_silence: 400 } }",
    ignorable: true,
  },
  {
    code: "RC3028",
    severity: "warning",
    title: "name in place of an id",
    explanation:
      "Text is sent as the id of an object. This one is the name of a resource of the project, which is referred to as `{ ref }`.",
    remedy: "Write `{ ref: Kind/name }`.",
    example: "tool_ids: [open-ticket]",
    ignorable: true,
  },
  {
    code: "RC3030",
    severity: "error",
    title: "URL not usable",
    explanation:
      "A URL has a scheme, a host, and a port from 1 to 65535 if any, and no blanks or quotation marks. Any part of it may be a dynamic variable or a variable of the project.",
    remedy: "Write a whole URL: `https://` and a host.",
    example: "webhook: { url: api.acme.example/tickets }",
    ignorable: true,
  },
  {
    code: "RC3031",
    severity: "error",
    title: "placeholder without path parameter",
    explanation:
      "Telnyx fills in `{id}` in the URL of a webhook if `path_parameters` has a property of that name. Otherwise the braces are sent as they are.",
    remedy: "Declare the property in `path_parameters`, or correct the placeholder.",
    example: 'webhook: { url: "https://api.acme.example/orders/{order_id}" }',
    ignorable: true,
  },
  {
    code: "RC3032",
    severity: "error",
    title: "parameters of a tool are wrong",
    explanation:
      "The parameters of a tool are a JSON Schema: the types that JSON Schema has, `required` names that `properties` declares, values in `enum`, `default` and `const` that are of the `type` beside them, and for each keyword what it takes.",
    remedy: "Correct the schema at the place that is named.",
    example: "properties: { zip: { type: sting } }",
    ignorable: true,
  },
  {
    code: "RC3033",
    severity: "warning",
    title: "parameters of a tool say too little",
    explanation:
      "An array without `items` leaves the model to guess, and many models refuse it. A path parameter without a placeholder in the URL is not sent.",
    remedy: "Add `items`, or a placeholder in the URL.",
    example: "properties: { zips: { type: array } }",
    ignorable: true,
  },
  {
    code: "RC3034",
    severity: "warning",
    title: "names that look alike",
    explanation:
      "Two remote names of one kind differ in case, width, blanks, hidden characters or in letters of other scripts that look the same. Names that differ only in how accents are composed, or in blanks around them, are one name to Rollcall.",
    remedy: "Give one of them a clearly different name.",
    example: "name: Front Desk\n---\nname: Front desk",
    ignorable: true,
  },
  {
    code: "RC3035",
    severity: "warning",
    title: "ignored path may be mistyped",
    explanation:
      "`lifecycle.ignore` takes fields that are not known, too. This one is similar to a known field.",
    remedy: "Correct the path; if it is right, silence the code with a reason.",
    example: "lifecycle: { ignore: [/voice_settings/voice_spede] }",
  },
  {
    code: "RC3036",
    severity: "error",
    title: "live object imported by two manifests",
    explanation: "`lifecycle.import` names the live object that a resource is, and one object is one resource.",
    remedy: "Remove the line from one of the two, or name the other object.",
    example: "lifecycle: { import: assistant-3f1c9a52-8f0e-4b7f-9a52-1f0e4b7f9a52 }",
  },
  {
    code: "RC3037",
    severity: "error",
    title: "two environments with the same objects",
    explanation:
      "Two environments use the same API key variable and the same base URL, so they are about one account, and in both a resource has the same remote name: each would change and delete what the other one made. Resources with different ids in `lifecycle.import` may have one name.",
    remedy: "Give each environment its own `apiKey`, or let the remote name differ by a variable or a patch.",
    example:
      "environments:\n  staging: { vars: { greeting: Hi } }\n  production: { vars: { greeting: Welcome } }",
  },
  {
    code: "RC3040",
    severity: "error",
    title: "managed resource under an observed one",
    explanation:
      "A version or a canary is a part of its assistant: creating or changing it writes to the assistant, and an observed assistant is never written to.",
    remedy: "Observe both, or manage both.",
    example: "lifecycle: { observe: true } # only in the manifest of the assistant",
  },
  {
    code: "RC3041",
    severity: "warning",
    title: "observe: false without effect",
    explanation: "The environment has `observe: true`, which holds for every resource.",
    remedy: "Remove the line, or remove `observe: true` from the environment.",
    example: "lifecycle: { observe: false }",
  },
  {
    code: "RC3042",
    severity: "error",
    title: "placeholder value",
    explanation:
      "`rollcall migrate` writes `TODO` for a value it does not know: a voice, a model, a number, an address or a secret that has another name at Telnyx or is not in the file.",
    remedy: "Write the value; the comment above it describes it.",
    example: "voice_settings: { voice: TODO }",
    ignorable: true,
  },
  {
    code: "RC3043",
    severity: "warning",
    title: "placeholder text",
    explanation: "The whole text is `TODO`, and would be sent as it is: the model or the caller would get it.",
    remedy: "Write the text, or remove the field.",
    example: "instructions: TODO",
    ignorable: true,
  },
  {
    code: "RC3044",
    severity: "error",
    title: "reference to a resource of other environments",
    explanation:
      "`metadata.environments` limits a resource to some environments. What refers to it, or lives under it, must not exist in others.",
    remedy:
      "Limit the resource that refers to it, too; add the environment to the one that it refers to; or remove the reference in that environment by a patch.",
    example:
      "metadata: { name: open-ticket, environments: [staging] } # and Assistant/desk refers to it everywhere",
  },
] as const satisfies readonly DiagnosticRule[];

const PROJECT = [
  {
    code: "RC4001",
    severity: "error",
    title: "unknown environment",
    explanation:
      "`rollcall.yaml` does not have the environment under `spec.environments`. A project without it has one, named `default`.",
    remedy: "Choose one of the environments that the message lists, or add it to `rollcall.yaml`.",
    example: "rollcall plan --env prodution",
  },
  {
    code: "RC4002",
    severity: "error",
    title: "no environment chosen",
    explanation: "The project has several environments. Choose one with `--env` or `ROLLCALL_ENV`.",
    remedy: "Pass `--env`, or set `ROLLCALL_ENV`.",
    example: "rollcall plan",
  },
  {
    code: "RC4003",
    severity: "error",
    title: "variable not defined",
    explanation:
      "Variables are defined by `vars` in `rollcall.yaml`, by `ROLLCALL_VAR_<name>` and by `--var name=value`.",
    remedy: "Define it in `vars`, or pass `--var name=value`.",
    example: "greeting: Hi, this is ${var.compny}",
  },
  {
    code: "RC4004",
    severity: "warning",
    title: "variable not used",
    explanation: "No manifest uses the variable. It may be mistyped.",
    remedy: "Remove it, or correct its name.",
    example: "vars: { compny: Acme }",
  },
  {
    code: "RC4005",
    severity: "error",
    title: "substitution malformed",
    explanation: "Text is substituted as `${var.name}`. Write `$${` for a literal `${`.",
    remedy: "Write `${var.name}`, or `$${` for a literal `${`.",
    example: "greeting: Hi, this is ${company}",
  },
  {
    code: "RC4006",
    severity: "error",
    title: "variable not allowed here",
    explanation:
      "Variables are substituted in the values below `spec` only, once: not in names, keys or other variables.",
    remedy: "Write the value itself.",
    example: "metadata: { name: ${var.team} }",
  },
  {
    code: "RC4007",
    severity: "error",
    title: "patch without target",
    explanation: "A patch names the address of a resource of this project.",
    remedy: "Correct the address, or remove the patch.",
    example: "patches: [{ target: Assistant/front-dsk, patch: {} }]",
  },
  {
    code: "RC4008",
    severity: "error",
    title: "patch cannot be applied",
    explanation:
      "A patch changes `spec`, `lifecycle` or `metadata.labels`, at paths that exist in the manifest.",
    remedy: "Correct the path, or declare the field in the manifest first.",
    example: "patches: [{ target: Assistant/front-desk, path: /spec/tools/7, value: {} }]",
  },
  {
    code: "RC4009",
    severity: "error",
    title: "project in the wrong place",
    explanation: "A project is the only document in `rollcall.yaml`, in its root folder.",
    remedy: "Keep one document of the kind Project, in `rollcall.yaml` at the root.",
    example: "kind: Project",
  },
  {
    code: "RC4010",
    severity: "error",
    title: "no manifests",
    explanation:
      "No resource was found: the path is wrong, or the project declares nothing. To delete everything that a project manages, its last manifest included, use `rollcall destroy`, which needs none.",
    remedy: "Correct the path, or add a manifest.",
    example: "spec: { manifests: [] }",
  },
  {
    code: "RC4011",
    severity: "error",
    title: "URL of the project not usable",
    explanation:
      "The base URL is `https://`, or `http://` to this machine, without credentials. The addresses of a ledger are URLs with a host, and with a port from 1 to 65535 if any.",
    remedy: "Write a URL in this form. Credentials belong in the environment.",
    example: "baseUrl: http://api.telnyx.com/v2",
  },
  {
    code: "RC4012",
    severity: "error",
    title: "given variable not used",
    explanation: "`--var` names a variable that `rollcall.yaml` does not declare and no manifest uses.",
    remedy: "Correct the name, or leave the option out.",
    example: "rollcall plan --var compny=Acme",
  },
  {
    code: "RC4013",
    severity: "error",
    title: "one ledger for several environments",
    explanation:
      "A ledger says what one environment owns. An address, or a ref of one's own, that several environments share would make --prune in one environment delete the objects of the other.",
    remedy: "Give each environment its own address or ref.",
    example:
      "spec:\n  ledger: { backend: git, ref: refs/rollcall/voices }\n  environments: { staging: {}, production: {} }",
  },
  {
    code: "RC4014",
    severity: "error",
    title: "project file of another user",
    explanation:
      "A `rollcall.yaml` that was found above the current folder, or its folder, belongs to somebody else, who would decide what your keys are used for. Trusted owners are you, root, and with `sudo` the user who called it. Name the folder of the project, or list it in `ROLLCALL_TRUSTED_FOLDERS` (separated as in `PATH`; `*` for all).",
    remedy: "Name the folder of the project, or list it in `ROLLCALL_TRUSTED_FOLDERS`.",
    example: "rollcall plan /srv/voice",
  },
  {
    code: "RC4015",
    severity: "error",
    title: "manifests of another project",
    explanation:
      "A folder with its own `rollcall.yaml` and everything below it is another project. One manifest belongs to one project.",
    remedy: "Take the folder out of `spec.manifests`, or remove its `rollcall.yaml`.",
    example: "spec: { manifests: [assistants, other-project/assistants] }",
  },
  {
    code: "RC4016",
    severity: "warning",
    title: "manifest not included",
    explanation:
      "A YAML file in the folder of the project has the `apiVersion` of Rollcall, and no entry of `spec.manifests` includes it, so it is not checked or applied.",
    remedy: "Add the file to `spec.manifests`, or move it out of the folder of the project.",
    example: "spec: { manifests: [assistants] }   # and a file tools/ticket.yaml",
    ignorable: true,
  },
  {
    code: "RC4017",
    severity: "error",
    title: "pattern matches nothing",
    explanation:
      "A pattern in `.rollcallignore` begins with a kind that does not exist, or ends in a backslash. It would protect no object from `--prune`.",
    remedy: "Write the kind as in manifests.",
    example: "Asistant/legacy-*",
  },
] as const satisfies readonly DiagnosticRule[];

export const DIAGNOSTIC_RULES = [...FILES, ...SHAPE, ...MEANING, ...PROJECT] as const;

export type Code = (typeof DIAGNOSTIC_RULES)[number]["code"];

const BY_CODE: ReadonlyMap<string, DiagnosticRule> = new Map(DIAGNOSTIC_RULES.map((rule) => [rule.code, rule]));

export function ruleOf(code: string): DiagnosticRule | undefined {
  return BY_CODE.get(code);
}
