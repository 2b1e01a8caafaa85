import { openEngineStage } from "./engine-stage.ts";
import { searched } from "./search.ts";

searched("strict", openEngineStage, { runs: 120 });
