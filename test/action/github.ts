import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const REPOSITORY = "acme/voice";
export const BOT = "github-actions[bot]";

export interface Text {
  readonly id: number;
  readonly number: number;
  body: string;
  title: string;
  state: "open" | "closed";
  readonly user: { readonly login: string };
  readonly [more: string]: unknown;
}

export interface Artifact {
  readonly name: string;
  readonly expired: boolean;
  readonly created_at: string;
  readonly workflow_run: Readonly<Record<string, unknown>>;
  /** Where the stand-in for the upload keeps it. */
  readonly folder: string;
}

/** A run of a workflow, as far as it is looked at. */
export interface WorkflowRun {
  readonly id: number;
  readonly event: string;
  readonly path: string;
  readonly head_sha: string;
  readonly head_branch: string;
  readonly head_repository: { readonly full_name: string };
  /** Those that are open, with that head: of a merged one, GitHub says nothing any more. */
  readonly pull_requests: readonly { readonly number: number; readonly base: { readonly ref: string } }[];
}

/** GitHub's API as its documentation has it, over a real socket, two elements a page. */
export interface FakeGitHub {
  readonly url: string;
  /** `POST /repos/…`, in order; reads, too. */
  readonly log: string[];
  readonly tokens: Set<string>;
  readonly comments: Text[];
  readonly issues: Text[];
  readonly pulls: Text[];
  readonly artifacts: Artifact[];
  readonly runs: WorkflowRun[];
  /** What `/commits/<sha>/pulls` says. */
  readonly merged: Readonly<Record<string, unknown>>[];
  /** As for runs of forks: nothing may be written. */
  readOnly: boolean;
  /** Somebody's comment on a pull request. */
  say(login: string, body: string, change?: number): Text;
  close(): Promise<void>;
}

const PAGE = 2;

export async function startGitHub(): Promise<FakeGitHub> {
  let last = 100;
  const text = (login: string, fields: Readonly<Record<string, unknown>>): Text => {
    last += 1;
    const { body = "", title = "", ...more } = fields;
    const user = { login };
    const html_url = `https://github.example/${REPOSITORY}/${last}`;
    return {
      ...more,
      id: last,
      number: last,
      body: String(body),
      title: String(title),
      state: "open",
      user,
      html_url,
    };
  };
  const self: FakeGitHub = {
    url: "",
    log: [],
    tokens: new Set(),
    comments: [],
    issues: [],
    pulls: [],
    artifacts: [],
    runs: [],
    merged: [],
    readOnly: false,
    say(login, body, change = 12) {
      const said = text(login, { body, on: String(change) });
      self.comments.push(said);
      return said;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
  const answer = (method: string, url: URL, body: Readonly<Record<string, unknown>>): Answer => {
    const path = url.pathname.replace(`/repos/${REPOSITORY}`, "");
    if (path === "/graphql") return { status: 200, body: { data: { viewer: { login: BOT } } } };
    if (method !== "GET" && self.readOnly)
      return { status: 403, body: { message: "Resource not accessible by integration" } };
    const isOpen = ({ state }: Text) => state === "open";
    const create = (list: Text[]): Answer => {
      const made = text(BOT, body);
      list.push(made);
      return { status: 201, body: made };
    };
    const change = (list: readonly Text[], id: string | undefined): Answer => {
      const found = list.find((one) => String(one.id) === id);
      if (found === undefined) return { status: 404, body: { message: "Not Found" } };
      Object.assign(found, body);
      return { status: 200, body: found };
    };
    const [, room, at, more] = path.split("/");
    switch (`${method} ${path.replaceAll(/[0-9a-f]{40}|\d{2,}/g, "N")}`) {
      case "GET /issues/N/comments":
        return { status: 200, list: self.comments.filter((one) => one["on"] === at) };
      case "POST /issues/N/comments": {
        const made = text(BOT, { ...body, on: at });
        self.comments.push(made);
        return { status: 201, body: made };
      }
      case "PATCH /issues/comments/N":
        return change(self.comments, more);
      case "GET /issues":
        return {
          status: 200,
          list: [...self.issues, ...self.pulls.map((pull) => ({ ...pull, pull_request: {} }))].filter(isOpen),
        };
      case "POST /issues":
        return create(self.issues);
      case "PATCH /issues/N":
        return change(self.issues, at);
      case "GET /pulls": {
        const head = url.searchParams.get("head");
        return {
          status: 200,
          list: self.pulls.filter((pull) => isOpen(pull) && `acme:${pull["head"]}` === head),
        };
      }
      case "POST /pulls":
        return create(self.pulls);
      case "PATCH /pulls/N":
        return change(self.pulls, at);
      case "GET /commits/N/pulls":
        return { status: 200, list: self.merged };
      case "GET /actions/artifacts": {
        const name = url.searchParams.get("name");
        return { status: 200, list: self.artifacts.filter((one) => one.name === name), inside: "artifacts" };
      }
      case "GET /actions/runs/N": {
        const run = self.runs.find(({ id }) => String(id) === more);
        if (run === undefined) return { status: 404, body: { message: "Not Found" } };
        const isOpen = ({ number }: { readonly number: number }) =>
          !self.merged.some((pull) => pull["number"] === number);
        return { status: 200, body: { ...run, pull_requests: run.pull_requests.filter(isOpen) } };
      }
      default:
        return { status: 404, body: { message: `nothing is known of ${room}` } };
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", self.url);
    self.log.push(`${request.method} ${url.pathname}`);
    self.tokens.add(String(request.headers.authorization));
    const sent = Buffer.concat(chunks).toString();
    const reply = answer(request.method ?? "", url, sent === "" ? {} : JSON.parse(sent));
    const page = Number(url.searchParams.get("page") ?? "1");
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (reply.list !== undefined && reply.list.length > page * PAGE) {
      url.searchParams.set("page", String(page + 1));
      headers["link"] = `<${url.href}>; rel="next", <${url.href}>; rel="last"`;
    }
    const part = reply.list?.slice((page - 1) * PAGE, page * PAGE);
    response.writeHead(reply.status, headers);
    response.end(JSON.stringify(reply.inside === undefined ? (part ?? reply.body) : { [reply.inside]: part }));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(self, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly list?: readonly unknown[];
  readonly inside?: string;
}
