import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";

export const WARMER = `apiVersion: rollcall.dev/v1
kind: AssistantVersion
metadata: { name: warmer }
spec: { assistant: { ref: Assistant/front-desk }, changes: { greeting: "A warm hello, how can I help?" } }
`;

/** An integration secret with a key of another provider. */
export function keyOfVapi({ portal }: Emulator): void {
  const token = ["key", "of", "vapi"].join("-");
  portal.create("IntegrationSecret", { identifier: "vapi-key", type: "bearer", token });
}

/** Gives every assistant a messaging profile and a tool. */
export function withMessaging({ portal, state }: Emulator): void {
  const webhook = { name: "open_ticket", description: "d", url: "https://api.acme.example/tickets" };
  const tool = { display_name: "Open a ticket", type: "webhook", webhook };
  const known = state().tools.find((each) => each["display_name"] === tool.display_name);
  const id = known?.["id"] ?? portal.create("Tool", tool);
  for (const assistant of state().assistants)
    portal.edit("Assistant", assistant.id, {
      messaging_settings: { default_messaging_profile_id: "profile-1" },
      tool_ids: [id],
    });
}

/** A version of the front desk that was made in the portal. */
export function withVersion({ portal, state }: Emulator, version: string): void {
  const frontDesk = state().assistants.find(({ main }) => main["name"] === "Front desk");
  const body = { assistant_id: frontDesk?.id ?? "", version_name: version, greeting: "Hello there." };
  if (frontDesk?.versions.some(({ version_name: name }) => name === version) !== true)
    portal.create("AssistantVersion", body);
}
