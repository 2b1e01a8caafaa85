import { openEngineStage } from "./engine-environment.ts";
import { searched } from "./search.ts";

searched("strict", openEngineStage, { alone: 60, together: 60 });
