/** A thread that serves Git repositories as `git daemon` does, on a free port, which it posts. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const { args, env } = workerData;

const server = createServer({ pauseOnConnect: true }, (socket) => {
  spawn("git", ["daemon", "--inetd", ...args], { env, stdio: [socket, socket, "ignore"] }).on("close", () =>
    socket.destroy(),
  );
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread and not to a window
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
