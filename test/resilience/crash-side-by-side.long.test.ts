import { survivesSideBySide } from "./crash-matrix.ts";

survivesSideBySide();
