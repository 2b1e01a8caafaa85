import { forge } from "./forge.ts";
import { ledgers } from "./ledgers.ts";
import { live } from "./live.ts";
import { manifests } from "./manifests.ts";
import { plans } from "./plans.ts";
import type { Target } from "./target.ts";

export const TARGETS: Readonly<Record<string, Target>> = { manifests, plans, ledgers, live, forge };
