/** The options of an emulator. All have defaults. */
export interface EmulatorOptions {
  /** 0 is any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Host names that are accepted besides those of this machine and `host`. */
  readonly allowedHosts?: readonly string[];
  /** The only API key that is accepted; by default any bearer token is. */
  readonly apiKey?: string;
  /** The file of the state: written after every change, and read at the start. */
  readonly dataFile?: string;
  /** Added to every answer of the API. */
  readonly latencyMs?: number;
  readonly rateLimit?: RateLimit;
  /** `live` wraps MCP servers and shared tools in `{data}`, as the live API does; the documentation does not. */
  readonly envelope?: "documented" | "live";
  /** Makes ids and random numbers repeatable. */
  readonly seed?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Waits before a slow response: a test can end the wait. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** What the API does where its documentation does not say. The defaults are the most difficult for a client. */
  readonly hazards?: Partial<Hazards>;
}

export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
  /** Also send `Retry-After` with a 429. */
  readonly retryAfter?: boolean;
}

export interface Hazards {
  /** An update that does not name its version calls it "New assistant". */
  readonly versionNameResets: boolean;
  /** An update that is live at once does not end the canary. */
  readonly canarySurvivesUpdate: boolean;
  /** An update that is live at once makes a new version; otherwise it edits the main version. */
  readonly updateMakesVersion: boolean;
  /** An MCP server or shared tool that a live assistant uses cannot be deleted. */
  readonly deleteInUseRefused: boolean;
  /** Ids of assistants, tools and MCP servers in a body must exist. */
  readonly referencesChecked: boolean;
  /** `PUT` of an MCP server clears nullable fields that are not in the body. */
  readonly mcpPutReplaces: boolean;
  /** The number of first reads of a new assistant that show its TeXML app as null. */
  readonly texmlAppAfterReads: number;
  /** A legacy name of a speech model is stored under its new name. */
  readonly speechModelRenamed: boolean;
  /** A canary is returned in the older form if that is possible. */
  readonly legacyCanary: boolean;
  /** Keys that the list of assistants leaves out. */
  readonly listOmits: readonly string[];
  /** JSON Pointers to numbers of assistants that are read-only and grow with every response. */
  readonly growing: readonly string[];
  /** Answers contain prompt nodes of a flow without their type, which is the default. */
  readonly promptTypeOmitted: boolean;
  /** Answers contain shared tools among the tools of an assistant without their id, as the SDK describes. */
  readonly sharedToolIdsOmitted: boolean;
}

export const HAZARDS: Hazards = {
  versionNameResets: true,
  canarySurvivesUpdate: false,
  updateMakesVersion: true,
  deleteInUseRefused: true,
  referencesChecked: true,
  mcpPutReplaces: true,
  texmlAppAfterReads: 0,
  speechModelRenamed: false,
  legacyCanary: false,
  listOmits: [],
  growing: [],
  promptTypeOmitted: false,
  sharedToolIdsOmitted: false,
};
