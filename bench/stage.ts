import { rm } from "node:fs/promises";
import { rollcall } from "./process.ts";
import { type Counts, writeProject } from "./project.ts";
import { type Server, startServer } from "./server.ts";

/** A project and an account. */
export interface Stage {
  readonly project: string;
  readonly server: Server;
}

/** Does `work` with a project that is not applied yet. */
export async function unapplied<T>(
  counts: Counts,
  latency: number,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const project = await writeProject(counts);
  const server = await startServer(latency);
  try {
    return await work({ project, server });
  } finally {
    await server.close();
    await rm(project, { recursive: true, force: true });
  }
}

/** Does `work` with a project that was applied, on a server that answers with the given latency. */
export async function applied<T>(
  counts: Counts,
  latency: number,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const project = await writeProject(counts);
  const data = `${project}.account.json`;
  try {
    const first = await startServer(0, data);
    await rollcall(["apply", "--yes", "--quiet"], { cwd: project, url: first.url }).finally(first.close);
    const server = await startServer(latency, data);
    try {
      return await work({ project, server });
    } finally {
      await server.close();
    }
  } finally {
    await rm(project, { recursive: true, force: true });
    await rm(data, { force: true });
  }
}
