import type { Enhancer } from "../../../model/enhancement.ts";
import { type Api, pathOf, protocolError } from "../rest.ts";

/** Bytes of instructions. */
const LARGEST = 1024 * 1024;

/** Suggestions for instructions. The request changes nothing; one whose answer is lost is not sent again. */
export function enhancer(api: Api): Enhancer {
  return {
    enhance: async (assistantId, { instructions, prompt }) => {
      const path = pathOf("/ai/assistants/{id}/instructions/enhance", assistantId);
      const body = {
        ...(instructions !== undefined && { instructions }),
        ...(prompt !== undefined && { enhancement_prompt: prompt }),
      };
      const text = await api.actText({ method: "POST", path, body }, LARGEST);
      if (text.trim() === "") throw protocolError("POST", path, "the answer holds no instructions");
      return text;
    },
  };
}
