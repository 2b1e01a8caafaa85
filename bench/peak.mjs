// Loaded into a process before its program: says at the end how much memory it had at most.
process.on("exit", () => process.stdout.write(`\npeak memory: ${process.resourceUsage().maxRSS} kB\n`));
