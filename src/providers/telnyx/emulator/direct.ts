import { telnyxError } from "./errors.ts";
import { type Incoming, type Outgoing, type Pipeline, serve } from "./pipeline.ts";
import { type Route, ROUTES } from "./routes.ts";

/** A request that comes over no connection. */
export interface DirectRequest {
  readonly method: string;
  /** Below the base path. */
  readonly path: string;
  readonly query: string;
  readonly headers: Incoming["headers"];
  readonly text: string;
}

/** Answers as the server does. A connection that would break is told of by `delivery`. */
export function directly(pipeline: Pipeline): (request: DirectRequest) => Promise<Outgoing> {
  return (request) => {
    const { route, params } = routeOf(request);
    const queryValues = Object.fromEntries(new URLSearchParams(request.query));
    return serve(pipeline, route, { ...request, params, queryValues });
  };
}

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Routes by their number of segments; of two that fit, the one with the earlier fixed segment comes first. */
const BY_LENGTH = new Map<number, { readonly route: Route; readonly parts: readonly string[] }[]>();
for (const route of ROUTES) {
  const parts = route.path.split("/");
  BY_LENGTH.set(parts.length, [...(BY_LENGTH.get(parts.length) ?? []), { route, parts }]);
}
const openness = (parts: readonly string[]) => parts.map((part) => (part.startsWith(":") ? "1" : "0")).join("");
for (const routes of BY_LENGTH.values())
  routes.sort((a, b) => (openness(a.parts) < openness(b.parts) ? -1 : 1));

function routeOf({ method, path }: DirectRequest): Found {
  const own = path.split("/");
  const found = BY_LENGTH.get(own.length)?.find(
    ({ route, parts }) =>
      route.method === method && parts.every((part, index) => part.startsWith(":") || part === own[index]),
  );
  if (found === undefined) return { route: NOWHERE, params: {} };
  const params = found.parts.flatMap((part, index) =>
    part.startsWith(":") ? [[part.slice(1), decodeURIComponent(own[index] ?? "")] as const] : [],
  );
  return { route: found.route, params: Object.fromEntries(params) };
}

/** Mistaken paths go through the same door, so that they are logged. */
export const NOWHERE: Route = {
  method: "GET",
  path: "*",
  handler: () => telnyxError(404, "The requested resource or URL could not be found", "10005"),
};
