import { chmodSync } from "node:fs";

// npm sets the mode of a bin on install; a checkout that runs it from dist/ needs it too.
chmodSync(new URL("../dist/cli/main.js", import.meta.url), 0o755);
