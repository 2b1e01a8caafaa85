import { telnyxError } from "./errors.ts";
import { type Incoming, type Outgoing, type Pipeline, serve } from "./pipeline.ts";
import { type Route, ROUTES } from "./routes.ts";

/** A request as it arrives, over a connection or without one. */
export interface DirectRequest {
  readonly method: string;
  /** Below the base path. */
  readonly path: string;
  readonly query: string;
  readonly headers: Incoming["headers"];
  readonly text: string;
}

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Requests for unknown paths are handled in the same way, so that they are logged. */
export const NOWHERE: Found = {
  route: {
    method: "GET",
    path: "*",
    handler: () => telnyxError(404, "The requested resource or URL could not be found", "10005"),
  },
  params: {},
};

/** The answer to a request. `delivery` says whether the connection would break. */
export async function answered(
  pipeline: Pipeline,
  request: DirectRequest,
  { route, params }: Found = routeOf(request),
): Promise<Outgoing> {
  const queryValues = Object.fromEntries(new URLSearchParams(request.query));
  return serve(pipeline, route, { ...request, params, queryValues });
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
  const wanted = method === "HEAD" ? "GET" : method;
  const own = path.split("/").map(decodeURIComponent);
  const found = BY_LENGTH.get(own.length)?.find(
    ({ route, parts }) =>
      route.method === wanted && parts.every((part, index) => part.startsWith(":") || part === own[index]),
  );
  if (found === undefined) return NOWHERE;
  const params = found.parts.flatMap((part, index) =>
    part.startsWith(":") ? [[part.slice(1), own[index] ?? ""] as const] : [],
  );
  return { route: found.route, params: Object.fromEntries(params) };
}
