import { expression } from "./expression-schema.ts";
import { externalLlm } from "./llm-schema.ts";
import { OF_NODES } from "./response-only.ts";
import {
  choice,
  label,
  list,
  number,
  object,
  prose,
  reference,
  secretIdentifier,
  tag,
  text,
  variants,
  variantsWithDefault,
} from "./schema-builders.ts";
import { transcription } from "./transcription-schema.ts";
import { voiceSettings } from "./voice-schema.ts";

const position = object(
  "The position in an editor; conversations ignore it.",
  { x: number("To the right."), y: number("Downwards.") },
  { required: ["x", "y"] },
);

const nodeId = text("Names the node; unique in the flow.", { examples: ["intake"] });
const nodeName = label("A label for people.", { examples: ["Intake"] });

const promptNode = object(
  "A node with instructions for the model.",
  {
    type: tag("prompt", "A node with instructions for the model.", { default: "prompt" }),
    id: nodeId,
    name: nodeName,
    instructions: prose("The instructions of this node."),
    instructions_mode: choice(
      "Whether they replace the assistant's instructions or follow them.",
      ["replace", "append"],
      { default: "replace" },
    ),
    model: text("The model of this node; it replaces all model settings of the assistant."),
    llm_api_key_ref: secretIdentifier("The integration secret with the key of this node's model."),
    external_llm: externalLlm,
    shared_tool_ids: list("The shared tools of this node.", reference("One shared tool.", "Tool")),
    tools_mode: choice("Whether they replace the assistant's tools or join them.", ["replace", "append"], {
      default: "replace",
    }),
    voice_settings: voiceSettings,
    transcription,
    position,
  },
  { required: ["id", "instructions"], responseOnly: OF_NODES, neverTogether: ["model", "external_llm"] },
);

const toolNode = object(
  "A node that runs one shared tool, without the model.",
  {
    type: tag("tool", "A node that runs one shared tool."),
    id: nodeId,
    name: nodeName,
    shared_tool_id: reference(
      "The shared tool to run; dynamic variables of the same names are its arguments.",
      "Tool",
    ),
    message: prose("The message before the tool runs.", { minLength: 1, pattern: "\\S" }),
    position,
  },
  { required: ["type", "id", "shared_tool_id"], responseOnly: OF_NODES },
);

const speakNode = object(
  "A node that says one text, word for word.",
  {
    type: tag("speak", "A node that says one text."),
    id: nodeId,
    name: nodeName,
    message: prose("The text; dynamic variables are filled in."),
    position,
  },
  { required: ["type", "id", "message"] },
);

const condition = variants("When the edge is taken.", [
  object(
    "Taken when the model judges the statement to be true.",
    {
      type: tag("llm", "The model judges."),
      prompt: prose("The statement that the model judges.", { examples: ["The caller asks about a bill."] }),
    },
    { required: ["type", "prompt"] },
  ),
  object(
    "Taken when a rule over dynamic variables is true.",
    { type: tag("expression", "A rule decides."), expression },
    { required: ["type", "expression"] },
  ),
  object(
    "Taken when no other edge is; every tool or speak node with edges needs exactly one of these.",
    { type: tag("default", "Taken when no other edge is.") },
    { required: ["type"] },
  ),
]);

const target = variants("The target of the edge.", [
  object(
    "To another node of this flow.",
    { type: tag("node", "A node of this flow."), node_id: text("The id of the node.") },
    { required: ["type", "node_id"] },
  ),
  object(
    "To another assistant.",
    {
      type: tag("assistant", "Another assistant."),
      assistant_id: reference("The assistant that takes over.", "Assistant"),
      voice_mode: choice(
        "Whether the voice stays (`unified`) or changes (`distinct`).",
        ["unified", "distinct"],
        {
          default: "unified",
        },
      ),
      position,
    },
    { required: ["type", "assistant_id"] },
  ),
]);

const edge = object(
  "An edge from one node to the next.",
  {
    id: text("Names the edge; unique in the flow.", { examples: ["intake-to-billing"] }),
    start_node_id: text("The id of the node it leaves."),
    condition,
    target,
  },
  { required: ["id", "start_node_id", "target", "condition"] },
);

export const conversationFlow = object(
  "The conversation as a graph of nodes; null removes it.",
  {
    start_node_id: text("The id of the first node.", { examples: ["intake"] }),
    nodes: list(
      "The nodes.",
      variantsWithDefault("One node; without `type` it is a prompt node.", [promptNode, toolNode, speakNode]),
    ),
    edges: {
      ...list(
        "The edges between the nodes; of the edges that leave a node, the first one that matches is taken.",
        edge,
      ),
      "x-example-beside": [
        {
          below: "default",
          fields: { nodes: [{ type: "speak", id: "intake", message: "One moment, please." }] },
        },
      ],
    },
  },
  { required: ["start_node_id", "nodes"], nullable: true },
);
