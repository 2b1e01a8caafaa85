import { type ProviderAssistant, secret } from "./provider.ts";

export const ELEVENLABS: readonly ProviderAssistant[] = [
  {
    id: "agent_01hotelreception",
    config: {
      name: "Hotel reception",
      instructions: "You answer the telephone of a small hotel.\nLook up rooms before you promise one.",
      greeting: "Hotel by the lake, good day!",
      dynamic_variables: { season: "summer" },
      tools: [
        {
          type: "webhook",
          webhook: {
            name: "find_rooms",
            description: "Finds free rooms.",
            method: "GET",
            url: "https://rooms.hotel.example/free/{house}",
            headers: [{ name: "X-Api-Key", value: secret("rooms-key") }],
            path_parameters: { type: "object", properties: { house: { type: "string" } }, required: ["house"] },
            query_parameters: {
              type: "object",
              properties: { from: { type: "string" }, to: { type: "string" } },
            },
          },
        },
        { type: "hangup", hangup: {} },
      ],
    },
    secrets: ["rooms-key"],
    mcp_servers: [
      {
        name: "Hotel CRM",
        url: "https://mcp.hotel.example/sse",
        allowed_tools: ["find_guest"],
        api_key_ref: "crm-key",
      },
    ],
    elevenlabs_voice: "ElevenLabs.eleven_flash_v2_5.EXAVITQu4vr4xnSDxMaL",
  },
  {
    id: "agent_02spa",
    config: {
      name: "Spa / bookings",
      instructions: "Book appointments for the spa.",
      greeting: "<assistant-speaks-first-with-model-generated-message>",
    },
    insights: [{ name: "Booked", instructions: "Say whether an appointment was booked." }],
    elevenlabs_voice: "ElevenLabs.eleven_flash_v2_5.EXAVITQu4vr4xnSDxMaL",
  },
];
