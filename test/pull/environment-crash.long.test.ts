import { survivesKillsOfSecond } from "./environment-crash.ts";

survivesKillsOfSecond();
