/** Whether `.rollcallignore` names a live object: by its kind, and its remote name or the name in its address. */
export type IsIgnored = (kind: string, name: string) => boolean;
