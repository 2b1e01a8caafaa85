import { openEngineStage } from "./engine-stage.ts";
import { searched } from "./search.ts";

searched("lenient", openEngineStage, { runs: 120 });
