import { comeHome } from "./round-trips.ts";

/** The `*.long.test.ts` beside this file tries 200. */
comeHome(3);
