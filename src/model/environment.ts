/** The environment of a project that declares none. */
export const DEFAULT_ENVIRONMENT = "default";
