import { openEngineStage } from "./engine-environment.ts";
import { searched } from "./search.ts";

searched("lenient", openEngineStage, { alone: 2400, together: 2400 });
