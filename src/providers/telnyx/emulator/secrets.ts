import { createSecret } from "./check/others.ts";
import { notFound, Refusal, telnyxError } from "./errors.ts";
import { pageBody, pageOf } from "./pages.ts";
import type { Plain } from "./records.ts";
import { bodyOf, created, type Handler, NO_CONTENT, param, timestamp, ok } from "./world.ts";

/** What each type of secret must carry. None of it is kept. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  bearer: ["token"],
  basic: ["username", "password"],
};

const refused = (detail: string, pointer: string, code?: string) =>
  new Refusal(telnyxError(422, detail, code ?? "10015", pointer));

/** The type is only known to the filter: answers do not carry it. */
function secretView(secret: Plain): Plain {
  const { type: _type, ...shown } = secret;
  return shown;
}

export const listSecrets: Handler = (call) => {
  const type = call.query["filter[type]"];
  if (type !== undefined && VALUES[type] === undefined)
    throw new Refusal(telnyxError(400, `Unknown filter type '${type}'`));
  const found = call.world.store.secrets.all().filter((one) => type === undefined || one["type"] === type);
  const refuse = () => new Refusal(telnyxError(400, "Invalid page"));
  const page = pageOf(call, found, { max: 250, refuse });
  return ok(pageBody({ ...page, items: page.items.map(secretView) }));
};

export const postSecret: Handler = (call) => {
  const { world } = call;
  const body = bodyOf(call, createSecret);
  const missing = VALUES[String(body["type"])]?.find((key) => body[key] === undefined);
  if (missing !== undefined) throw refused(`${missing} is required`, `/${missing}`);
  const taken = world.store.secrets.all().some((one) => one["identifier"] === body["identifier"]);
  if (taken) throw refused("identifier has already been taken", "/identifier", "10012");
  const now = timestamp(world);
  const secret: Plain = {
    id: world.chance.uuid(),
    identifier: body["identifier"] ?? null,
    record_type: "integration_secret",
    type: body["type"] ?? null,
    created_at: now,
    updated_at: now,
  };
  world.store.secrets.put(secret.id, secret);
  return created({ data: secretView(secret) });
};

export const deleteSecret: Handler = (call) => {
  const id = param(call, "id");
  if (call.world.store.secrets.get(id) === undefined) throw notFound("Integration secret", id);
  call.world.store.secrets.drop(id);
  return NO_CONTENT;
};
