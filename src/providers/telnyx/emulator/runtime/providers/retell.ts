import { type ProviderAssistant, secret } from "./provider.ts";

const voice = { voice: "Telnyx.KokoroTTS.af" };

/** Two agents have the same name. The third is a conversation flow, which cannot be imported. */
export const RETELL: readonly ProviderAssistant[] = [
  {
    id: "agent_7d1e5c0001",
    config: {
      name: "Support",
      instructions: "Help with invoices.",
      greeting: "Support, how can I help?",
      voice_settings: voice,
      tools: [
        {
          type: "webhook",
          webhook: {
            name: "get_invoice",
            description: "Reads an invoice.",
            url: "https://billing.example/invoices",
            headers: [{ name: "Authorization", value: `Bearer ${secret("billing")}` }],
          },
        },
      ],
    },
    secrets: ["billing"],
  },
  {
    id: "agent_7d1e5c0002",
    config: {
      name: "Support",
      instructions:
        "Greet the caller and ask for the problem.\n\n## Repair\nMake an appointment.\n\n## Return\nExplain how.",
      greeting: "Hello!",
      voice_settings: voice,
      tools: [{ type: "hangup", hangup: {} }],
    },
  },
  {
    id: "agent_7d1e5c0003",
    config: { name: "Lead qualification", instructions: "A flow of questions." },
    isLeftOut: true,
  },
];
