import { any, dateTime, either, flag, list, map, need, number, record, text } from "./shape.ts";

const scalar = either(text(), number(), flag);

export const createConversation = record({ metadata: map(scalar), name: text() });
export const updateConversation = record({ metadata: map(scalar) });

export const addMessage = record({
  content: text(),
  metadata: map(either(text(), number(), flag, list(scalar))),
  name: text(),
  role: need(text()),
  sent_at: dateTime,
  tool_call_id: text(),
  tool_calls: list(map(any)),
  tool_choice: either(text(), map(any)),
});

export const chatMessage = record({
  content: need(text()),
  conversation_id: need(text()),
  name: text(),
  stream: flag,
});
