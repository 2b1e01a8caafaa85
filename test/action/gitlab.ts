import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const PROJECT = "42";
export const TOKEN = "glpat-of-the-test";

interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
}

interface Issue {
  readonly iid: number;
  title: string;
  description: string;
  state: "opened" | "closed";
  readonly author: { readonly id: number };
  readonly web_url: string;
}

/** GitLab's API as its documentation has it, over a real socket, two elements a page. The token is user 7. */
export interface FakeGitLab {
  readonly url: string;
  readonly log: string[];
  readonly notes: Note[];
  readonly issues: Issue[];
  readonly mergeRequests: Issue[];
  close(): Promise<void>;
}

const ME = { id: 7 };
const PAGE = 2;

export async function startGitLab(): Promise<FakeGitLab> {
  const close = () => new Promise<void>((done) => server.close(() => done()));
  const self: FakeGitLab = { url: "", log: [], notes: [], issues: [], mergeRequests: [], close };
  const answer = (
    method: string,
    url: URL,
    body: Readonly<Record<string, string>>,
  ): readonly [number, unknown] => {
    const path = url.pathname.replace(`/api/v4/projects/${PROJECT}`, "");
    const [id] = /\d+$/.exec(path) ?? [];
    const note = self.notes.find((one) => String(one.id) === id);
    const things = path.startsWith("/merge_requests") ? self.mergeRequests : self.issues;
    const issue = things.find((one) => String(one.iid) === id);
    switch (`${method} ${path.replace(/\/\d+$/, "/N").replace(/^\/merge_requests(?!\/3\/)/, "/issues")}`) {
      case "GET /api/v4/user":
        return [200, ME];
      case "GET /merge_requests/3/notes":
        return [200, self.notes];
      case "POST /merge_requests/3/notes":
        self.notes.push({ id: 500 + self.notes.length, body: body["body"] ?? "", author: ME });
        return [201, self.notes.at(-1)];
      case "PUT /merge_requests/3/notes/N":
        return note === undefined ? [404, { message: "404 Not found" }] : [200, Object.assign(note, body)];
      case "GET /issues":
        return [200, things.filter(({ state }) => state === url.searchParams.get("state"))];
      case "POST /issues": {
        const { title = "", description = "" } = body;
        const iid = things.length + 1;
        things.push({
          ...body,
          iid,
          title,
          description,
          state: "opened",
          author: ME,
          web_url: `https://gitlab.example/${iid}`,
        });
        return [201, things.at(-1)];
      }
      case "PUT /issues/N":
        if (issue === undefined) return [404, {}];
        if (body["state_event"] === "close") issue.state = "closed";
        else Object.assign(issue, body);
        return [200, issue];
      default:
        return /^\/(?:issues|merge_requests)\/\d+\/notes$/.test(path)
          ? [201, {}]
          : [404, { message: "404 Not found" }];
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", self.url);
    self.log.push(`${request.method} ${url.pathname}`);
    const sent = Buffer.concat(chunks).toString();
    const isKnown = request.headers["private-token"] === TOKEN;
    const [status, found] = isKnown
      ? answer(request.method ?? "", url, sent === "" ? {} : JSON.parse(sent))
      : [401, { message: "401 Unauthorized" }];
    const page = Number(url.searchParams.get("page") ?? "1");
    const headers: Record<string, string> = { "content-type": "application/json" };
    const list = Array.isArray(found) ? found : undefined;
    if (list !== undefined && list.length > page * PAGE) {
      url.searchParams.set("page", String(page + 1));
      headers["link"] = `<${url.href}>; rel="next"`;
    }
    response.writeHead(status, headers);
    response.end(JSON.stringify(list?.slice((page - 1) * PAGE, page * PAGE) ?? found));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(self, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4` });
}
