import { setFlagsFromString } from "node:v8";

/** The heap grows to two and a half times what was in use before memory is tidied up, and not to four times. */
export const HEAP_GROWTH = "--heap-growing-percent=150";

/** For the rest of the process. */
export function limitHeapGrowth(): void {
  setFlagsFromString(HEAP_GROWTH);
}
