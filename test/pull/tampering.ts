import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isList, isObject, stringify, type Json } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";

export type Path = readonly (string | number)[];

/** Stands before an API, and shows one value of one object as another one. */
export interface Tampering {
  readonly url: string;
  show(id: string, path: Path, value: Json): void;
  close(): Promise<void>;
}

export async function tamperWith(api: string): Promise<Tampering> {
  let shown: { readonly id: string; readonly path: Path; readonly value: Json } | undefined;
  const changed = (value: Json): Json => {
    if (isList(value)) return value.map(changed);
    if (!isObject(value)) return value;
    const isMeant = shown !== undefined && [value["id"], value["test_id"]].includes(shown.id);
    if (isMeant) return replaced(value, shown?.path ?? [], shown?.value ?? null);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changed(item)]));
  };
  const { origin, pathname } = new URL(api);
  const server = createServer(async (request, response) => {
    const { authorization = "" } = request.headers;
    const answer = await fetch(origin + request.url, {
      method: request.method ?? "GET",
      headers: { authorization },
    });
    const text = await answer.text();
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(text === "" ? "" : stringify(changed(parseJson(text))));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    show: (id, path, value) => (shown = { id, path, value }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** The value with another one at a path that is there. */
function replaced(value: Json, [step, ...rest]: Path, next: Json): Json {
  if (step === undefined) return next;
  if (isList(value)) return value.map((item, index) => (index === step ? replaced(item, rest, next) : item));
  if (!isObject(value) || value[step] === undefined) return value;
  return { ...value, [step]: replaced(value[step], rest, next) };
}
