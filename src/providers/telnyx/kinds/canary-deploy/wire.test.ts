import { expect, test } from "vitest";
import { fromLive, liftVersions, toWire } from "./wire.ts";

const LIFTED = [{ match: [], serve: { rollout: [{ version_id: "v2", weight: 10 }] } }];

test("the older form is converted to one rule, in manifests and in responses", () => {
  const versions = [{ version_id: "v2", percentage: 10 }];
  expect(liftVersions({ assistant: "a", versions })).toEqual({ assistant: "a", rules: LIFTED });
  expect(toWire({ assistant: "a", versions })).toEqual({ rules: LIFTED });
  expect(fromLive({ assistant_id: "a", created_at: "x", updated_at: "y", versions })).toEqual({
    assistant: "a",
    rules: LIFTED,
  });
});

test("references in the older form stay references", () => {
  const ref = { ref: "AssistantVersion/warm" };
  expect(liftVersions({ versions: [{ version_id: ref, percentage: 5 }] })).toEqual({
    rules: [{ match: [], serve: { rollout: [{ version_id: ref, weight: 5 }] } }],
  });
});

test("rules take precedence over the older form, and an empty older form is ignored", () => {
  expect(liftVersions({ rules: LIFTED, versions: [{ version_id: "v9", percentage: 1 }] })).toEqual({
    rules: LIFTED,
  });
  expect(liftVersions({ versions: [] })).toEqual({});
  expect(liftVersions({ rules: LIFTED })).toEqual({ rules: LIFTED });
});

test("rules keep their order, and a rule for everyone has an empty match", () => {
  const clause = { attribute: "telnyx_end_user_target", operator: "in", values: ["+15550001111"] };
  const rules = [{ match: [clause], serve: { version_id: "v3" } }, { serve: { version_id: "v2" } }];
  const said = [rules[0], { serve: { version_id: "v2" }, match: [] }];
  expect(toWire({ assistant: "a", rules })).toEqual({ rules: said });
  expect(fromLive({ assistant_id: "a", rules })).toEqual({ assistant: "a", rules: said });
});

test("a null in serve is not sent", () => {
  const rules = [{ match: null, serve: { version_id: "v2", rollout: null } }];
  expect(toWire(fromLive({ assistant_id: "a", rules }))).toEqual({
    rules: [{ match: [], serve: { version_id: "v2" } }],
  });
});
