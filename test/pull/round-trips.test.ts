import { comeHome } from "./round-trips.ts";

/** The `*.long.test.ts` beside this file try 200. */
comeHome(3);
