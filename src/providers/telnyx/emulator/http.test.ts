import { describe, expect, test } from "vitest";
import { emulatorForTests, rawClient } from "../../../../test/e2e/raw-client.ts";
import { startEmulator } from "./emulator.ts";

const { emulator, api } = await emulatorForTests({ apiKey: "KEY0123" });
const BASICS = { name: "Front desk", instructions: "Be brief." };

describe("authentication", () => {
  test.each(["", "Bearer ", "Bearer wrong", "Basic KEY0123", "KEY0123"])(
    "'%s' is refused",
    async (authorization) => {
      const answer = await api.send("GET", "/ai/assistants", undefined, { authorization });
      expect(answer.status).toBe(401);
      expect(answer.body["errors"]).toMatchObject([{ code: "10009" }]);
    },
  );

  test("without a configured key, any bearer token is accepted", async () => {
    const open = await startEmulator();
    const headers = { authorization: "Bearer anything" };
    expect((await rawClient(open.url).send("GET", "/ai/assistants", undefined, headers)).status).toBe(200);
    await open.close();
  });
});

describe("errors", () => {
  test("a missing object is a 404 in Telnyx's format", async () => {
    const paths = [
      "/ai/assistants/x",
      "/ai/assistants/tests/x",
      "/ai/mcp_servers/x",
      "/ai/tools/x",
      "/ai/conversations/insights/x",
      "/ai/conversations/insight-groups/x",
      "/ai/integrations/x",
      "/nothing/here",
    ];
    for (const path of paths) {
      const answer = await api.get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.body["errors"]).toMatchObject([{ code: "10005", title: "Resource not found" }]);
      expect(answer.headers.get("x-request-id")).toBeTruthy();
    }
  });

  test("all problems of a body are reported together, each with its location", async () => {
    const answer = await api.post("/ai/assistants", {
      name: 7,
      dynamic_variables_webhook_timeout_ms: 0,
      enabled_features: ["telepathy"],
      telephony_settings: { time_limit_secs: 60.5 },
      mcp_servers: [{}],
    });
    expect(answer.status).toBe(422);
    expect(answer.body["detail"]).toMatchObject([
      { loc: ["body", "name"], type: "string_type" },
      { loc: ["body", "dynamic_variables_webhook_timeout_ms"], type: "greater_than_equal" },
      { loc: ["body", "enabled_features", 0], type: "enum" },
      { loc: ["body", "telephony_settings", "time_limit_secs"], type: "int_from_float" },
      { loc: ["body", "mcp_servers", 0, "id"], type: "missing" },
      { loc: ["body", "instructions"], type: "missing" },
    ]);
  });

  test("text that is not JSON is a 400", async () => {
    const answer = await api.post("/ai/assistants", '{"name":');
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ code: "10015" }]);
  });

  test("a body that is too large is a 413", async () => {
    const answer = await api.post("/ai/assistants", `"${"x".repeat(9 * 1024 * 1024)}"`);
    expect(answer.status).toBe(413);
    expect(answer.headers.get("x-request-id")).toBeTruthy();
  });
});

describe("pages", () => {
  test("have limits, defaults and a meta block", async () => {
    for (let index = 0; index < 23; index += 1)
      await api.post("/ai/tools", { display_name: `t${index}`, type: "webhook", webhook: {} });
    const first = await api.get("/ai/tools");
    expect(first.body["data"]).toHaveLength(20);
    expect(first.body["meta"]).toEqual({ total_pages: 2, total_results: 23, page_number: 1, page_size: 20 });
    const second = await api.get("/ai/tools?page%5Bnumber%5D=2&page[size]=20");
    expect(second.body["data"]).toMatchObject([{ display_name: "t20" }, {}, {}]);
    expect((await api.get("/ai/tools?page[number]=9")).body["data"]).toEqual([]);
  });

  test.each(["page[size]=0", "page[size]=101", "page[number]=0", "page[size]=x", "page[number]=1.5"])(
    "%s is refused",
    async (query) => {
      const answer = await api.get(`/ai/tools?${query}`);
      expect(answer.status).toBe(422);
      expect(answer.body["detail"]).toMatchObject([{ loc: ["query", query.split("=")[0]] }]);
    },
  );

  test("insights have a lower limit, and secrets have their own error format", async () => {
    expect((await api.get("/ai/conversations/insights?page[size]=99")).status).toBe(200);
    expect((await api.get("/ai/conversations/insights?page[size]=100")).status).toBe(422);
    const secrets = await api.get("/integration_secrets?page[number]=0");
    expect(secrets.status).toBe(400);
    expect(secrets.body).toHaveProperty("errors");
  });
});

describe("the rate limit", () => {
  test("counts down, refuses, and is renewed", async () => {
    let time = 0;
    const limited = await startEmulator({
      now: () => time,
      rateLimit: { limit: 2, windowSeconds: 10, retryAfter: true },
    });
    const client = rawClient(limited.url);
    const ask = async () => {
      const { status, headers } = await client.get("/ai/assistants");
      return [status, headers.get("x-ratelimit-remaining"), headers.get("x-ratelimit-reset")];
    };
    expect([await ask(), await ask()]).toEqual([
      [200, "1", "10"],
      [200, "0", "10"],
    ]);
    time = 4000;
    const refused = await client.post("/ai/assistants", BASICS);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("6");
    expect(refused.headers.get("x-ratelimit-limit")).toBe("2");
    expect(refused.body["errors"]).toMatchObject([{ code: "10011" }]);
    expect(limited.state().assistants).toEqual([]);
    time = 10_000;
    expect(await ask()).toEqual([200, "1", "10"]);
    await limited.close();
  });
});

describe("the request log", () => {
  test("has request, response and effect", async () => {
    const created = await api.post("/ai/assistants", BASICS, { "idempotency-key": "k1" });
    await api.get("/ai/assistants?x=1");
    await api.delete("/ai/assistants/nowhere");
    expect(emulator.requests()).toMatchObject([
      {
        method: "POST",
        path: "/ai/assistants",
        query: "",
        status: 200,
        idempotencyKey: "k1",
        body: BASICS,
        wrote: true,
        requestId: created.headers.get("x-request-id"),
      },
      { method: "GET", path: "/ai/assistants", query: "x=1", status: 200, wrote: false },
      { method: "DELETE", path: "/ai/assistants/nowhere", status: 404, wrote: false },
    ]);
    expect(JSON.stringify(emulator.requests())).not.toContain("KEY0123");
    emulator.clearRequests();
    expect(emulator.requests()).toEqual([]);
  });

  test("contains no secret value", async () => {
    await api.post("/integration_secrets", { identifier: "a", type: "basic", username: "u1", password: "p1" });
    expect(emulator.requests()[0]?.body).toMatchObject({ identifier: "a", username: "***", password: "***" });
  });
});

test("seeded emulators give the same ids", async () => {
  const ids = async () => {
    const one = await startEmulator({ seed: 9 });
    const client = rawClient(one.url);
    await client.get("/ai/assistants");
    const { body } = await client.post("/ai/assistants", BASICS);
    await one.close();
    return [body.id, body["version_id"]];
  };
  expect(await ids()).toEqual(await ids());
});
