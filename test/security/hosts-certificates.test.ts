import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApi } from "../../src/forge/api.ts";
import { httpLedger } from "../../src/ledger/http.ts";
import { isAlive, runtime } from "../ledger/fixtures.ts";
import { selfSigned } from "./self-signed.ts";

const certificate = selfSigned();
const SECRET = ["geheim", "4711"].join("-");
/** Waits for nothing between attempts. */
const HASTY = { ...runtime, random: () => 0 };

describe.skipIf(certificate === undefined)(
  "a server that nobody vouches for, whatever the environment says",
  () => {
    let arrived = 0;
    let url = "";
    const server = createServer({ ...certificate }, (_, response) => {
      arrived += 1;
      response.end("{}");
    });

    beforeEach(async () => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => {
      vi.unstubAllEnvs();
      server.close();
    });

    test("gets no credentials of a ledger", async () => {
      const ledger = httpLedger({ address: url, password: SECRET, version: "0.0.0", runtime: HASTY, isAlive });
      await expect(ledger.read()).rejects.toThrow(/no trusted connection could be made/);
      expect(arrived).toBe(0);
    });

    test("gets no token of a forge", async () => {
      const api = createApi({
        name: "Forge",
        base: url,
        env: {},
        headers: { authorization: SECRET },
        runtime: HASTY,
      });
      await expect(api.send("POST", "/x", {})).rejects.toThrow(/self-signed certificate/);
      expect(arrived).toBe(0);
    });
  },
);
