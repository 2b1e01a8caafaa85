import { changedAccount } from "./changed-account.ts";
import { pullTheRest } from "./live-values.ts";

pullTheRest(changedAccount(), 60, 2);
