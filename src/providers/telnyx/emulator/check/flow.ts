import { externalLlm, transcription, voiceSettings } from "./blocks.ts";
import {
  among,
  fill,
  flag,
  later,
  list,
  need,
  number,
  orNull,
  record,
  type Shape,
  tagged,
  text,
} from "./shape.ts";

const position = record({ x: need(number()), y: need(number()) });

const promptNode = record({
  external_llm: externalLlm,
  id: need(text()),
  instructions: need(text()),
  instructions_mode: fill(among("replace", "append"), "replace"),
  llm_api_key_ref: orNull(text()),
  model: text(),
  name: text(),
  position,
  shared_tool_ids: list(text()),
  tools_mode: fill(among("replace", "append"), "replace"),
  transcription,
  type: fill(among("prompt"), "prompt"),
  voice_settings: voiceSettings,
});

const toolNode = record({
  id: need(text()),
  message: text(),
  name: text(),
  position,
  shared_tool_id: need(text()),
  type: need(among("tool")),
});

const speakNode = record({
  id: need(text()),
  message: need(text()),
  name: text(),
  position,
  type: need(among("speak")),
});

const expression: Shape = tagged({
  comparison: record({
    type: need(text()),
    op: need(among("==", "!=", "<", "<=", ">", ">=", "contains", "not_contains")),
    left: need(later(() => expression)),
    right: need(later(() => expression)),
  }),
  bool_op: record({
    type: need(text()),
    op: need(among("and", "or", "not")),
    operands: need(list(later(() => expression))),
  }),
  arithmetic: record({
    type: need(text()),
    op: need(among("+", "-", "*", "/", "%")),
    left: need(later(() => expression)),
    right: need(later(() => expression)),
  }),
  variable: record({ type: need(text()), name: need(text()) }),
  string_literal: record({ type: need(text()), value: need(text()) }),
  number_literal: record({ type: need(text()), value: need(number()) }),
  bool_literal: record({ type: need(text()), value: need(flag) }),
});

const edge = record({
  condition: need(
    tagged({
      llm: record({ type: need(text()), prompt: need(text()) }),
      expression: record({ type: need(text()), expression: need(expression) }),
      default: record({ type: need(text()) }),
    }),
  ),
  id: need(text()),
  start_node_id: need(text()),
  target: need(
    tagged({
      node: record({ type: need(text()), node_id: need(text()) }),
      assistant: record({
        type: need(text()),
        assistant_id: need(text()),
        position,
        voice_mode: fill(among("unified", "distinct"), "unified"),
      }),
    }),
  ),
});

export const conversationFlow = record({
  edges: list(edge),
  nodes: need(list(tagged({ prompt: promptNode, tool: toolNode, speak: speakNode }, "prompt"))),
  start_node_id: need(text()),
});
