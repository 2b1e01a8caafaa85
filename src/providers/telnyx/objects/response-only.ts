/** Kept by the server about an assistant or a version of it; never sent. */
export const OF_ASSISTANTS = [
  "id",
  "created_at",
  "updated_at",
  "version_id",
  "version_created_at",
  "import_metadata",
  "related_mission_ids",
] as const;

/** Kept by the server about an entry of `tools`; never sent. */
export const OF_TOOL_ENTRIES = ["tool_id", "shared", "id", "created_at", "updated_at", "version_id"] as const;

/** Resolved by the server from the ids of shared tools; ignored on input. */
export const OF_NODES = ["tools", "tool"] as const;

export const OF_SHARED_TOOLS = ["id", "created_at", "updated_at", "tool_definition"] as const;

export const OF_MCP_SERVERS = ["id", "created_at", "updated_at"] as const;

export const OF_TESTS = ["test_id", "created_at", "updated_at"] as const;

export const OF_CANARIES = ["assistant_id", "created_at", "updated_at"] as const;
