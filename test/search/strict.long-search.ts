import { openEngineStage } from "./engine-environment.ts";
import { searched } from "./search.ts";

searched("strict", openEngineStage, { alone: 2400, together: 2400 });
