import { type Api, pathOf } from "../rest.ts";

/** What a call to the assistant runs, as TeXML. */
export function texmlOf(api: Api, id: string): Promise<string | undefined> {
  return api.findText(pathOf("/ai/assistants/{id}/texml", id));
}
