import { openCliStage } from "./cli-environment.ts";
import { openEngineStage } from "./engine-environment.ts";
import { searched } from "./search.ts";

/** Seconds for all searches of this file together; without it, 10,000 stories are told, however long it takes. */
const { ROLLCALL_TEST_SECONDS: seconds } = process.env;
const limit = seconds === undefined ? {} : { budget: (Number(seconds) * 1000) / 6 };

searched("strict", openEngineStage, { alone: 2400, together: 2400, ...limit });
searched("lenient", openEngineStage, { alone: 2400, together: 2400, ...limit });
searched("strict", openCliStage, { alone: 200, together: 200, ...limit });
