import type { Plan } from "../../../src/model/plan.ts";
import { change, drift, NEW_PROMPT, path, plan, PROMPT, spec, step, unmanaged } from "./fixtures.ts";

/** A day like any other: one creation, a prompt, a portal edit to undo. */
const everyday: Plan = plan({
  drift: [
    drift("Assistant/billing", "changed", {
      changes: [
        path("greeting", "drift", [
          "Thanks for holding!",
          "Thanks for calling Acme billing.",
          "Thanks for calling Acme billing.",
        ]),
        path("voice_settings.voice_speed", "drift", [1.4, 1, 1]),
      ],
    }),
  ],
  changes: [
    change("McpServer/crm", "create", {
      after: { name: "crm", type: "http", url: "https://mcp.acme.example/crm", allowed_tools: ["lookup_customer", "list_orders"] },
    }),
    change("Assistant/billing", "update", {
      id: "assistant-77b0",
      risks: ["reaches-callers"],
      changes: [
        path("greeting", "drift", [
          "Thanks for holding!",
          "Thanks for calling Acme billing.",
          "Thanks for calling Acme billing.",
        ]),
        path("voice_settings.voice_speed", "drift", [1.4, 1, 1]),
      ],
      unmanaged: unmanaged(28),
    }),
    change("Assistant/front-desk", "update", {
      id: "assistant-3e1c",
      risks: ["reaches-callers", "child-reset"],
      changes: [
        path("instructions", "pending", [PROMPT, NEW_PROMPT, PROMPT], { multiline: true, file: "prompts/front-desk.md" }),
        path("mcp_servers[McpServer/crm]", "pending", [undefined, { id: { ref: "McpServer/crm" }, allowed_tools: ["lookup_customer"] }], {
          unknown: true,
        }),
        path("tags[spanish]", "pending", [undefined, true]),
        path("tags[trial]", "pending", [true, undefined, true]),
        path("voice_settings.voice_speed", "pending", [1, 1.1, 1]),
      ],
      unmanaged: unmanaged(31),
      before: spec({ tags: ["english", "support", "trial"] }),
      after: spec({ instructions: NEW_PROMPT, tags: ["english", "support", "spanish"] }),
    }),
    change("CanaryDeploy/front-desk", "no-op"),
  ],
  steps: [
    step("McpServer/crm", "create"),
    step("Assistant/billing", "update"),
    step("Assistant/front-desk", "update", { needs: ["McpServer/crm"] }),
    step("CanaryDeploy/front-desk", "restore", { needs: ["Assistant/front-desk"] }),
  ],
});

/** The first plan of a project: two assistants that hand over to each other, and what they use. */
const firstPlan: Plan = plan({
  names: {},
  ledger: { serial: 0 },
  counts: { manifests: 5, live: 0 },
  changes: [
    change("Tool/open-ticket", "create", {
      after: {
        type: "webhook",
        webhook: {
          name: "open_ticket",
          description: "Opens a ticket in the help desk and returns its number.",
          url: "https://hooks.acme.example/tickets",
          method: "POST",
          headers: [{ name: "X-Api-Key", value: "rollcall:sha256:3b1d99a210" }],
        },
      },
    }),
    change("Assistant/billing", "create", {
      risks: ["reaches-callers"],
      changes: [path("instructions", "pending", [undefined, PROMPT], { multiline: true, file: "prompts/billing.md" })],
      after: spec({
        name: "Billing",
        tools: [{ type: "handoff", handoff: { ai_assistants: [{ name: "front desk", id: { ref: "Assistant/front-desk" } }] } }],
      }),
    }),
    change("Assistant/front-desk", "create", {
      risks: ["reaches-callers"],
      changes: [path("instructions", "pending", [undefined, PROMPT], { multiline: true, file: "prompts/front-desk.md" })],
      after: spec({
        tool_ids: [{ ref: "Tool/open-ticket" }],
        tools: [{ type: "handoff", handoff: { ai_assistants: [{ name: "billing", id: { ref: "Assistant/billing" } }] } }],
        voice_settings: { voice: "Telnyx.KokoroTTS.af_heart", voice_speed: 1.1 },
        dynamic_variables: {},
        greeting: "",
      }),
    }),
    change("AssistantVersion/front-desk-candidate", "create", {
      after: { assistant: { ref: "Assistant/front-desk" }, version_name: "candidate", changes: { greeting: "Hello from Acme!" } },
    }),
    change("CanaryDeploy/front-desk", "create", {
      after: {
        assistant: { ref: "Assistant/front-desk" },
        rules: [{ serve: { rollout: [{ version_id: { ref: "AssistantVersion/front-desk-candidate" }, weight: 10 }] } }],
      },
    }),
  ],
  steps: [
    step("Tool/open-ticket", "create"),
    step("Assistant/billing", "create", { omit: ["tools"] }),
    step("Assistant/front-desk", "create", { needs: ["Tool/open-ticket", "Assistant/billing"] }),
    step("Assistant/billing#complete", "complete", { needs: ["Assistant/billing", "Assistant/front-desk"] }),
    step("AssistantVersion/front-desk-candidate", "create", { needs: ["Assistant/front-desk"] }),
    step("CanaryDeploy/front-desk", "create", { needs: ["AssistantVersion/front-desk-candidate"] }),
  ],
});

/** Someone changed what the manifests changed too, and two guards stand in the way. */
const conflicts: Plan = plan({
  drift: [
    drift("Assistant/front-desk", "changed", {
      id: "assistant-3e1c",
      changes: [
        path("greeting", "conflict", ["Welcome to Acme, please hold.", "Hello, Acme here.", "Hi, this is Acme. How can I help?"]),
        path("instructions", "conflict", [PROMPT.replace("Be brief and warm.", "Be brief."), NEW_PROMPT, PROMPT], { multiline: true }),
      ],
      unmanaged: [path("telephony_settings.time_limit_secs", "unmanaged", [3600, undefined, 1800])],
    }),
  ],
  changes: [
    change("Assistant/front-desk", "update", {
      id: "assistant-3e1c",
      risks: ["reaches-callers"],
      changes: [
        path("greeting", "conflict", ["Welcome to Acme, please hold.", "Hello, Acme here.", "Hi, this is Acme. How can I help?"]),
        path("instructions", "conflict", [PROMPT.replace("Be brief and warm.", "Be brief."), NEW_PROMPT, PROMPT], {
          multiline: true,
          file: "prompts/front-desk.md",
        }),
        path("model", "pending", ["openai/gpt-4o", "openai/gpt-4.1", "openai/gpt-4o"]),
      ],
      unmanaged: unmanaged(30),
    }),
    change("Assistant/legacy", "delete", { id: "assistant-0001", risks: ["deletes", "protected"], before: { name: "Legacy line" } }),
  ],
  refusals: [
    {
      address: "Assistant/front-desk",
      rule: "conflict",
      message: "2 paths were changed both in the manifest and outside Git since the last apply",
      hint: "take the live value into the manifest, or overwrite it with --on-conflict=overwrite",
    },
    {
      address: "Assistant/legacy",
      rule: "protected",
      message: "Assistant/legacy is protected and would be deleted",
      hint: "apply it once with lifecycle.protect: false, then delete it",
    },
    {
      rule: "mass-change",
      message: "12 of 14 managed objects would be updated or deleted: more than 30%",
      hint: "check the plan; to allow it, pass --allow-mass-change",
    },
  ],
  counts: { manifests: 13, live: 14 },
});

/** Every other action and class. */
const everything: Plan = plan({
  drift: [
    drift("Assistant/spanish", "deleted", { id: "assistant-5a5a" }),
    drift("Assistant/support", "appeared", { id: "assistant-dead", kind: "CanaryDeploy" }),
    drift("Assistant/support", "changed", {
      id: "assistant-dead",
      changes: [path("tags[vip]", "drift", [true, undefined])],
      unmanaged: [path("telephony_settings.time_limit_secs", "unmanaged", [3600, undefined, 1800])],
    }),
  ],
  changes: [
    change("Assistant/spanish", "create", {
      reason: "it was deleted outside Git",
      risks: ["reaches-callers"],
      after: spec({ name: "Línea en español", greeting: "Hola, ha llamado a Acme. ¿En qué puedo ayudarle?" }),
    }),
    change("Assistant/support", "update", {
      id: "assistant-dead",
      movedFrom: "Assistant/helpdesk",
      risks: ["reaches-callers"],
      changes: [
        path("description", "released", ["Second level support", undefined, "Second level support"]),
        path("greeting", "unset", ["Support, hello!", "", "Support, hello!"]),
        path("llm_api_key_ref", "unset", ["openai-key", undefined, "openai-key"]),
        path("tags[vip]", "drift", [true, undefined]),
        path(
          "tools[webhook:lookup]",
          "pending",
          [
            undefined,
            {
              type: "webhook",
              webhook: {
                name: "lookup",
                description: "Looks up a customer by phone number.",
                url: "https://hooks.acme.example/lookup",
                headers: [
                  { name: "X-Tenant", value: "acme" },
                  { name: "X-Mode", value: "voice" },
                ],
              },
            },
          ],
        ),
        path(
          "tools[order]",
          "pending",
          [
            ["handoff:", "hangup:"],
            ["hangup:", "handoff:"],
          ],
        ),
        path("tools[handoff:billing].handoff.ai_assistants[0].id", "pending", ["assistant-77b0", "assistant-3e1c", "assistant-77b0"]),
        path("webhook.secret", "pending", ["rollcall:sha256:aaaaaaaaaa", "rollcall:sha256:bbbbbbbbbb"], { sensitive: true }),
        path(
          "fallback_config.message",
          "pending",
          [
            "We are sorry, all our colleagues are in a call. Please leave your number and we will call you back today.",
            "We are sorry, all our colleagues are in a call. Please leave your name and number, and we will call you back within the hour.",
          ],
        ),
      ],
      unmanaged: unmanaged(1),
    }),
    change("Assistant/appointments", "adopt", {
      id: "assistant-c0de",
      changes: [path("greeting", "no-baseline", ["Appointments, hello.", "Acme appointments, hello!"]), path("model", "no-baseline", ["openai/gpt-4o", "openai/gpt-4.1"])],
      risks: ["reaches-callers"],
    }),
    change("McpServer/calendar", "adopt", { id: "mcp_cal" }),
    change("Tool/open-ticket", "update", {
      id: "tool-91aa",
      risks: ["shared-object"],
      usedBy: 5,
      changes: [path("webhook.timeout_ms", "pending", [5000, 8000, 5000])],
    }),
    change("AssistantVersion/front-desk-candidate", "replace", {
      id: "assistant-3e1c/v7",
      reason: "version_name cannot be changed on a live object",
      changes: [path("version_name", "pending", ["candidate", "candidate 2", "candidate"])],
    }),
    change("CanaryDeploy/front-desk", "update", {
      id: "assistant-3e1c",
      risks: ["wider-rollout"],
      changes: [path("rules[0].serve.rollout[0].weight", "pending", [10, 25, 10])],
    }),
    change("Assistant/old-line", "delete", {
      id: "assistant-0001",
      reason: "no longer in the manifests",
      risks: ["deletes"],
      before: { name: "Old line", instructions: PROMPT },
    }),
    change("Tool/hang-up", "move", { id: "tool-4444", movedFrom: "Tool/hangup" }),
    change("McpServer/gone", "forget", { id: "mcp_gone", reason: "it was deleted outside Git and is no longer declared" }),
    change("Assistant/billing", "no-op", {
      id: "assistant-77b0",
      changes: [path("voice_settings.voice_speed", "released", [1.2, undefined, 1.2])],
    }),
    change("Assistant/quiet", "no-op", { unmanaged: unmanaged(12) }),
    change("Tool/left-over", "no-op", { id: "tool-0404", reason: "no longer in the manifests; use --prune to delete it" }),
  ],
  foreign: { Assistant: 3, Tool: 1 },
  counts: { manifests: 21, live: 24 },
});

/** Only portal edits: nothing is pending. */
const driftOnly: Plan = plan({
  drift: [
    drift("Assistant/billing", "changed", {
      changes: [
        path("instructions", "drift", [PROMPT.replace("Be brief and warm.", "Be brief, warm, and sell the garden set."), PROMPT, PROMPT], {
          multiline: true,
          file: "prompts/billing.md",
        }),
      ],
      unmanaged: [path("telephony_settings.time_limit_secs", "unmanaged", [3600, undefined, 1800])],
    }),
  ],
  changes: [
    change("Assistant/billing", "update", {
      id: "assistant-77b0",
      risks: ["reaches-callers"],
      changes: [
        path("instructions", "drift", [PROMPT.replace("Be brief and warm.", "Be brief, warm, and sell the garden set."), PROMPT, PROMPT], {
          multiline: true,
          file: "prompts/billing.md",
        }),
      ],
      unmanaged: unmanaged(30),
    }),
    change("Assistant/front-desk", "no-op"),
  ],
  steps: [step("Assistant/billing", "update")],
});

/** The manifest is gone, and nobody asked to prune. */
const leftOver: Plan = plan({
  changes: [change("Tool/left-over", "no-op", { id: "tool-0404", reason: "no longer in the manifests; use --prune to delete it" })],
});

const nothing: Plan = plan({ changes: [change("Assistant/front-desk", "no-op", { unmanaged: unmanaged(40) })], counts: { manifests: 1, live: 1 } });

/** Nothing is written: what differs is observed. */
const observed: Plan = plan({
  drift: [
    drift("Assistant/billing", "changed", {
      changes: [
        path("greeting", "drift", ["Thanks for holding!", "Acme billing.", "Acme billing."]),
        path("instructions", "conflict", [PROMPT, NEW_PROMPT, "Be brief."], { multiline: true }),
      ],
    }),
    drift("Tool/gone", "deleted"),
  ],
  changes: [
    change("Assistant/billing", "observe", {
      id: "assistant-77b0",
      changes: [
        path("greeting", "drift", ["Thanks for holding!", "Acme billing.", "Acme billing."]),
        path("instructions", "conflict", [PROMPT, NEW_PROMPT, "Be brief."], { multiline: true }),
        path("tags[spanish]", "pending", [undefined, true]),
      ],
    }),
    change("Tool/gone", "observe", { reason: "it was deleted outside Git; it is observed, and not created" }),
    change("Assistant/front-desk", "observe", { id: "assistant-3e1c" }),
  ],
});

const overwritten: Plan = plan({ ...conflicts, refusals: [], changes: conflicts.changes.slice(0, 1) });

export const plans = { driftOnly, leftOver, everyday, firstPlan, conflicts, everything, nothing, observed, overwritten };
