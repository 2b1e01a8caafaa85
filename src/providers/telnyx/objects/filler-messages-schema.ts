import { integer, list, object, prose, tag, variants } from "./schema-builders.ts";

const content = prose("What is said.", { minLength: 1 });

function delay(description: string) {
  return integer(description, { minimum: 100, maximum: 120000 });
}

/** What the assistant says while it waits, for a webhook or for a remote agent. */
export const fillerMessages = list(
  "What the assistant says while it waits; unused when it does not wait (`async`).",
  variants("One message.", [
    object(
      "Said at once.",
      {
        type: tag("request_start", "Said when the request begins."),
        content,
        timing_ms: delay("A delay in milliseconds, which the API accepts here and ignores."),
      },
      { required: ["type", "content"] },
    ),
    object(
      "Said when it takes long.",
      {
        type: tag("request_response_delayed", "Said when the answer is still missing after `timing_ms`."),
        content,
        timing_ms: delay("Milliseconds to wait before the message."),
      },
      { required: ["type", "content", "timing_ms"] },
    ),
  ]),
);
