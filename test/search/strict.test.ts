import { openEngineStage } from "./engine-environment.ts";
import { searched } from "./search.ts";

searched("strict", openEngineStage, { alone: 120, together: 120 });
