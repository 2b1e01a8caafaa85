import { type ProviderAssistant, secret } from "./provider.ts";

export const VAPI: readonly ProviderAssistant[] = [
  {
    id: "6f1c0a52-90c4-4f0e-9d53-2f6a3b6f0a01",
    config: {
      name: "Pizza hotline",
      instructions:
        "Take orders for pizza.\n\nRepeat the order before you place it.\nThe caller is {{customer_name}}.",
      greeting: "Pizza hotline, what can I get you?",
      dynamic_variables: { customer_name: "there" },
      tools: [
        {
          type: "webhook",
          timeout_ms: 8000,
          webhook: {
            name: "place_order",
            description: "Places the order.",
            url: "https://orders.pizza.example/api/orders",
            headers: [{ name: "Authorization", value: `Bearer ${secret("pizza-orders")}` }],
            body_parameters: {
              type: "object",
              properties: { items: { type: "array", items: { type: "string" } } },
              required: ["items"],
            },
          },
        },
        {
          type: "transfer",
          transfer: {
            from: "+15550100001",
            targets: [{ name: "Shift manager", to: "+15550100002" }],
            description: "Transfers to the shift manager.",
          },
        },
        { type: "hangup", hangup: {} },
      ],
    },
    secrets: ["pizza-orders"],
    elevenlabs_voice: "ElevenLabs.eleven_turbo_v2_5.21m00Tcm4TlvDq8ikWAM",
  },
  {
    id: "6f1c0a52-90c4-4f0e-9d53-2f6a3b6f0a02",
    config: {
      name: "Clinic intake",
      instructions: "Ask for the name, the date of birth and the reason of the call.\nGive no medical advice.",
      greeting: "",
      privacy_settings: { data_retention: false },
      tools: [{ type: "hangup", hangup: { description: "Ends the call when all questions are answered." } }],
    },
    insights: [
      { name: "Reason", instructions: "Name the reason of the call in one sentence." },
      { name: "Urgency", instructions: "Rate the urgency from 1 to 5." },
    ],
  },
  {
    id: "6f1c0a52-90c4-4f0e-9d53-2f6a3b6f0a03",
    config: {
      name: "Survey",
      instructions: "Ask three questions about the last visit.",
      greeting: "Do you have a minute?",
    },
  },
];
