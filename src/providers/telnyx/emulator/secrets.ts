import { createSecret } from "./check/others.ts";
import { Refusal, telnyxError } from "./errors.ts";
import { askedFor, paged } from "./pages.ts";
import type { Plain } from "./records.ts";
import { recordIn } from "./store.ts";
import { bodyOf, created, type Handler, NO_CONTENT, param, timestamp } from "./world.ts";

/** What each type of secret must contain. It is not stored. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  bearer: ["token"],
  basic: ["username", "password"],
};

const refused = (detail: string, pointer: string, code?: string) =>
  new Refusal(telnyxError(422, detail, code ?? "10015", pointer));

/** Only the filter uses the type: answers do not contain it. */
function secretView(secret: Plain): Plain {
  const { type: _type, ...shown } = secret;
  return shown;
}

export const listSecrets: Handler = (call) => {
  const type = call.query["filter[type]"];
  if (type !== undefined && VALUES[type] === undefined)
    throw new Refusal(telnyxError(400, `Unknown filter type '${type}'`));
  const found = call.world.store.secrets.all().filter(askedFor(call, { "filter[type]": "type" }));
  const refuse = () => new Refusal(telnyxError(400, "Invalid page"));
  return paged(call, found, secretView, { max: 250, refuse });
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
  const { secrets } = call.world.store;
  secrets.drop(recordIn(secrets, "Integration secret", param(call, "id")).id);
  return NO_CONTENT;
};
