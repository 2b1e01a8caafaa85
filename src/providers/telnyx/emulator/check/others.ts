import {
  among,
  either,
  fill,
  free,
  integer,
  list,
  need,
  number,
  orNull,
  partial,
  record,
  text,
} from "./shape.ts";

const rubric = list(record({ criteria: need(text()), name: need(text()) }, "forbid"), { min: 1 });

export const createTest = record({
  description: text({ max: 1000 }),
  destination: need(text({ min: 1 })),
  instructions: need(text({ min: 1, max: 5000 })),
  max_duration_seconds: integer(1, 3600),
  name: need(text({ min: 1, max: 255 })),
  rubric: need(rubric),
  telnyx_conversation_channel: fill(among("phone_call", "web_call", "sms_chat", "web_chat"), "web_chat"),
  test_suite: text({ max: 100 }),
});
export const updateTest = partial(createTest);
export const triggerRun = record({ destination_version_id: text() });

export const createMcpServer = record({
  allowed_tools: orNull(list(text())),
  api_key_ref: orNull(text()),
  name: need(text()),
  type: need(text()),
  url: need(text()),
});
export const updateMcpServer = partial(createMcpServer);

const clause = record({
  attribute: need(text()),
  operator: need(among("in", "not_in", "starts_with")),
  values: need(list(text(), { min: 1 })),
});
const serve = record({
  rollout: list(record({ version_id: need(text()), weight: need(number(0, 100)) })),
  version_id: text(),
});
export const canaryDeploy = record({ rules: list(record({ match: list(clause), serve: need(serve) })) });

export const createInsightGroup = record({
  description: text(),
  name: need(text()),
  webhook: fill(text(), ""),
});
export const updateInsightGroup = partial(createInsightGroup);

export const createInsight = record({
  instructions: need(text()),
  json_schema: either(text(), free),
  name: need(text()),
  webhook: fill(text(), ""),
});
export const updateInsight = partial(createInsight);

export const createSecret = record({
  identifier: need(text()),
  password: text(),
  token: text(),
  type: need(among("bearer", "basic")),
  username: text(),
});
