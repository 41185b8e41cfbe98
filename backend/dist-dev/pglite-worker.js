// backend/src/db/pglite-worker.ts
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
var SERVER_SETTINGS = ["shared_buffers=16MB", "wal_buffers=1MB", "max_connections=5", "max_wal_size=64MB"];
function openFolder(folder) {
  return PGlite.create({ dataDir: folder, extensions: { pg_trgm }, postgresqlconf: SERVER_SETTINGS });
}
async function createFolder(folder) {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const fresh = await openFolder(unfinished);
  await fresh.close();
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}
async function serve(port, folder) {
  if (!existsSync(join(folder, "PG_VERSION"))) await createFolder(folder);
  const database = await openFolder(folder);
  async function close() {
    await database.close();
    port.postMessage("closed");
    port.close();
  }
  port.on("message", (message) => {
    if (message === "close") {
      void close();
      return;
    }
    if (!(message instanceof Uint8Array)) throw new Error("the database thread takes bytes only");
    const answer = database.execProtocolRawSync(message).slice();
    port.postMessage(answer, [answer.buffer]);
  });
  port.postMessage("ready");
}
function toFolder(data) {
  if (typeof data === "object" && data !== null && "folder" in data && typeof data.folder === "string") {
    return data.folder;
  }
  throw new Error("the database thread needs a folder");
}
if (parentPort === null) throw new Error("this file is the database thread and nothing else");
await serve(parentPort, toFolder(workerData));
