/** How an emulator is started. Everything has a default. */
export interface EmulatorOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Names by which it may be called besides those of this machine and `host`. */
  readonly allowedHosts?: readonly string[];
  /** The only key that is accepted; without it any bearer token will do. */
  readonly apiKey?: string;
  /** State is written here after every change and read at the start. */
  readonly dataFile?: string;
  /** Added to every answer of the API. */
  readonly latencyMs?: number;
  readonly rateLimit?: RateLimit;
  /** `live` wraps MCP servers and shared tools in `{data}`, as seen on the live API; the documents have them bare. */
  readonly envelope?: "documented" | "live";
  /** Ids and chance become repeatable. */
  readonly seed?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How it waits before a slow answer: a test can end the wait when it likes. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Where the API's documents are silent: which way it goes. Defaults are the readings that hurt a client most. */
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
  /** A canary outlives an update that goes live at once. */
  readonly canarySurvivesUpdate: boolean;
  /** An update that goes live makes a new version; otherwise it edits the main version. */
  readonly updateMakesVersion: boolean;
  /** An MCP server or shared tool that a live assistant uses cannot be deleted. */
  readonly deleteInUseRefused: boolean;
  /** Ids of assistants, tools and MCP servers in a body must exist. */
  readonly referencesChecked: boolean;
  /** `PUT` of an MCP server clears the nullable fields it does not name. */
  readonly mcpPutReplaces: boolean;
  /** So many first reads of a new assistant show its TeXML app as null. */
  readonly texmlAppAfterReads: number;
  /** A legacy name of a speech model is stored under its new name. */
  readonly speechModelRenamed: boolean;
  /** A canary is returned in the older form if that is possible. */
  readonly legacyCanary: boolean;
  /** Keys that the list of assistants leaves out. */
  readonly listOmits: readonly string[];
  /** JSON Pointers to numbers of assistants that are read-only and grow with every response. */
  readonly growing: readonly string[];
  /** Prompt nodes of a flow are answered without their type, which is the default. */
  readonly promptTypeOmitted: boolean;
  /** Shared tools stand among the tools of an assistant without their id, as the SDK describes them. */
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
