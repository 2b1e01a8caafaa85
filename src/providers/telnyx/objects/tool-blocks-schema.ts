import { choice, free, integer, list, object, prose, reference, text } from "./schema-builders.ts";
import { parameters } from "./webhook-schema.ts";

const functionName = text("What the model calls the tool.", { examples: ["show_map"] });
const functionDescription = prose("Tells the model when and how to use the tool.");

export const functionBlock = object(
  "A function that the model may call; other keys are sent unchanged.",
  {
    name: functionName,
    description: functionDescription,
    parameters: { ...free("The parameters, as a JSON Schema."), "x-json-schema": true },
  },
  { required: ["name"], open: true },
);

export const clientSideTool = object(
  "A function that runs in the caller's own application.",
  {
    name: functionName,
    description: functionDescription,
    parameters: parameters("The parameters that the model gives."),
  },
  { required: ["name", "description", "parameters"] },
);

export const retrieval = object(
  "Looks things up in documents.",
  {
    bucket_ids: list("Storage buckets whose documents are embedded.", text("The name of a bucket.")),
    max_num_results: integer("How many passages the model gets at most."),
  },
  { required: ["bucket_ids"] },
);

export const handoff = object(
  "Passes the conversation to another assistant.",
  {
    ai_assistants: list(
      "The assistants that may take over.",
      object(
        "One assistant.",
        {
          name: text("Tells the model when to choose it.", { examples: ["Billing questions"] }),
          id: reference("The assistant.", "Assistant"),
        },
        { required: ["name", "id"] },
      ),
    ),
    voice_mode: choice("Whether the voice stays (`unified`) or changes (`distinct`).", ["unified", "distinct"]),
  },
  { required: ["ai_assistants"] },
);

export const hangup = object("Ends the call.", {
  description: prose("Tells the model when to hang up.", { default: "This tool is used to hang up the call." }),
});

export const skipTurn = object("Lets a turn pass in silence.", {
  description: prose("Tells the model when to say nothing.", {
    default: "This tool is used to skip the assistant turn without producing a response.",
  }),
});

export const sendDtmf = free("Presses keys on the call; takes no settings, write `{}`.");

export const sendMessage = object(
  "Sends the caller a text message.",
  {
    message_template: prose("The text with dynamic variables; null lets the model write it.", {
      nullable: true,
    }),
  },
  { open: true },
);

export const pay = object(
  "Takes a card payment over the keypad (beta); needs `telephony_settings.disable_dtmf: true`.",
  {
    connector_name: text("The pay connector, which must exist at Telnyx.", { examples: ["acme-stripe"] }),
    currency: text("The currency.", { default: "USD" }),
    payment_method: text("The means of payment.", { default: "credit-card" }),
    description: prose("Tells the model when to take a payment.", { nullable: true, default: null }),
  },
  { required: ["connector_name"] },
);

export const updateDynamicVariables = object(
  "Lets the model set dynamic variables.",
  {
    name: text("What the model calls the tool.", {
      pattern: "^[a-zA-Z0-9_-]+$",
      examples: ["collect_details"],
    }),
    description: prose("Tells the model when to set which variables."),
    updatable_variables: list(
      "The variables that may be set.",
      object(
        "One variable.",
        {
          name: text("The name; `telnyx_` is reserved for the system's own.", {
            minLength: 1,
            pattern: "^(?!telnyx_)[a-zA-Z0-9._-]+$",
            examples: ["customer_name"],
          }),
          description: prose("Tells the model what to put there."),
          type: text("A hint at the kind of value.", { examples: ["string"] }),
        },
        { required: ["name"] },
      ),
      { minItems: 1 },
    ),
  },
  { required: ["name", "description", "updatable_variables"] },
);
