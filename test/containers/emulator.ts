import {
  GenericContainer,
  getContainerRuntimeClient,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
} from "testcontainers";
import type { EmulatorState } from "../../src/providers/telnyx/emulator/state.ts";

/** The emulator in a container, and the hands to stir it from outside. */
export interface EmulatorContainer {
  /** What `NetworkMode` takes to share its network interfaces. */
  readonly beside: string;
  state(): Promise<EmulatorState>;
  /** Of everything that a manifest can stand for; of versions, those with this name. */
  ids(versionName: string): Promise<readonly string[]>;
  requests(): Promise<number>;
  /** Requests that changed the state. */
  writes(): Promise<number>;
  editInPortal(kind: string, id: string, changes: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

const PORT = 8080;

/** `latency`: milliseconds that every answer takes. */
export async function startEmulatorContainer(
  image: string,
  network: StartedNetwork,
  latency: number,
): Promise<EmulatorContainer> {
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
  const container = await new GenericContainer(image)
    .withNetwork(network)
    .withNetworkAliases("emulator")
    .withCommand(["emulator", "--host", "0.0.0.0", "--allowed-host", host, "--latency", String(latency)])
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  const ask = asker(container);
  const state = async () => (await ask("GET", "/state")) as EmulatorState;
  const log = async () =>
    ((await ask("GET", "/requests")) as { data: readonly { readonly wrote: boolean }[] }).data;
  return {
    beside: `container:${container.getId()}`,
    state,
    ids: async (versionName) => idsIn(await state(), versionName),
    requests: async () => (await log()).length,
    writes: async () => (await log()).filter(({ wrote }) => wrote).length,
    editInPortal: async (kind, id, changes) => {
      await ask("PATCH", `/portal/${kind}/${id}`, changes);
    },
    stop: async () => {
      await container.stop();
    },
  };
}

function asker(container: StartedTestContainer) {
  const base = `http://${container.getHost()}:${container.getMappedPort(PORT)}/_emulator`;
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${base}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

function idsIn(state: EmulatorState, versionName: string): readonly string[] {
  const assistants = state.assistants.filter((one) => one.deleted_at === null);
  const candidates = assistants.flatMap(({ id, versions }) =>
    versions
      .filter((one) => one["version_name"] === versionName)
      .map((one) => `${id}/${String(one["version_id"])}`),
  );
  return [
    ...assistants.map(({ id }) => id),
    ...assistants.filter(({ canary }) => canary !== null).map(({ id }) => id),
    ...candidates,
    ...state.tests.map((one) => String(one["test_id"])),
    ...[...state.tools, ...state.mcp_servers].map((one) => String(one["id"])),
  ];
}
