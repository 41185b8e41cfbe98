// backend/src/app.ts
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { collectDefaultMetrics, Registry } from "prom-client";

// backend/src/agents/agent-repository.ts
import { LRUCache } from "lru-cache";

// packages/protocol/src/error-code.ts
var errorCatalogue = {
  agent_inactive: { status: 409, isRetryable: false, message: "This agent is switched off. Choose another agent." },
  agent_not_found: { status: 404, isRetryable: false, message: "There is no such agent." },
  ambiguous_credentials: { status: 400, isRetryable: false, message: "Send either a cookie or an API key, not both." },
  api_key_not_found: { status: 404, isRetryable: false, message: "There is no such API key." },
  body_too_large: { status: 413, isRetryable: false, message: "The request body is too large." },
  chat_session_not_found: { status: 404, isRetryable: false, message: "There is no such chat." },
  conflict: { status: 409, isRetryable: false, message: "The request contradicts what is stored." },
  csrf_failed: { status: 403, isRetryable: true, message: "The CSRF token is missing or wrong. Reload the page." },
  database_unavailable: { status: 503, isRetryable: true, message: "The database is not reachable. Nothing was lost." },
  draining: { status: 503, isRetryable: true, message: "This instance is shutting down. Try again." },
  forbidden: { status: 403, isRetryable: false, message: "You may not do this." },
  generation_not_found: { status: 404, isRetryable: false, message: "There is no such generation." },
  generation_running: { status: 409, isRetryable: true, message: "An answer is still being generated here." },
  internal: { status: 500, isRetryable: true, message: "Something failed on our side." },
  invalid_credentials: { status: 401, isRetryable: false, message: "The e-mail or the password is wrong." },
  invalid_json: { status: 400, isRetryable: false, message: "The request body is not valid JSON." },
  invalid_request: { status: 400, isRetryable: false, message: "The request is not valid." },
  message_id_conflict: {
    status: 409,
    isRetryable: false,
    message: "This message id was already used for another text."
  },
  message_not_found: { status: 404, isRetryable: false, message: "There is no such message." },
  method_not_allowed: { status: 405, isRetryable: false, message: "This method is not allowed here." },
  not_found: { status: 404, isRetryable: false, message: "There is nothing at this address." },
  outbound_blocked: { status: 400, isRetryable: false, message: "This upstream address is not allowed." },
  overloaded: { status: 503, isRetryable: true, message: "Too busy right now. Try again shortly." },
  rate_limited: { status: 429, isRetryable: true, message: "Too many requests. Wait a moment." },
  result_expired: { status: 409, isRetryable: false, message: "The answer ended and its text was not stored." },
  schema_mismatch: {
    status: 503,
    isRetryable: false,
    message: "The database schema does not fit this version of the program."
  },
  set_up_closed: { status: 409, isRetryable: false, message: "The first admin exists already." },
  set_up_token_invalid: { status: 403, isRetryable: false, message: "This set-up link is not valid." },
  unauthenticated: { status: 401, isRetryable: false, message: "Sign in first." },
  unsupported_media_type: { status: 415, isRetryable: false, message: "Send JSON." },
  unsupported_parameter: { status: 400, isRetryable: false, message: "This parameter is not supported by this agent." },
  upstream_auth: { status: 502, isRetryable: false, message: "The agent refused our key. Tell an administrator." },
  upstream_bad_response: { status: 502, isRetryable: true, message: "The agent answered with something unreadable." },
  upstream_busy: { status: 503, isRetryable: true, message: "The agent is still answering in this conversation." },
  upstream_content_filter: { status: 400, isRetryable: false, message: "The agent refused this content." },
  upstream_context_too_long: { status: 400, isRetryable: false, message: "This chat is too long for the agent." },
  upstream_deadline: { status: 504, isRetryable: true, message: "The answer took longer than allowed." },
  upstream_failed: { status: 502, isRetryable: true, message: "The agent failed." },
  upstream_idle: { status: 504, isRetryable: true, message: "The agent stopped sending." },
  upstream_no_content: { status: 504, isRetryable: true, message: "The agent did not begin to answer in time." },
  upstream_not_found: { status: 502, isRetryable: false, message: "The agent has no such model or application." },
  upstream_quota: { status: 502, isRetryable: false, message: "The agent has no credit left. Tell an administrator." },
  upstream_rate_limited: { status: 503, isRetryable: true, message: "The agent is rate limited." },
  upstream_rejected: { status: 502, isRetryable: false, message: "The agent refused the request." },
  upstream_truncated: { status: 502, isRetryable: true, message: "The agent broke off before any text." },
  upstream_unreachable: { status: 502, isRetryable: true, message: "The agent is not reachable." }
};

// backend/src/base/app-error.ts
var AppError = class extends Error {
  code;
  details;
  retryAfterMs;
  constructor(code, options = {}) {
    super(options.message ?? errorCatalogue[code].message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
};

// backend/src/agents/to-agent.ts
function toAgentSummary(row) {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    provider: row.provider,
    isActive: row.is_active,
    isDefault: row.is_default,
    isDemo: row.origin === "demo",
    suggestions: row.suggestions
  };
}
function toProviderTarget(row, secretBox) {
  return {
    provider: row.provider,
    baseUrl: row.base_url,
    apiKey: row.api_key_sealed === null ? null : secretBox.unseal(row.api_key_sealed, row.id),
    model: row.model,
    appId: row.app_id,
    systemPrompt: row.system_prompt,
    temperature: row.temperature,
    maxTokens: row.max_tokens,
    options: row.options
  };
}

// backend/src/agents/agent-repository.ts
var CACHE_MS = 1e3;
var MAX_CACHED = 1e3;
var MAX_LISTED = 1e3;
function createAgentRepository(deps) {
  const { database: database2, secretBox } = deps;
  async function findRow2(agentId) {
    const [row] = await database2.query(
      { name: "find-agent", text: "SELECT * FROM agent_configs WHERE id = $1" },
      [agentId]
    );
    return row ?? null;
  }
  const targets = new LRUCache({
    max: MAX_CACHED,
    ttl: CACHE_MS,
    fetchMethod: async (agentId) => {
      const row = await findRow2(agentId);
      return { found: row && { agent: toAgentSummary(row), target: toProviderTarget(row, secretBox) } };
    }
  });
  async function findAgentTarget(agentId) {
    const entry = await targets.fetch(agentId);
    return entry?.found ?? null;
  }
  return {
    findAgentTarget,
    async listAgents(options = { withInactive: false }) {
      let query = database2.kysely.selectFrom("agent_configs").selectAll();
      if (!options.withInactive) query = query.where("is_active", "=", true);
      const rows = await query.orderBy("is_default", "desc").orderBy("name").orderBy("id").limit(MAX_LISTED).execute();
      return rows.map(toAgentSummary);
    },
    async findAgent(agentId) {
      const row = await findRow2(agentId);
      return row && toAgentSummary(row);
    },
    async getActiveTarget(agentId) {
      const found = await findAgentTarget(agentId);
      if (found === null) throw new AppError("agent_not_found");
      if (!found.agent.isActive) throw new AppError("agent_inactive");
      return found;
    }
  };
}

// backend/src/agents/demo-agents.ts
var LABEL = "\u6A21\u62DF\u667A\u80FD\u4F53\uFF0C\u80CC\u540E\u6CA1\u6709\u8BED\u8A00\u6A21\u578B\u3002Simulated: no language model answers here.";
var PACE = "corpus=demo,ttft=400,gap=25";
var SUGGESTIONS = ["\u4F60\u662F\u8C01\uFF1F", "\u7ED9\u6211\u770B\u4E00\u4E2A\u8868\u683C", "Show me some code", "Tell me a long story"];
function createDemoAgents(toBase) {
  const common = { suggestions: SUGGESTIONS, options: { demo: true } };
  return [
    {
      ...common,
      id: "demo-openai",
      name: "\u6F14\u793A\u52A9\u624B \xB7 OpenAI",
      description: LABEL,
      provider: "openai",
      baseUrl: toBase("openai"),
      apiKey: "sim",
      model: `sim:${PACE}`
    },
    {
      ...common,
      id: "demo-anthropic",
      name: "\u6F14\u793A\u52A9\u624B \xB7 Anthropic",
      description: `${LABEL} \u5148\u601D\u8003\u518D\u56DE\u7B54 \xB7 thinks before it answers.`,
      provider: "anthropic",
      baseUrl: toBase("anthropic"),
      apiKey: "sim",
      model: `sim:${PACE},reasoning=40`
    },
    {
      ...common,
      id: "demo-fastgpt",
      name: "\u6F14\u793A\u52A9\u624B \xB7 FastGPT",
      description: `${LABEL} \u5C55\u793A\u5DE5\u4F5C\u6D41\u6B65\u9AA4\uFF0C\u5E76\u5148\u8BF7\u4F60\u586B\u5199\u8868\u5355 \xB7 shows workflow steps and asks with a form first.`,
      provider: "fastgpt",
      baseUrl: toBase("fastgpt"),
      apiKey: `sim:${PACE},steps=3,interactive=form`,
      model: null,
      options: { demo: true, apiVersion: "v2" }
    },
    {
      ...common,
      id: "demo-dify",
      name: "\u6F14\u793A\u52A9\u624B \xB7 Dify",
      description: `${LABEL} \u5C55\u793A\u5BF9\u8BDD\u6D41\u7684\u8282\u70B9 \xB7 shows the nodes of a chatflow.`,
      provider: "dify",
      baseUrl: toBase("dify"),
      apiKey: `sim:${PACE},mode=workflow,steps=2`,
      model: null
    }
  ];
}

// backend/src/providers/normalise-base-url.ts
var rules = {
  openai: {
    default: "https://api.openai.com/v1",
    endpoint: /\/(chat\/completions|completions|responses|models)$/,
    path: "/v1"
  },
  "openai-responses": {
    default: "https://api.openai.com/v1",
    endpoint: /\/(responses|chat\/completions|models)$/,
    path: "/v1"
  },
  anthropic: { default: "https://api.anthropic.com", endpoint: /\/v1(\/messages)?$/, path: "" },
  fastgpt: { default: "https://api.fastgpt.in/api", endpoint: /\/v[12](\/chat\/completions)?$/, path: "/api" },
  dify: { default: "https://api.dify.ai/v1", endpoint: /\/chat-messages$/, path: "/v1" }
};
function toBaseUrl(provider, url) {
  const rule = rules[provider];
  const text = url.trim();
  if (text === "") return rule.default;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (!parsed || parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new AppError("invalid_request", { message: "The base URL must begin with http:// or https://." });
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new AppError("invalid_request", { message: "The base URL must not carry credentials." });
  }
  const path = parsed.pathname.replace(/\/+$/, "");
  if (path === "") return parsed.origin + rule.path;
  return parsed.origin + path.replace(rule.endpoint, "").replace(/\/+$/, "");
}

// backend/src/agents/environment-agents.ts
var OPENAI_MODEL = "gpt-5-mini";
var ANTHROPIC_MODEL = "claude-sonnet-4-5";
var OLLAMA_LIMIT_MS = 500;
var OLLAMA_MAX_BYTES = 1e6;
function findModelNames(body) {
  let tags;
  try {
    tags = JSON.parse(body);
  } catch {
    return [];
  }
  const models = typeof tags === "object" && tags !== null && "models" in tags ? tags.models : null;
  if (!Array.isArray(models)) return [];
  return models.flatMap(
    (model) => typeof model === "object" && model !== null && "name" in model && typeof model.name === "string" ? [model.name] : []
  );
}
async function listOllamaModels(deps, url) {
  try {
    const reply = await deps.outbound.send(
      { method: "GET", url: `${url}/api/tags`, headers: {} },
      { totalMs: OLLAMA_LIMIT_MS, maxBytes: OLLAMA_MAX_BYTES }
    );
    return reply.status === 200 ? findModelNames(reply.body) : [];
  } catch {
    return [];
  }
}
async function findEnvironmentAgents(deps, keys) {
  const agents2 = [];
  const common = { suggestions: [], options: {} };
  if (keys.openai !== null) {
    agents2.push({
      ...common,
      id: "env-openai",
      name: "OpenAI",
      description: `${OPENAI_MODEL} (OPENAI_API_KEY)`,
      provider: "openai",
      baseUrl: toBaseUrl("openai", ""),
      apiKey: keys.openai,
      model: OPENAI_MODEL
    });
  }
  if (keys.anthropic !== null) {
    agents2.push({
      ...common,
      id: "env-anthropic",
      name: "Anthropic",
      description: `${ANTHROPIC_MODEL} (ANTHROPIC_API_KEY)`,
      provider: "anthropic",
      baseUrl: toBaseUrl("anthropic", ""),
      apiKey: keys.anthropic,
      model: ANTHROPIC_MODEL
    });
  }
  const [model] = keys.ollamaUrl === null ? [] : await listOllamaModels(deps, keys.ollamaUrl);
  if (keys.ollamaUrl !== null && model !== void 0) {
    agents2.push({
      ...common,
      id: "env-ollama",
      name: "Ollama",
      description: `${model} (Ollama)`,
      provider: "openai",
      baseUrl: toBaseUrl("openai", keys.ollamaUrl),
      apiKey: null,
      model
    });
  }
  return agents2;
}

// backend/src/agents/secret-box.ts
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
var PREFIX = "v1.";
var NONCE_BYTES = 12;
var TAG_BYTES = 16;
function createSecretBox(key) {
  return {
    seal(text, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    unseal(sealed, owner) {
      try {
        if (!sealed.startsWith(PREFIX)) throw new Error("unknown kind of seal");
        const bytes = Buffer.from(sealed.slice(PREFIX.length), "base64url");
        const nonce = bytes.subarray(0, NONCE_BYTES);
        const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch (error) {
        const message = "The agent's key can't be opened: SECRET_KEY or secret.key is not the one it was sealed with.";
        throw new AppError("internal", { message, cause: error });
      }
    }
  };
}

// backend/src/agents/wired-in-agents.ts
async function saveWiredIn(trx, agent, context) {
  const values = {
    description: agent.description,
    provider: agent.provider,
    base_url: agent.baseUrl,
    api_key_sealed: agent.apiKey === null ? null : context.secretBox.seal(agent.apiKey, agent.id),
    model: agent.model,
    options: JSON.stringify(agent.options),
    suggestions: JSON.stringify(agent.suggestions),
    updated_at: /* @__PURE__ */ new Date()
  };
  await trx.insertInto("agent_configs").values({ ...values, id: agent.id, name: agent.name, origin: context.origin }).onConflict(
    (conflict) => conflict.column("id").doUpdateSet(values).where("agent_configs.origin", "=", context.origin)
  ).execute();
}
async function ensureDefault(trx) {
  const rows = await trx.selectFrom("agent_configs").select(["id", "origin", "is_default"]).where("is_active", "=", true).orderBy("created_at").orderBy("id").execute();
  if (rows.some((row) => row.is_default)) return;
  const choice = rows.find((row) => row.origin !== "demo") ?? rows[0];
  if (choice === void 0) return;
  await trx.updateTable("agent_configs").set({ is_default: true }).where("id", "=", choice.id).execute();
}
async function deleteGone(trx, origin, agents2) {
  const present = new Set(agents2.map((agent) => agent.id));
  const rows = await trx.selectFrom("agent_configs").select(["id", "api_key_sealed"]).where("origin", "=", origin).execute();
  const gone = rows.filter((row) => !present.has(row.id) && (origin === "demo" || row.api_key_sealed !== null));
  for (const row of gone) await trx.deleteFrom("agent_configs").where("id", "=", row.id).execute();
}
async function wireInAgents(deps, origin, agents2) {
  await deps.database.transaction(async (trx) => {
    await deleteGone(trx, origin, agents2);
    for (const agent of agents2) await saveWiredIn(trx, agent, { secretBox: deps.secretBox, origin });
    await ensureDefault(trx);
  });
}

// backend/src/base/clock.ts
var systemClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
};

// backend/src/base/failpoints.ts
function createFailpoints(armed) {
  if (armed === null) return { hit: () => void 0 };
  const [target, count = "1"] = armed.split("@");
  let left = Number(count);
  return {
    hit(name) {
      if (name === target && --left === 0) process.kill(process.pid, "SIGKILL");
    }
  };
}

// backend/src/base/ids.ts
import { randomBytes as randomBytes2 } from "node:crypto";
function createUuidV7(nowMs = Date.now(), random = randomBytes2(10)) {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  random.copy(bytes, 6);
  bytes[6] = (bytes[6] ?? 0) & 15 | 112;
  bytes[8] = (bytes[8] ?? 0) & 63 | 128;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// backend/src/base/logger.ts
import { pino } from "pino";
var secretPaths = ["authorization", "cookie", "apiKey", "password", "token", "secret"];
function createLogger(options) {
  const settings2 = {
    level: options.level,
    base: { service: "llmchat", instanceId: options.instanceId },
    redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`]), censor: "[secret]" },
    timestamp: pino.stdTimeFunctions.isoTime
  };
  return options.destination ? pino(settings2, options.destination) : pino(settings2);
}

// backend/src/base/watch-event-loop.ts
import { monitorEventLoopDelay } from "node:perf_hooks";
var resolutionMs = 20;
var windowMs = 1e3;
function watchEventLoop() {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let lastMs = 0;
  const timer = setInterval(() => {
    lastMs = histogram.percentile(90) / 1e6 - resolutionMs;
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    delayMs: () => lastMs,
    close() {
      clearInterval(timer);
      histogram.disable();
    }
  };
}

// backend/src/chat/has-session.ts
var statement = { name: "chat-has-session", text: "SELECT 1 FROM chat_sessions WHERE user_id = $1 AND id = $2" };
async function hasSession(deps, userId, sessionId) {
  const rows = await deps.database.query(statement, [userId, sessionId]);
  return rows.length > 0;
}

// backend/package.json
var package_default = {
  name: "@llmchat/backend",
  version: "0.1.0",
  private: true,
  type: "module",
  dependencies: {
    "@electric-sql/pglite": "0.5.16",
    "@fastify/cookie": "11.1.5",
    "@fastify/csrf-protection": "8.0.2",
    "@fastify/helmet": "13.2.0",
    "@fastify/rate-limit": "11.2.0",
    "@fastify/static": "9.3.0",
    "@fastify/swagger": "9.9.3",
    "@fastify/type-provider-typebox": "6.3.0",
    "@node-rs/argon2": "2.2.1",
    ajv: "8.20.0",
    "ajv-formats": "3.0.1",
    "eventsource-parser": "3.1.1",
    fastify: "5.12.8",
    "ipaddr.js": "2.5.0",
    kysely: "0.28.18",
    "lru-cache": "11.5.3",
    "p-limit": "7.3.3",
    pg: "8.23.1",
    pino: "10.4.0",
    "prom-client": "15.1.3",
    typebox: "1.4.3",
    undici: "7.30.2"
  },
  devDependencies: {
    "@types/pg": "8.23.1"
  }
};

// backend/src/config/app-version.ts
var appVersion = package_default.version;

// backend/src/data-dir/derive-key.ts
import { hkdfSync } from "node:crypto";
function deriveKey(secret, purpose) {
  return Buffer.from(hkdfSync("sha256", secret, "", `llmchat ${purpose}`, 32));
}

// backend/src/data-dir/get-secret-key.ts
import { randomBytes as randomBytes3 } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
function toSecretKeyPath(dataDir) {
  return join(dataDir, "secret.key");
}
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
function getSecretKey(config2) {
  if (config2.secretKey !== null) return config2.secretKey;
  const path = toSecretKeyPath(config2.dataDir);
  mkdirSync(config2.dataDir, { recursive: true, mode: 448 });
  try {
    writeFileSync(path, `${randomBytes3(48).toString("base64")}
`, { flag: "wx", mode: 384 });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  const secret = readFileSync(path, "utf8").trim();
  if (secret.length < 32) {
    throw new AppError("internal", { message: `${path} is damaged. Restore it from a backup, or set SECRET_KEY.` });
  }
  return secret;
}

// backend/src/db/migrate.ts
import { createHash } from "node:crypto";
import { sql } from "kysely";

// backend/src/db/compare-versions.ts
function compareVersions(left, right) {
  const toNumbers = (version) => (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
  const [leftNumbers, rightNumbers] = [toNumbers(left), toNumbers(right)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (leftNumbers[index] ?? 0) - (rightNumbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

// backend/src/db/migrate.ts
var LOCK_KEY = 6021987;
function toChecksum(migration) {
  return createHash("sha256").update(migration.sql).digest("hex");
}
function toState(applied, migrations, appVersion2) {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const names = new Set(applied.map((row) => row.name));
  return {
    applied: applied.map((row) => row.name),
    pending: migrations.map((migration) => migration.name).filter((name) => !names.has(name)),
    changed: applied.filter((row) => {
      const migration = known.get(row.name);
      return migration !== void 0 && toChecksum(migration) !== row.checksum;
    }).map((row) => row.name),
    tooNew: applied.flatMap(
      (row) => !known.has(row.name) && row.min_app_version !== null && compareVersions(row.min_app_version, appVersion2) > 0 ? [{ name: row.name, minAppVersion: row.min_app_version }] : []
    )
  };
}
function refuseMisfit(state) {
  if (state.changed.length > 0) {
    throw new AppError("schema_mismatch", {
      message: `Migrations were changed after they had been applied: ${state.changed.join(", ")}.`,
      details: state
    });
  }
  const [first] = state.tooNew;
  if (first !== void 0) {
    throw new AppError("schema_mismatch", {
      message: `The schema is newer than this version (${first.name} needs ${first.minAppVersion} or later).`,
      details: state
    });
  }
}
async function listApplied(kysely) {
  const result = await sql`SELECT name, checksum, min_app_version FROM schema_migrations ORDER BY name`.execute(kysely);
  return result.rows;
}
async function applyNext(trx, migrations, deps) {
  await sql`SET LOCAL statement_timeout = 0`.execute(trx);
  await sql`SELECT pg_advisory_xact_lock(${LOCK_KEY})`.execute(trx);
  await sql`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      min_app_version text
    )`.execute(trx);
  const state = toState(await listApplied(trx), migrations, deps.appVersion);
  refuseMisfit(state);
  const next = migrations.find((migration) => migration.name === state.pending[0]);
  if (next === void 0) return null;
  await sql.raw(next.sql).execute(trx);
  await sql`
    INSERT INTO schema_migrations (name, checksum, min_app_version)
    VALUES (${next.name}, ${toChecksum(next)}, ${next.minAppVersion ?? null})`.execute(trx);
  return next.name;
}
async function migrateDatabase(database2, migrations, deps) {
  const applied = [];
  for (; ; ) {
    const name = await database2.transaction((trx) => applyNext(trx, migrations, deps));
    if (name === null) return applied;
    applied.push(name);
    deps.logger.info({ migration: name }, "migration applied");
  }
}

// backend/src/db/migrations/0001-initial.ts
var initial = {
  name: "0001-initial",
  sql: `
    CREATE EXTENSION IF NOT EXISTS pg_trgm;

    CREATE TABLE users (
      id text PRIMARY KEY,
      email text NOT NULL UNIQUE CHECK (email = lower(email)),
      name text NOT NULL,
      password_hash text NOT NULL,
      role text NOT NULL CHECK (role IN ('admin', 'member')),
      is_active boolean NOT NULL DEFAULT true,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE login_sessions (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      token_hash text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_seen_at timestamptz NOT NULL DEFAULT now(),
      idle_expires_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX login_sessions_user ON login_sessions (user_id);

    CREATE TABLE api_keys (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      name text NOT NULL,
      prefix text NOT NULL,
      key_hash text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz,
      revoked_at timestamptz
    );
    CREATE INDEX api_keys_user ON api_keys (user_id);

    CREATE TABLE agent_configs (
      id text PRIMARY KEY,
      name text NOT NULL,
      description text NOT NULL DEFAULT '',
      provider text NOT NULL,
      base_url text NOT NULL,
      api_key_sealed text,
      model text,
      app_id text,
      system_prompt text,
      temperature double precision,
      max_tokens integer,
      options jsonb NOT NULL DEFAULT '{}',
      suggestions jsonb NOT NULL DEFAULT '[]',
      origin text NOT NULL CHECK (origin IN ('demo', 'environment', 'import', 'admin')),
      is_active boolean NOT NULL DEFAULT true,
      is_default boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX agent_configs_provider_active ON agent_configs (provider, is_active);

    CREATE TABLE chat_sessions (
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      id text NOT NULL,
      title text NOT NULL,
      agent_id text,
      active_leaf_id text,
      is_pinned boolean NOT NULL DEFAULT false,
      is_archived boolean NOT NULL DEFAULT false,
      last_answer_at timestamptz,
      last_read_at timestamptz NOT NULL DEFAULT now(),
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, id)
    );
    CREATE INDEX chat_sessions_recent ON chat_sessions (user_id, updated_at DESC, id DESC);
    CREATE INDEX chat_sessions_id ON chat_sessions (id);
    CREATE INDEX chat_sessions_title_trgm ON chat_sessions USING gin (title gin_trgm_ops);

    CREATE TABLE chat_messages (
      user_id text NOT NULL,
      id text NOT NULL,
      session_id text NOT NULL,
      parent_id text,
      role text NOT NULL CHECK (role IN ('user', 'assistant')),
      parts jsonb NOT NULL DEFAULT '[]',
      body text NOT NULL DEFAULT '',
      delivery jsonb,
      agent_id text,
      agent_name text,
      generation_id text,
      upstream jsonb NOT NULL DEFAULT '{}',
      usage jsonb,
      timing jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, id),
      FOREIGN KEY (user_id, session_id) REFERENCES chat_sessions ON DELETE CASCADE
    );
    CREATE INDEX chat_messages_session_created ON chat_messages (user_id, session_id, created_at, id);
    CREATE INDEX chat_messages_body_trgm ON chat_messages USING gin (body gin_trgm_ops);

    CREATE TABLE generations (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
      session_id text,
      message_id text NOT NULL,
      agent_id text NOT NULL,
      owner_instance text NOT NULL,
      fence integer NOT NULL DEFAULT 1,
      status text NOT NULL CHECK (status IN ('running', 'complete', 'stopped', 'interrupted', 'failed')),
      stop_requested_at timestamptz,
      checkpoint_seq integer NOT NULL DEFAULT 0,
      checkpoint jsonb,
      final_seq integer,
      log_closed boolean NOT NULL DEFAULT false,
      adoptions integer NOT NULL DEFAULT 0,
      request jsonb,
      result jsonb,
      upstream jsonb NOT NULL DEFAULT '{}',
      idempotency_key text,
      request_hash text,
      delivery jsonb,
      usage jsonb,
      timing jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      UNIQUE (user_id, message_id),
      FOREIGN KEY (user_id, session_id) REFERENCES chat_sessions ON DELETE CASCADE
    ) WITH (fillfactor = 70);
    CREATE UNIQUE INDEX generations_idempotency ON generations (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
    CREATE INDEX generations_running ON generations (owner_instance) WHERE status = 'running';
    CREATE INDEX generations_open_log ON generations (finished_at) WHERE status <> 'running' AND NOT log_closed;
    CREATE INDEX generations_session ON generations (user_id, session_id, created_at DESC);

    CREATE TABLE instances (
      id text PRIMARY KEY,
      heartbeat_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz NOT NULL DEFAULT now(),
      dead_at timestamptz,
      is_draining boolean NOT NULL DEFAULT false,
      version text NOT NULL
    );

    CREATE TABLE message_feedback (
      user_id text NOT NULL,
      message_id text NOT NULL,
      rating text NOT NULL CHECK (rating IN ('good', 'bad')),
      comment text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, message_id),
      FOREIGN KEY (user_id, message_id) REFERENCES chat_messages ON DELETE CASCADE
    );

    CREATE TABLE settings (
      key text PRIMARY KEY,
      value jsonb NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now()
    );
  `
};

// backend/src/db/migrations/all-migrations.ts
var allMigrations = [initial];

// backend/src/db/open-database.ts
import { mkdir } from "node:fs/promises";
import { join as join2 } from "node:path";

// backend/src/db/create-database.ts
import { Kysely } from "kysely";

// backend/src/db/create-dialect.ts
import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler
} from "kysely";
var CHANGING_COMMANDS = /* @__PURE__ */ new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
var SourceConnection = class {
  #send;
  lease;
  isBroken = false;
  constructor(send3, lease) {
    this.#send = send3;
    this.lease = lease;
  }
  async executeQuery(query) {
    const result = await this.#send(query);
    const rows = result.rows;
    return CHANGING_COMMANDS.has(result.command) ? { rows, numAffectedRows: BigInt(result.rowCount ?? 0) } : { rows };
  }
  streamQuery() {
    throw new Error("streaming a query would hold a connection; page by key instead");
  }
};
function toDialect(createDriver) {
  return {
    createDriver,
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely)
  };
}
function createStatementDialect(deps) {
  const refuse3 = () => Promise.reject(new Error("use database.transaction() for a transaction"));
  const connection = new SourceConnection((query) => {
    deps.beforeSend();
    return deps.source.run({ text: query.sql }, query.parameters, "read");
  }, null);
  return toDialect(() => ({
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse3,
    commitTransaction: refuse3,
    rollbackTransaction: refuse3,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve()
  }));
}
var TransactionDriver = class {
  #source;
  constructor(source) {
    this.#source = source;
  }
  async init() {
  }
  async acquireConnection() {
    const lease = await this.#source.lease("write");
    return new SourceConnection((query) => lease.run({ text: query.sql }, query.parameters), lease);
  }
  async beginTransaction(connection, settings2) {
    const level = settings2.isolationLevel === void 0 ? "" : ` isolation level ${settings2.isolationLevel}`;
    await connection.lease?.run({ text: `begin${level}` }, []);
  }
  async commitTransaction(connection) {
    const result = await connection.lease?.run({ text: "commit" }, []);
    if (result?.command !== "COMMIT") throw new Error("rolled back: an error of a statement inside was swallowed");
  }
  async rollbackTransaction(connection) {
    try {
      await connection.lease?.run({ text: "rollback" }, []);
    } catch {
      connection.isBroken = true;
    }
  }
  async releaseConnection(connection) {
    connection.lease?.release(connection.isBroken);
  }
  async destroy() {
  }
};
function createTransactionDialect(source) {
  return toDialect(() => new TransactionDriver(source));
}

// backend/src/db/transaction-guard.ts
import { AsyncLocalStorage } from "node:async_hooks";
function createTransactionGuard() {
  const storage = new AsyncLocalStorage();
  return {
    enter(work) {
      const state = { isOpen: true };
      return storage.run(state, async () => {
        try {
          return await work();
        } finally {
          state.isOpen = false;
        }
      });
    },
    refuseInside() {
      if (storage.getStore()?.isOpen === true) {
        throw new Error("inside a transaction only its own handle may be used, not the database");
      }
    }
  };
}

// backend/src/db/create-database.ts
function createDatabase(source) {
  const guard = createTransactionGuard();
  const kysely = new Kysely({
    dialect: createStatementDialect({ source, beforeSend: () => guard.refuseInside() })
  });
  const transactions = new Kysely({ dialect: createTransactionDialect(source) });
  return {
    kysely,
    async query(statement5, values, options = { priority: "read" }) {
      guard.refuseInside();
      const result = await source.run(statement5, values, options.priority);
      return result.rows;
    },
    async transaction(work) {
      guard.refuseInside();
      return transactions.transaction().execute((trx) => guard.enter(() => work(trx)));
    },
    ping: (timeoutMs) => source.ping(timeoutMs),
    queueAgeMs: () => source.queueAgeMs(),
    close: () => source.close()
  };
}

// backend/src/db/connection-queue.ts
function createConnectionQueue(options) {
  const waiting = { write: [], read: [] };
  let underWay = 0;
  let isTakenAlone = false;
  let wasReadLetPast = false;
  function pickQueue() {
    const [read] = waiting.read;
    if (waiting.write.length === 0 || read === void 0) return read === void 0 ? waiting.write : waiting.read;
    const isOverdue = options.monotonicMs() - read.sinceMs > options.maxReadWaitMs;
    return isOverdue && !wasReadLetPast ? waiting.read : waiting.write;
  }
  function canStart(waiter) {
    return !isTakenAlone && underWay < (waiter.isAlone ? 1 : options.maxUnderWay);
  }
  function startNext() {
    for (; ; ) {
      const queue = pickQueue();
      const [next] = queue;
      if (next === void 0 || !canStart(next)) return;
      queue.shift();
      wasReadLetPast = queue === waiting.read;
      underWay += 1;
      isTakenAlone = next.isAlone;
      next.start(createTurn(next.isAlone));
    }
  }
  function createTurn(isAlone) {
    let isEnded = false;
    return {
      end() {
        if (isEnded) return;
        isEnded = true;
        underWay -= 1;
        if (isAlone) isTakenAlone = false;
        startNext();
      }
    };
  }
  function enter(priority, isAlone) {
    return new Promise((resolve) => {
      waiting[priority].push({ isAlone, sinceMs: options.monotonicMs(), start: resolve });
      startNext();
    });
  }
  return {
    enterStatement: (priority) => enter(priority, false),
    enterAlone: (priority) => enter(priority, true),
    oldestWaitMs() {
      const since = [...waiting.write.slice(0, 1), ...waiting.read.slice(0, 1)].map((waiter) => waiter.sinceMs);
      return since.length === 0 ? 0 : options.monotonicMs() - Math.min(...since);
    }
  };
}

// backend/src/db/database-error.ts
import pg from "pg";
var UNAVAILABLE_STATES = /^(08...|53300|57P0[1-5]|25006)$/;
function isServerError(error) {
  return error instanceof pg.DatabaseError;
}
function toDatabaseError(error) {
  if (error instanceof AppError) return error;
  if (isServerError(error) && !UNAVAILABLE_STATES.test(error.code ?? "")) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new AppError("database_unavailable", { cause: error, retryAfterMs: 2e3 });
}
function findViolatedUnique(error) {
  return isServerError(error) && error.code === "23505" ? error.constraint ?? "" : null;
}

// backend/src/db/pglite-session.ts
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import pg3 from "pg";

// backend/src/db/result-types.ts
import pg2 from "pg";
var { builtins } = pg2.types;
function toSafeInteger(text) {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
var textParsers = /* @__PURE__ */ new Map([
  [builtins.INT8, toSafeInteger],
  // A date has no time zone; the driver's own parser would give it the local one.
  [builtins.DATE, (text) => text]
]);
var resultTypes = {
  getTypeParser(typeId, format) {
    const own = format === "binary" ? void 0 : textParsers.get(typeId);
    return own ?? pg2.types.getTypeParser(typeId, format ?? "text");
  }
};

// backend/src/db/worker-stream.ts
import { Duplex } from "node:stream";
var WELCOME = Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 0, 90, 0, 0, 0, 5, 73]);
var TERMINATE = 88;
var WorkerStream = class extends Duplex {
  #worker;
  #isGreeted = false;
  constructor(worker) {
    super();
    this.#worker = worker;
    worker.on("message", this.#receive);
    worker.on("exit", this.#hangUp);
  }
  connect() {
    setImmediate(() => this.emit("connect"));
    return this;
  }
  setNoDelay() {
    return this;
  }
  _read() {
  }
  _write(chunk, _encoding, callback) {
    this.#send(chunk);
    callback();
  }
  _writev(chunks, callback) {
    this.#send(Buffer.concat(chunks.map((each) => each.chunk)));
    callback();
  }
  _destroy(error, callback) {
    this.#worker.off("message", this.#receive);
    this.#worker.off("exit", this.#hangUp);
    callback(error);
  }
  #receive = (message) => {
    if (message instanceof Uint8Array) this.push(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  };
  #hangUp = () => {
    this.destroy();
  };
  #send(bytes) {
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      this.push(WELCOME);
      return;
    }
    if (bytes[0] === TERMINATE) {
      this.destroy();
      return;
    }
    const message = new Uint8Array(bytes);
    this.#worker.postMessage(message, [message.buffer]);
  }
};

// backend/src/db/pglite-session.ts
function toWorkerUrl() {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? "../../dist/pglite-worker.js" : "./pglite-worker.js", import.meta.url);
}
async function waitUntilReady(worker) {
  const abort = new AbortController();
  const signal = abort.signal;
  try {
    const [first] = await Promise.race([
      once(worker, "message", { signal }),
      once(worker, "exit", { signal }).then(() => ["exit"])
    ]);
    if (first !== "ready") throw new Error("the database thread ended while it was opening the data folder");
  } finally {
    abort.abort();
  }
}
async function openPgliteSession(folder) {
  const worker = new Worker(toWorkerUrl(), { workerData: { folder }, name: "pglite" });
  let failure = null;
  let isClosing = false;
  worker.on("error", (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  const ended = once(worker, "exit").then(
    () => isClosing ? null : failure ?? new Error("the database thread ended"),
    () => failure
  );
  await waitUntilReady(worker);
  const stream = new WorkerStream(worker);
  const client = new pg3.Client({ stream: () => stream, pipeline: true, types: resultTypes, user: "postgres" });
  client.on("error", () => void 0);
  await client.connect();
  return {
    client,
    ended,
    async close() {
      isClosing = true;
      await client.end();
      worker.postMessage("close");
      await ended;
    }
  };
}

// backend/src/db/open-pglite.ts
var MAX_UNDER_WAY = 4;
var MAX_READ_WAIT_MS = 1e3;
async function send(client, statement5, values) {
  try {
    const result = await client.query({ ...statement5, values: [...values] });
    return result;
  } catch (error) {
    throw toDatabaseError(error);
  }
}
async function openPglite(options, deps) {
  const queue = createConnectionQueue({
    maxUnderWay: MAX_UNDER_WAY,
    maxReadWaitMs: MAX_READ_WAIT_MS,
    monotonicMs: () => performance.now()
  });
  let session = null;
  let isClosed = false;
  async function openSession() {
    const opened = await openPgliteSession(options.folder);
    void opened.ended.then((failure) => {
      session = null;
      if (failure !== null) deps.logger.error({ err: failure }, "embedded database thread ended");
    });
    return opened;
  }
  async function getClient() {
    if (isClosed) throw new AppError("database_unavailable", { message: "The database is closed." });
    session ??= openSession().catch((error) => {
      session = null;
      throw toDatabaseError(error);
    });
    return (await session).client;
  }
  await getClient();
  async function run(statement5, values, priority) {
    const turn = await queue.enterStatement(priority);
    try {
      return await send(await getClient(), statement5, values);
    } finally {
      turn.end();
    }
  }
  return {
    run,
    async lease(priority) {
      const turn = await queue.enterAlone(priority);
      try {
        const client = await getClient();
        return { run: (statement5, values) => send(client, statement5, values), release: () => turn.end() };
      } catch (error) {
        turn.end();
        throw error;
      }
    },
    async ping(timeoutMs) {
      let timer;
      const timeout = new Promise((resolve) => {
        timer = setTimeout(resolve, timeoutMs, false);
      });
      const answer = run({ text: "SELECT 1" }, [], "write").then(
        () => true,
        () => false
      );
      try {
        return await Promise.race([answer, timeout]);
      } finally {
        clearTimeout(timer);
      }
    },
    queueAgeMs: () => queue.oldestWaitMs(),
    async close() {
      isClosed = true;
      const open = session;
      if (open !== null) await (await open).close();
    }
  };
}

// backend/src/db/open-postgres.ts
import pg4 from "pg";
var STATEMENT_TIMEOUT_MS = 3e4;
var IDLE_IN_TRANSACTION_MS = 3e4;
var CONNECT_TIMEOUT_MS = 5e3;
async function send2(client, statement5, values) {
  try {
    const result = await client.query({ ...statement5, values: [...values] });
    return result;
  } catch (error) {
    throw toDatabaseError(error);
  }
}
async function pingOnce(pool, timeoutMs) {
  let client;
  try {
    client = await pool.connect();
  } catch {
    return false;
  }
  const query = { text: "SELECT 1", query_timeout: timeoutMs };
  const isAlive = await client.query(query).then(
    () => true,
    () => false
  );
  client.release(!isAlive);
  return isAlive;
}
function openPostgres(options, deps) {
  const settings2 = {
    connectionString: options.url,
    application_name: "llmchat",
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: resultTypes
  };
  const pool = new pg4.Pool({ ...settings2, max: options.poolMax });
  const pingPool = new pg4.Pool({ ...settings2, max: 1, connectionTimeoutMillis: 2e3 });
  for (const each of [pool, pingPool]) {
    each.on("error", (error) => deps.logger.warn({ err: error }, "idle database connection lost"));
    each.on("connect", (client) => client.on("error", () => void 0));
  }
  const waitingSinceMs = /* @__PURE__ */ new Set();
  async function connect() {
    const entry = { sinceMs: performance.now() };
    waitingSinceMs.add(entry);
    try {
      return await pool.connect();
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      waitingSinceMs.delete(entry);
    }
  }
  return {
    async run(statement5, values) {
      const client = await connect();
      try {
        return await send2(client, statement5, values);
      } finally {
        client.release();
      }
    },
    async lease() {
      const client = await connect();
      return {
        run: (statement5, values) => send2(client, statement5, values),
        release: (isBroken) => client.release(isBroken)
      };
    },
    async ping(timeoutMs) {
      let timer;
      const timeout = new Promise((resolve) => {
        timer = setTimeout(resolve, timeoutMs, false);
      });
      try {
        return await Promise.race([pingOnce(pingPool, timeoutMs), timeout]);
      } finally {
        clearTimeout(timer);
      }
    },
    queueAgeMs() {
      const [oldest] = waitingSinceMs;
      return oldest === void 0 ? 0 : performance.now() - oldest.sinceMs;
    },
    async close() {
      await Promise.all([pool.end(), pingPool.end()]);
    }
  };
}

// backend/src/db/open-database.ts
async function openDatabase(config2, deps) {
  if (config2.databaseUrl !== null) {
    return createDatabase(openPostgres({ url: config2.databaseUrl, poolMax: config2.databasePoolMax }, deps));
  }
  await mkdir(config2.dataDir, { recursive: true, mode: 448 });
  return createDatabase(await openPglite({ folder: join2(config2.dataDir, "database") }, deps));
}

// backend/src/generation/create-agent-health.ts
var windowMs2 = 10 * 6e4;
var maxSeen = 20;
var slowMs = 5e3;
function createAgentHealth(deps) {
  const seenByAgent = /* @__PURE__ */ new Map();
  return {
    record(agentId, delivery, firstContentMs) {
      if (delivery.state === "stopped") return;
      const seen = seenByAgent.get(agentId) ?? [];
      seen.push({ atMs: deps.clock.monotonicMs(), isUp: delivery.state === "complete", firstContentMs });
      if (seen.length > maxSeen) seen.shift();
      seenByAgent.set(agentId, seen);
    },
    find(agentId) {
      const since = deps.clock.monotonicMs() - windowMs2;
      return toHealth((seenByAgent.get(agentId) ?? []).filter((one) => one.atMs >= since));
    }
  };
}
function toHealth(seen) {
  if (seen.length === 0) return { health: "unknown", firstContentMs: null };
  const times = seen.flatMap((one) => one.firstContentMs ?? []).sort((a, b) => a - b);
  const firstContentMs = times[Math.floor(times.length / 2)] ?? null;
  if (seen.slice(-3).every((one) => !one.isUp)) return { health: "down", firstContentMs };
  return { health: firstContentMs !== null && firstContentMs > slowMs ? "slow" : "ok", firstContentMs };
}

// backend/src/generation/forward-feedback.ts
var totalMs = 1e4;
async function forwardFeedback(deps, feedback) {
  const message = await deps.database.kysely.selectFrom("chat_messages").select(["agent_id", "upstream"]).where("user_id", "=", feedback.userId).where("id", "=", feedback.messageId).executeTakeFirst();
  const agent = message?.agent_id ? await deps.findAgent(message.agent_id) : null;
  if (!message || !agent) return;
  const request = deps.getAdapter(agent.target.provider).toFeedbackRequest(agent.target, {
    rating: feedback.rating,
    endUserId: deps.toEndUserId(feedback.userId),
    ids: message.upstream
  });
  if (!request) return;
  const reply = await deps.outbound.send(request, { totalMs, maxBytes: 64 * 1024 });
  if (reply.status >= 300) deps.logger.warn({ agentId: agent.id, status: reply.status }, "feedback was not taken");
}

// backend/src/chat/accept-context.ts
var maxTurns = 1e3;
var statement2 = {
  name: "chat-accept-context",
  text: `
    WITH RECURSIVE session AS (
      SELECT agent_id, active_leaf_id FROM chat_sessions WHERE user_id = $1 AND id = $2
    ), place AS (
      SELECT CASE
        WHEN $4 = 'submit' AND $5::boolean THEN $6::text
        WHEN $4 = 'submit' THEN (SELECT active_leaf_id FROM session)
        ELSE (SELECT CASE WHEN role = 'assistant' THEN parent_id ELSE id END FROM chat_messages
              WHERE user_id = $1 AND id = coalesce($3, (SELECT active_leaf_id FROM session)))
      END AS id
    ), chain AS (
      SELECT m.id, m.parent_id, m.role, m.body, m.agent_id, m.upstream, m.delivery, 1 AS depth
        FROM chat_messages m JOIN place ON m.id = place.id WHERE m.user_id = $1 AND m.session_id = $2
      UNION ALL
      SELECT m.id, m.parent_id, m.role, m.body, m.agent_id, m.upstream, m.delivery, c.depth + 1
        FROM chat_messages m JOIN chain c ON m.id = c.parent_id WHERE m.user_id = $1 AND c.depth < ${maxTurns}
    )
    SELECT
      (SELECT json_build_object('agentId', agent_id, 'activeLeafId', active_leaf_id) FROM session) AS session,
      NOT EXISTS (SELECT FROM session)
        AND EXISTS (SELECT FROM chat_sessions WHERE id = $2 AND user_id <> $1) AS "isForeign",
      (SELECT json_build_object('id', id, 'sessionId', session_id, 'role', role, 'parentId', parent_id, 'body', body,
          'isRunning', role = 'assistant' AND delivery IS NULL, 'generationId', generation_id)
        FROM chat_messages
        WHERE user_id = $1 AND id = coalesce($3, CASE WHEN $4 = 'answer' THEN (SELECT active_leaf_id FROM session) END)
      ) AS named,
      (SELECT json_build_object('generationId', g.id, 'messageId', g.message_id, 'status', g.status)
        FROM chat_messages a JOIN generations g ON g.id = a.generation_id
        WHERE a.user_id = $1 AND a.session_id = $2 AND a.parent_id = $3
        ORDER BY a.created_at DESC, a.id DESC LIMIT 1) AS answer,
      coalesce((SELECT json_agg(json_build_object('id', id, 'role', role, 'body', body, 'agentId', agent_id,
          'upstream', upstream, 'isRunning', role = 'assistant' AND delivery IS NULL) ORDER BY depth DESC)
        FROM chain), '[]') AS chain`
};
async function getAcceptContext(deps, question) {
  const { userId, sessionId, namedId, mode, parentId } = question;
  const values = [userId, sessionId, namedId, mode, parentId !== void 0, parentId ?? null];
  const [row] = await deps.database.query(statement2, values, { priority: "write" });
  if (!row) throw new Error("a select without from yields one row");
  return row;
}
var tailStatement = {
  name: "chat-conversation-tail",
  text: `SELECT id FROM chat_messages
    WHERE user_id = $1 AND session_id = $2 AND upstream->>'conversationId' = $3
    ORDER BY created_at DESC, id DESC LIMIT 1`
};
async function findConversationTail(deps, key) {
  const values = [key.userId, key.sessionId, key.conversationId];
  const [row] = await deps.database.query(tailStatement, values, { priority: "write" });
  return row?.id ?? null;
}

// backend/src/chat/to-title.ts
var maxColumns = 60;
function toTitle(text) {
  for (const line of text.split(/\r?\n/)) {
    const plain = toPlainLine(line);
    if (plain) return cutToColumns(plain);
  }
  return "";
}
function toPlainLine(line) {
  if (/^\s*(```|~~~)/.test(line)) return "";
  return line.replace(/^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+|\d{1,9}[.)]\s+)?/, "").replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/(\*\*|__|~~|`+)/g, "").replace(new RegExp("\\p{Cc}+", "gu"), " ").replace(/\s+/g, " ").trim();
}
function cutToColumns(text) {
  const graphemes = [...new Intl.Segmenter().segment(text)].map((item) => item.segment);
  let columns2 = 0;
  let cut = "";
  for (const grapheme of graphemes) {
    columns2 += toColumns(grapheme);
    if (columns2 > maxColumns) return withEllipsis(cut);
    cut += grapheme;
  }
  return cut;
}
function withEllipsis(cut) {
  const graphemes = [...new Intl.Segmenter().segment(cut)].map((item) => item.segment);
  let columns2 = graphemes.reduce((sum, grapheme) => sum + toColumns(grapheme), 0);
  while (columns2 > maxColumns - 1) columns2 -= toColumns(graphemes.pop() ?? "");
  return `${graphemes.join("").trimEnd()}\u2026`;
}
var wide = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60]/u;
function toColumns(grapheme) {
  return wide.test(grapheme) ? 2 : 1;
}

// backend/src/chat/write-accepted.ts
var statement3 = {
  name: "chat-write-accepted",
  text: `
    WITH session AS (
      INSERT INTO chat_sessions AS s (user_id, id, title, agent_id, active_leaf_id)
      VALUES ($1, $2, $3, $4, $6)
      ON CONFLICT (user_id, id) DO UPDATE
        SET agent_id = EXCLUDED.agent_id, active_leaf_id = EXCLUDED.active_leaf_id, updated_at = now(),
            last_read_at = now(), is_archived = false
        WHERE s.active_leaf_id IS NOT DISTINCT FROM $12
      RETURNING s.id
    ), question AS (
      INSERT INTO chat_messages (user_id, id, session_id, parent_id, role, parts, body, created_at)
      SELECT $1, $8, $2, $9, 'user', $10::jsonb, $11, now() FROM session WHERE $8::text IS NOT NULL
    ), answer AS (
      INSERT INTO chat_messages (user_id, id, session_id, parent_id, role, agent_id, agent_name, generation_id, created_at)
      SELECT $1, $6, $2, $7, 'assistant', $4, $5, $13, now() + interval '1 millisecond' FROM session
    ), generation AS (
      INSERT INTO generations (id, user_id, session_id, message_id, agent_id, owner_instance, status)
      SELECT $13, $1, $2, $6, $4, $14, 'running' FROM session
    )
    SELECT count(*)::int AS accepted FROM session`
};
async function writeAccepted(deps, rows) {
  const { question } = rows;
  const text = question?.text ?? "";
  const values = [
    rows.userId,
    rows.sessionId,
    toTitle(text),
    rows.agent.id,
    rows.agent.name,
    rows.answerId,
    rows.answerParentId,
    question?.id ?? null,
    question?.parentId ?? null,
    JSON.stringify([{ type: "text", id: "t1", text }]),
    text,
    rows.expectedLeafId,
    rows.generationId,
    rows.ownerInstance
  ];
  const [row] = await deps.database.query(statement3, values, { priority: "write" });
  return row?.accepted === 1;
}

// packages/protocol/src/message-part.ts
function toPlainText(parts) {
  return parts.map((part) => part.type === "text" && !part.isSuperseded ? part.text : "").join("");
}

// packages/protocol/src/fold-message.ts
var emptyMessage = {
  messageId: null,
  agentId: null,
  generationId: null,
  parts: [],
  delivery: { state: "accepted" },
  usage: null,
  timing: null
};
function foldEvents(message, events) {
  let folded = message;
  for (const event of events) folded = foldEvent(folded, event);
  return folded;
}
function foldEvent(message, event) {
  switch (event.type) {
    case "start":
      return {
        ...emptyMessage,
        messageId: event.messageId,
        agentId: event.messageMetadata.agentId,
        generationId: event.messageMetadata.generationId
      };
    case "data-delivery":
      return { ...message, delivery: event.data };
    case "data-usage":
      return { ...message, usage: event.data };
    case "data-timing":
      return { ...message, timing: event.data };
    case "finish":
    case "abort":
    case "error":
      return message;
    default: {
      const parts = foldParts(message.parts, event);
      return parts === message.parts ? message : { ...message, parts };
    }
  }
}
function foldParts(parts, event) {
  switch (event.type) {
    case "text-start":
      return [...parts, { type: "text", id: event.id, text: "", isOpen: true }];
    case "reasoning-start":
      return [...parts, { type: "reasoning", id: event.id, text: "", isOpen: true }];
    case "text-delta":
    case "reasoning-delta":
      return changePart(
        parts,
        event.id,
        (part) => part.type === "text" || part.type === "reasoning" ? { ...part, text: part.text + event.delta } : part
      );
    case "text-end":
    case "reasoning-end":
      return changePart(parts, event.id, closePart);
    case "data-step":
      return putPart(parts, { type: "step", id: event.id, ...event.data });
    case "data-input-request":
      return putPart(parts, { type: "input-request", id: event.id, request: event.data });
    case "source-url":
      return putPart(parts, { type: "source", id: event.sourceId, title: event.title ?? event.url, url: event.url });
    case "source-document":
      return putPart(parts, { type: "source", id: event.sourceId, title: event.title });
    case "data-superseded":
      return parts.map((part) => part.type === "text" && !part.isSuperseded ? { ...part, isSuperseded: true } : part);
    default:
      return foldTool(parts, event);
  }
}
function foldTool(parts, event) {
  switch (event.type) {
    case "tool-input-start":
      return putPart(parts, { type: "tool", id: event.toolCallId, toolName: event.toolName, inputText: "" });
    case "tool-input-delta":
      return changeTool(parts, event.toolCallId, (tool) => ({ inputText: tool.inputText + event.inputTextDelta }));
    case "tool-input-available":
      return changeTool(parts, event.toolCallId, () => ({ toolName: event.toolName, input: event.input }));
    case "tool-output-available":
      return changeTool(parts, event.toolCallId, () => ({ output: event.output }));
    case "tool-output-error":
      return changeTool(parts, event.toolCallId, () => ({ errorText: event.errorText }));
    default:
      event;
      return parts;
  }
}
function changeTool(parts, id, change) {
  return changePart(parts, id, (part) => part.type === "tool" ? { ...part, ...change(part) } : part);
}
function closePart(part) {
  if (part.type !== "text" && part.type !== "reasoning") return part;
  const { isOpen: _isOpen, ...closed } = part;
  return closed;
}
function changePart(parts, id, change) {
  const index = findLastIndex(parts, id);
  const part = parts[index];
  if (!part) return parts;
  const next = [...parts];
  next[index] = change(part);
  return next;
}
function putPart(parts, part) {
  const index = findLastIndex(parts, part.id);
  if (index === -1) return [...parts, part];
  const next = [...parts];
  next[index] = part;
  return next;
}
function findLastIndex(parts, id) {
  for (let index = parts.length - 1; index >= 0; index--) if (parts[index]?.id === id) return index;
  return -1;
}

// backend/src/generation/parse-frames.ts
function toChatEvents(frames) {
  return frames.map((frame) => JSON.parse(frame.data));
}

// backend/src/generation/v1-request.ts
function parseV1Request(stored) {
  const empty = {
    rawTurns: [],
    passThrough: {},
    temperature: null,
    maxTokens: null,
    isStored: false,
    stopsWithClient: false
  };
  return { ...empty, ...stored };
}
function toV1JobFields(request, target) {
  return {
    rawTurns: request.rawTurns,
    passThrough: request.passThrough,
    isStored: request.isStored,
    stopsWithClient: request.stopsWithClient,
    target: {
      ...target,
      temperature: request.temperature ?? target.temperature,
      maxTokens: request.maxTokens ?? target.maxTokens
    }
  };
}

// backend/src/generation/find-job.ts
async function findJob(deps, row) {
  const agent = await deps.findAgent(row.agentId);
  if (!agent) return null;
  const common = {
    generationId: row.id,
    messageId: row.messageId,
    userId: row.userId,
    parentId: row.parentId,
    agent,
    fence: row.fence,
    question: null,
    continueText: null
  };
  if (row.sessionId === null) {
    const { target, ...fields2 } = toV1JobFields(parseV1Request(row.request), agent.target);
    return { ...common, sessionId: null, chain: [], ...fields2, agent: { ...agent, target } };
  }
  const { userId, sessionId, messageId } = row;
  const context = await deps.getAcceptContext({
    userId,
    sessionId,
    namedId: messageId,
    mode: "answer",
    parentId: void 0
  });
  return { ...common, sessionId, chain: context.chain, rawTurns: null, passThrough: {} };
}
function toAgentlessJob(row) {
  return {
    generationId: row.id,
    messageId: row.messageId,
    userId: row.userId,
    sessionId: row.sessionId,
    parentId: row.parentId,
    agent: {
      id: row.agentId,
      name: row.agentId,
      target: {
        provider: "openai",
        baseUrl: "",
        apiKey: null,
        model: null,
        appId: null,
        systemPrompt: null,
        temperature: null,
        maxTokens: null,
        options: {}
      }
    },
    fence: row.fence,
    chain: [],
    question: null,
    continueText: null,
    rawTurns: null,
    passThrough: {}
  };
}

// backend/src/generation/adopt-generation.ts
var lostLogGap = 1e5;
var maxAdoptions = 3;
async function adoptRow(deps, row) {
  const instanceId = deps.instanceId();
  const fence = await deps.adoptGeneration({ generationId: row.id, fence: row.fence, instanceId });
  if (fence === null) return false;
  const { baseSeq, message } = await restoreLog(deps, row, fence);
  const isStopRequested = row.isStopRequested;
  const adopted = { baseSeq, message, upstream: row.upstream, isStopRequested };
  const job = await deps.findJob({ ...row, fence });
  deps.logger.info({ generationId: row.id, fence, shownParts: message.parts.length }, "generation adopted");
  const taken = { ...job ?? toAgentlessJob(row), fence, adopted };
  if (isStopRequested) deps.conclude(taken, { state: "stopped" });
  else if (!job || row.adoptions >= maxAdoptions) deps.conclude(taken, { state: "interrupted", reason: "owner-lost" });
  else deps.resume(taken);
  return true;
}
async function restoreLog(deps, row, fence) {
  const checkpoint = row.checkpoint ?? emptyMessage;
  const lastSeq = await deps.streamLog.seal(row.id, fence);
  const tail = lastSeq === null ? null : await deps.streamLog.read(row.id, row.checkpointSeq);
  if (lastSeq !== null && tail) return { baseSeq: lastSeq, message: foldEvents(checkpoint, toChatEvents(tail)) };
  const baseSeq = row.checkpointSeq + lostLogGap;
  await deps.streamLog.open(row.id, fence, baseSeq);
  return { baseSeq, message: checkpoint };
}
function toShownText(job) {
  return toPlainText(job.adopted?.message.parts ?? []);
}

// backend/src/generation/choose-stream.ts
async function chooseStream(deps, question) {
  const { userId, sessionId } = question;
  const namedId = question.after?.generationId ?? question.generationId;
  const afterSeq = question.after?.seq ?? 0;
  if (namedId === null) return findRunning(deps, userId, sessionId);
  const named = await deps.findGeneration(userId, namedId);
  if (named?.sessionId !== sessionId) throw new AppError("generation_not_found");
  const rest = { userId, generationId: named.id, afterSeq };
  if (named.finalSeq === null || afterSeq < named.finalSeq) return rest;
  return await findRunning(deps, userId, sessionId) ?? rest;
}
async function findRunning(deps, userId, sessionId) {
  const newest = await deps.findNewestGeneration(userId, sessionId);
  if (newest?.status === "running") return { userId, generationId: newest.id, afterSeq: 0 };
  if (!newest && !await deps.hasSession(userId, sessionId)) throw new AppError("chat_session_not_found");
  return null;
}

// backend/src/generation/conversation-gate.ts
function createConversationGate() {
  const tails = /* @__PURE__ */ new Map();
  return async function withConversation(key, signal, work) {
    if (key === null) return work();
    const before = tails.get(key);
    const mine = (before ? waitFor(before, signal) : Promise.resolve()).then(work);
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}
async function waitFor(work, signal) {
  if (signal.aborted) return;
  await Promise.race([
    work.then(
      () => void 0,
      () => void 0
    ),
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
  ]);
}

// packages/protocol/src/unfold-message.ts
function unfoldMessage(message, messageId, metadata) {
  const events = [{ type: "start", messageId, messageMetadata: metadata }];
  const firstValid = message.parts.findLastIndex((part) => part.type === "text" && part.isSuperseded === true) + 1;
  message.parts.forEach((part, index) => {
    if (index === firstValid && index > 0) events.push({ type: "data-superseded", data: { reason: "replaced" } });
    events.push(...unfoldPart(part));
  });
  if (firstValid > 0 && firstValid === message.parts.length)
    events.push({ type: "data-superseded", data: { reason: "replaced" } });
  events.push({ type: "data-delivery", data: message.delivery });
  if (message.usage) events.push({ type: "data-usage", data: message.usage });
  if (message.timing) events.push({ type: "data-timing", data: message.timing });
  return events;
}
function unfoldPart(part) {
  switch (part.type) {
    case "text":
    case "reasoning":
      return unfoldText(part);
    case "step": {
      const { type: _type, id, ...data } = part;
      return [{ type: "data-step", id, data }];
    }
    case "input-request":
      return [{ type: "data-input-request", id: part.id, data: part.request }];
    case "source":
      return [
        part.url === void 0 ? { type: "source-document", sourceId: part.id, mediaType: "text/plain", title: part.title } : { type: "source-url", sourceId: part.id, url: part.url, title: part.title }
      ];
    case "tool":
      return unfoldTool(part);
    case "file":
      return [];
  }
}
function unfoldText(part) {
  const { type, id } = part;
  const events = [{ type: `${type}-start`, id }];
  if (part.text !== "") events.push({ type: `${type}-delta`, id, delta: part.text });
  if (!part.isOpen) events.push({ type: `${type}-end`, id });
  return events;
}
function unfoldTool(part) {
  const { id: toolCallId, toolName } = part;
  const events = [{ type: "tool-input-start", toolCallId, toolName, dynamic: true }];
  if (part.inputText !== "") events.push({ type: "tool-input-delta", toolCallId, inputTextDelta: part.inputText });
  if (part.input !== void 0)
    events.push({ type: "tool-input-available", toolCallId, toolName, input: part.input, dynamic: true });
  if (part.output !== void 0)
    events.push({ type: "tool-output-available", toolCallId, output: part.output, dynamic: true });
  if (part.errorText !== void 0)
    events.push({ type: "tool-output-error", toolCallId, errorText: part.errorText, dynamic: true });
  return events;
}

// backend/src/generation/estimate-tokens.ts
var cjk = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/gu;
function estimateTokens(text) {
  const wide2 = text.match(cjk)?.length ?? 0;
  return wide2 + Math.ceil((text.length - wide2) / 4);
}

// backend/src/generation/finish-generation.ts
var maxRetryMs = 5e3;
async function finishGeneration(deps, running, delivery) {
  if (!isFinal(delivery)) throw new Error("not an end");
  const { writer } = running;
  writer.closeParts(toStepStatus(delivery));
  await writer.flushed();
  if (writer.isSuperseded) return null;
  const snapshot = writer.snapshot();
  const usage = toUsage(running, toPlainText(snapshot.message.parts));
  const timing = {
    ...running.timing,
    totalMs: Math.round(deps.clock.monotonicMs() - running.acceptedMs)
  };
  const closing = toClosingEvents(delivery, usage, timing);
  deps.failpoints.hit("commit:before");
  const isCommitted = await commitUntilStored(deps, {
    generationId: running.job.generationId,
    fence: running.job.fence,
    finalSeq: snapshot.seq + closing.length,
    delivery,
    message: { ...snapshot.message, delivery, usage, timing },
    usage,
    timing,
    upstream: running.upstream,
    hasMessage: running.job.sessionId !== null,
    isResultStored: running.job.isStored === true
  });
  deps.failpoints.hit("commit:after");
  if (!isCommitted) return null;
  for (const event of closing) writer.write(event);
  deps.failpoints.hit("terminal:before");
  await writer.flushed();
  deps.failpoints.hit("terminal:after");
  deps.closeLog(running.job.generationId);
  return delivery;
}
function toClosingEvents(delivery, usage, timing) {
  return [
    { type: "data-usage", data: usage },
    { type: "data-timing", data: timing },
    { type: "data-delivery", data: delivery },
    toTerminal(delivery)
  ];
}
function toTerminal(delivery) {
  switch (delivery.state) {
    case "complete":
      return { type: "finish", finishReason: delivery.finishReason };
    case "stopped":
      return { type: "abort", reason: "stopped" };
    case "interrupted":
      return { type: "error", errorText: `interrupted: ${delivery.reason}` };
    case "failed":
      return { type: "error", errorText: `${delivery.code}: ${delivery.message}` };
  }
}
function isFinal(delivery) {
  return delivery.state !== "accepted" && delivery.state !== "streaming";
}
function toStepStatus(delivery) {
  if (delivery.state === "complete") return "done";
  return delivery.state === "failed" ? "failed" : "stopped";
}
function toUsage(running, text) {
  if (running.usage) return { ...running.usage, isEstimated: false };
  const { job } = running;
  const asked = [
    ...job.rawTurns?.map((turn) => turn.content) ?? job.chain.map((turn) => turn.body),
    job.question ?? ""
  ];
  return { inputTokens: estimateTokens(asked.join("\n")), outputTokens: estimateTokens(text), isEstimated: true };
}
async function commitUntilStored(deps, final) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await deps.commitFinal(final);
    } catch (error) {
      deps.logger.warn({ err: error, generationId: final.generationId, attempt }, "finishing waits for the database");
      const delayMs = Math.min(maxRetryMs, 100 * 2 ** attempt);
      await new Promise((resolve) => deps.clock.setTimer(delayMs, resolve));
    }
  }
}

// backend/src/generation/follow-generation.ts
async function followGeneration(deps, request, viewer) {
  const live = await subscribe(deps, request.generationId, request.afterSeq, viewer);
  if (live) return live;
  const local = deps.findLocalSnapshot(request.generationId);
  const row = await deps.findGeneration(request.userId, request.generationId);
  if (!row) throw new AppError("generation_not_found");
  if (row.delivery) return showStored(row, request.afterSeq, viewer);
  const snapshot = local ?? await findLogSnapshot(deps, row);
  if (!snapshot) throw new AppError("overloaded", { message: "The answer is being taken over. Try again." });
  return showSnapshot(deps, row, snapshot, viewer);
}
async function subscribe(deps, generationId, afterSeq, viewer) {
  const logViewer = {
    onFrames: (frames) => viewer.onFrames(frames),
    onEnd: () => viewer.onEnd()
  };
  return deps.streamLog.subscribe(generationId, afterSeq, logViewer);
}
async function findLogSnapshot(deps, row) {
  const state = await deps.streamLog.findState(row.id);
  if (!state) return null;
  const message = row.checkpoint ?? emptyMessage;
  return { generationId: row.id, fence: row.fence, seq: row.checkpointSeq, message, upstream: row.upstream };
}
async function showSnapshot(deps, row, snapshot, viewer) {
  viewer.onFrames(toSnapshotFrames(row, snapshot.message, snapshot.seq));
  const live = await subscribe(deps, row.id, snapshot.seq, viewer);
  if (live) return live;
  throw new AppError("overloaded", { message: "The answer moved on. Try again." });
}
function showStored(row, afterSeq, viewer) {
  const finalSeq = row.finalSeq ?? 0;
  if (afterSeq < finalSeq) viewer.onFrames(toStoredFrames(row, finalSeq));
  viewer.onEnd();
  return () => void 0;
}
function toStoredFrames(row, finalSeq) {
  const parts = row.parts ?? row.result?.parts ?? [];
  const frames = toSnapshotFrames(
    row,
    { ...emptyMessage, parts, delivery: row.delivery ?? emptyMessage.delivery },
    null
  );
  const { delivery, usage, timing } = row;
  if (!delivery || delivery.state === "accepted" || delivery.state === "streaming" || !usage || !timing) return frames;
  const closing = toClosingEvents(delivery, usage, timing).map((event) => JSON.stringify(event));
  return [...frames, ...closing.map((data, index) => ({ seq: index === closing.length - 1 ? finalSeq : null, data }))];
}
function toSnapshotFrames(row, message, seq) {
  const { id: generationId, sessionId, parentId, agentId } = row;
  const events = unfoldMessage(message, row.messageId, { generationId, sessionId, parentId, agentId });
  return events.map((event, index) => ({
    seq: index === events.length - 1 ? seq : null,
    data: JSON.stringify(event)
  }));
}
function toMissingClosing(row) {
  const { delivery, usage, timing } = row;
  if (!delivery || !usage || !timing || delivery.state === "accepted" || delivery.state === "streaming") return null;
  return toClosingEvents(delivery, usage, timing);
}

// backend/src/generation/generation-repository.ts
var write = { priority: "write" };
var checkpointStatement = {
  name: "generation-checkpoint",
  text: `
    UPDATE generations g SET checkpoint_seq = c.seq, checkpoint = c.message::jsonb, upstream = c.upstream::jsonb
    FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[]) AS c (id, fence, seq, message, upstream)
    WHERE g.id = c.id AND g.fence = c.fence AND g.status = 'running'`
};
async function saveCheckpoints(deps, checkpoints) {
  const values = [
    checkpoints.map((one) => one.generationId),
    checkpoints.map((one) => one.fence),
    checkpoints.map((one) => one.seq),
    checkpoints.map((one) => JSON.stringify(one.message)),
    checkpoints.map((one) => JSON.stringify(one.upstream))
  ];
  await deps.database.query(checkpointStatement, values, write);
}
var commitStatement = {
  name: "generation-commit",
  text: `
    WITH generation AS (
      UPDATE generations SET status = $3, final_seq = $4, delivery = $5::jsonb, usage = $6::jsonb, timing = $7::jsonb,
        upstream = $8::jsonb, result = $12::jsonb, checkpoint = NULL, request = NULL, finished_at = now()
      WHERE id = $1 AND fence = $2 AND status = 'running'
      RETURNING user_id, session_id, message_id
    ), message AS (
      UPDATE chat_messages m SET parts = $9::jsonb, body = $10, delivery = $5::jsonb, usage = $6::jsonb,
        timing = $7::jsonb, upstream = $8::jsonb
      FROM generation g WHERE m.user_id = g.user_id AND m.id = g.message_id AND $11::boolean
    ), session AS (
      UPDATE chat_sessions s SET last_answer_at = now(), updated_at = now()
      FROM generation g WHERE s.user_id = g.user_id AND s.id = g.session_id
    )
    SELECT count(*)::int AS committed FROM generation`
};
async function commitFinal(deps, final) {
  const values = [
    final.generationId,
    final.fence,
    final.delivery.state,
    final.finalSeq,
    JSON.stringify(final.delivery),
    JSON.stringify(final.usage),
    JSON.stringify(final.timing),
    JSON.stringify(final.upstream),
    JSON.stringify(final.message.parts),
    toPlainText(final.message.parts),
    final.hasMessage,
    final.isResultStored ? JSON.stringify(final.message) : null
  ];
  const [row] = await deps.database.query(commitStatement, values, write);
  return row?.committed === 1;
}
var closeStatement = {
  name: "generation-close-logs",
  text: "UPDATE generations SET log_closed = true WHERE id = ANY($1::text[])"
};
async function closeLogs(deps, generationIds) {
  await deps.database.query(closeStatement, [generationIds], write);
}
var requestStopStatement = {
  name: "generation-request-stop",
  text: `
    UPDATE generations SET stop_requested_at = coalesce(stop_requested_at, now())
    WHERE user_id = $1 AND status = 'running' AND ($2::text IS NULL OR id = $2) AND session_id = $3
      AND id = coalesce($2, (SELECT id FROM generations WHERE user_id = $1 AND session_id = $3 AND status = 'running'
        ORDER BY created_at DESC, id DESC LIMIT 1))
    RETURNING id`
};
async function requestStop(deps, key) {
  const values = [key.userId, key.generationId, key.sessionId];
  const [row] = await deps.database.query(requestStopStatement, values, write);
  return row?.id ?? null;
}
var columns = `
  g.id, g.user_id AS "userId", g.session_id AS "sessionId", g.message_id AS "messageId", m.parent_id AS "parentId",
  g.agent_id AS "agentId", g.owner_instance AS "ownerInstance", g.fence, g.status,
  g.stop_requested_at IS NOT NULL AS "isStopRequested", g.checkpoint_seq AS "checkpointSeq", g.checkpoint,
  g.final_seq AS "finalSeq", g.adoptions, g.request, g.result, g.upstream, g.request_hash AS "requestHash",
  g.delivery, g.usage, g.timing, m.parts`;
var from = "FROM generations g LEFT JOIN chat_messages m ON m.user_id = g.user_id AND m.id = g.message_id";
var findStatement = {
  name: "generation-find",
  text: `SELECT ${columns} ${from} WHERE g.user_id = $1 AND g.id = $2`
};
async function findGeneration(deps, userId, generationId) {
  const [row] = await deps.database.query(findStatement, [userId, generationId], write);
  return row ?? null;
}
var newestStatement = {
  name: "generation-newest",
  text: `SELECT ${columns} ${from} WHERE g.user_id = $1 AND g.session_id = $2 ORDER BY g.created_at DESC, g.id DESC LIMIT 1`
};
async function findNewestGeneration(deps, userId, sessionId) {
  const [row] = await deps.database.query(newestStatement, [userId, sessionId], write);
  return row ?? null;
}
var byKeyStatement = {
  name: "generation-by-idempotency-key",
  text: `SELECT ${columns} ${from} WHERE g.user_id = $1 AND g.idempotency_key = $2`
};
async function findGenerationByKey(deps, userId, key) {
  const [row] = await deps.database.query(byKeyStatement, [userId, key], write);
  return row ?? null;
}
var partialTextStatement = {
  name: "generation-partial-text",
  text: "SELECT body FROM chat_messages WHERE user_id = $1 AND id = $2"
};
async function findPartialText(deps, userId, messageId) {
  const [row] = await deps.database.query(partialTextStatement, [userId, messageId], write);
  return row?.body ?? "";
}
var orphanStatement = {
  name: "generation-orphans",
  text: `SELECT ${columns} ${from} WHERE g.status = 'running' AND g.owner_instance <> $1 ORDER BY g.created_at LIMIT $2`
};
async function listForeignRunning(deps, instanceId, limit) {
  return deps.database.query(orphanStatement, [instanceId, limit], write);
}
var adoptStatement = {
  name: "generation-adopt",
  text: `
    UPDATE generations SET owner_instance = $3, fence = fence + 1, adoptions = adoptions + 1
    WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING fence`
};
async function adoptGeneration(deps, key) {
  const values = [key.generationId, key.fence, key.instanceId];
  const [row] = await deps.database.query(adoptStatement, values, write);
  return row?.fence ?? null;
}
var openLogsStatement = {
  name: "generation-open-logs",
  text: `SELECT ${columns} ${from}
    WHERE g.status <> 'running' AND NOT g.log_closed AND g.finished_at < now() - make_interval(secs => $1)
    ORDER BY g.finished_at LIMIT 200`
};
async function listOpenLogs(deps, olderThanMs) {
  return deps.database.query(openLogsStatement, [olderThanMs / 1e3], write);
}

// packages/protocol/src/chat-event.ts
function isTerminalEvent(event) {
  return event.type === "finish" || event.type === "abort" || event.type === "error";
}

// backend/src/generation/coalesce-events.ts
function pushCoalesced(events, event) {
  const last = events.at(-1);
  if (last?.type === "text-delta" && event.type === "text-delta" && last.id === event.id) {
    events[events.length - 1] = { type: "text-delta", id: last.id, delta: last.delta + event.delta };
  } else if (last?.type === "reasoning-delta" && event.type === "reasoning-delta" && last.id === event.id) {
    events[events.length - 1] = { type: "reasoning-delta", id: last.id, delta: last.delta + event.delta };
  } else {
    events.push(event);
  }
}

// backend/src/generation/map-provider-parts.ts
function createOpenParts(message, next) {
  const open = { next, text: null, reasoning: null, steps: /* @__PURE__ */ new Map(), tools: /* @__PURE__ */ new Map() };
  for (const part of message.parts) {
    if (part.type === "text" && part.isOpen) open.text = part.id;
    if (part.type === "reasoning" && part.isOpen) open.reasoning = part.id;
    if (part.type === "tool") open.tools.set(part.id, part.toolName);
    if (part.type !== "step" || part.status !== "running") continue;
    const { type: _type, id, ...step } = part;
    open.steps.set(id, step);
  }
  return open;
}
function mapProviderPart(open, part) {
  switch (part.type) {
    case "text":
      return part.delta === "" ? [] : mapText(open, part.delta);
    case "reasoning":
      return part.delta === "" ? [] : mapReasoning(open, part.delta);
    case "step":
      return mapStep(open, part);
    case "source":
      return [mapSource(part)];
    case "input-request":
      return [...closeRunning(open), { type: "data-input-request", id: part.requestId, data: part.request }];
    case "superseded":
      return [...closeRunning(open), { type: "data-superseded", data: { reason: part.reason } }];
    case "tool-input-start":
    case "tool-input-delta":
    case "tool-input":
    case "tool-output":
      return mapTool(open, part);
    case "usage":
    case "ids":
    case "finish":
    case "failure":
      return [];
  }
}
function closeOpenParts(open, status) {
  const events = closeRunning(open);
  for (const [id, step] of open.steps) events.push({ type: "data-step", id, data: { ...step, status } });
  open.steps.clear();
  return events;
}
function closeRunning(open) {
  return [...closeReasoning(open), ...closeText(open)];
}
function closeText(open) {
  if (open.text === null) return [];
  const id = open.text;
  open.text = null;
  return [{ type: "text-end", id }];
}
function closeReasoning(open) {
  if (open.reasoning === null) return [];
  const id = open.reasoning;
  open.reasoning = null;
  return [{ type: "reasoning-end", id }];
}
function mapText(open, delta) {
  if (open.text !== null) return [{ type: "text-delta", id: open.text, delta }];
  const id = `t${open.next++}`;
  const events = closeReasoning(open);
  open.text = id;
  return [...events, { type: "text-start", id }, { type: "text-delta", id, delta }];
}
function mapReasoning(open, delta) {
  if (open.reasoning !== null) return [{ type: "reasoning-delta", id: open.reasoning, delta }];
  const id = `r${open.next++}`;
  const events = closeText(open);
  open.reasoning = id;
  return [...events, { type: "reasoning-start", id }, { type: "reasoning-delta", id, delta }];
}
function mapStep(open, part) {
  const id = `s-${part.stepId}`;
  if (part.step.status === "running") open.steps.set(id, part.step);
  else open.steps.delete(id);
  return [{ type: "data-step", id, data: part.step }];
}
function mapSource(part) {
  return part.url === void 0 ? { type: "source-document", sourceId: part.sourceId, mediaType: "text/plain", title: part.title } : { type: "source-url", sourceId: part.sourceId, url: part.url, title: part.title };
}
function mapTool(open, part) {
  const toolCallId = part.toolCallId;
  switch (part.type) {
    case "tool-input-start":
      return startTool(open, toolCallId, part.toolName);
    case "tool-input-delta":
      return part.delta === "" ? [] : [{ type: "tool-input-delta", toolCallId, inputTextDelta: part.delta }];
    case "tool-input": {
      const { toolName, input } = part;
      return [
        ...startTool(open, toolCallId, toolName),
        { type: "tool-input-available", toolCallId, toolName, input, dynamic: true }
      ];
    }
    case "tool-output":
      return [
        part.isError ? { type: "tool-output-error", toolCallId, errorText: toErrorText(part.output), dynamic: true } : { type: "tool-output-available", toolCallId, output: part.output, dynamic: true }
      ];
  }
}
function toErrorText(output) {
  return typeof output === "string" ? output : JSON.stringify(output);
}
function startTool(open, toolCallId, toolName) {
  if (open.tools.has(toolCallId)) return [];
  open.tools.set(toolCallId, toolName);
  return [...closeRunning(open), { type: "tool-input-start", toolCallId, toolName, dynamic: true }];
}

// backend/src/generation/generation-writer.ts
var GenerationWriter = class {
  generationId;
  fence;
  onDirty;
  open;
  pending = [];
  pendingUpstream;
  inFlight = null;
  ackedSeq;
  ackedMessage;
  ackedUpstream;
  unfolded = [];
  waiters = [];
  refused = false;
  constructor(options) {
    this.generationId = options.generationId;
    this.fence = options.fence;
    this.onDirty = options.onDirty;
    this.ackedSeq = options.baseSeq;
    this.ackedMessage = options.message;
    this.ackedUpstream = options.upstream;
    this.pendingUpstream = options.upstream;
    this.open = createOpenParts(options.message, options.baseSeq + 1);
  }
  get isSuperseded() {
    return this.refused;
  }
  get lastSeq() {
    return this.ackedSeq;
  }
  write(event) {
    pushCoalesced(this.pending, event);
    this.onDirty(this);
  }
  /** `upstream`: its ids and position once these parts are shown; a checkpoint never runs ahead of the log. */
  writeParts(parts, upstream) {
    this.pendingUpstream = upstream;
    for (const part of parts) for (const event of mapProviderPart(this.open, part)) pushCoalesced(this.pending, event);
    if (this.pending.length > 0) this.onDirty(this);
    else if (!this.inFlight) this.ackedUpstream = upstream;
  }
  closeParts(status) {
    for (const event of closeOpenParts(this.open, status)) this.write(event);
  }
  /** The next append, or null when there is nothing to send or one is under way. */
  takeAppend() {
    if (this.inFlight || this.pending.length === 0 || this.refused) return null;
    const events = this.pending;
    this.pending = [];
    let seq = this.ackedSeq;
    const frames = events.map((event) => {
      seq += 1;
      return { seq, data: JSON.stringify(event), isTerminal: isTerminalEvent(event) };
    });
    this.inFlight = { events, lastSeq: seq, upstream: this.pendingUpstream };
    return { generationId: this.generationId, fence: this.fence, expectedLastSeq: this.ackedSeq, frames };
  }
  acknowledge(outcome) {
    const sent = this.inFlight;
    this.inFlight = null;
    if (outcome === "refused") {
      this.refused = true;
    } else if (sent) {
      this.ackedSeq = sent.lastSeq;
      this.ackedUpstream = sent.upstream;
      for (const event of sent.events) this.unfolded.push(event);
      if (this.pending.length > 0) this.onDirty(this);
    }
    if (this.refused || this.pending.length === 0) for (const wake of this.waiters.splice(0)) wake();
  }
  /** Resolves when all that was written is in the log, or the fence was refused. */
  flushed() {
    if (this.refused || this.pending.length === 0 && !this.inFlight) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push(resolve));
  }
  snapshot() {
    if (this.unfolded.length > 0) {
      this.ackedMessage = foldEvents(this.ackedMessage, this.unfolded);
      this.unfolded = [];
    }
    const { generationId, fence } = this;
    return { generationId, fence, seq: this.ackedSeq, message: this.ackedMessage, upstream: this.ackedUpstream };
  }
};

// backend/src/generation/open-checkpoint-loop.ts
function openCheckpointLoop(deps) {
  const savedSeq = /* @__PURE__ */ new WeakMap();
  let closed = [];
  let cancel = schedule();
  function schedule() {
    return deps.clock.setTimer(deps.everyMs, () => {
      tick().catch((error) => deps.logger.warn({ err: error }, "checkpoint failed")).finally(() => {
        cancel = schedule();
      });
    });
  }
  async function tick() {
    await saveChanged();
    await saveClosed();
  }
  async function saveChanged() {
    const changed = [];
    const checkpoints = [];
    for (const running of deps.running()) {
      if (running.writer.isSuperseded || savedSeq.get(running) === running.writer.lastSeq) continue;
      changed.push(running);
      checkpoints.push(running.writer.snapshot());
    }
    if (checkpoints.length === 0) return;
    deps.failpoints.hit("checkpoint:before");
    await deps.saveCheckpoints(checkpoints);
    deps.failpoints.hit("checkpoint:after");
    changed.forEach((running, index) => savedSeq.set(running, checkpoints[index]?.seq ?? 0));
  }
  async function saveClosed() {
    const ids = closed;
    if (ids.length === 0) return;
    closed = [];
    try {
      await deps.closeLogs(ids);
    } catch (error) {
      closed.push(...ids);
      throw error;
    }
  }
  return {
    markClosed: (generationId) => closed.push(generationId),
    flush: tick,
    close: () => cancel()
  };
}

// backend/src/generation/open-flush-loop.ts
function openFlushLoop(deps) {
  const dirty = /* @__PURE__ */ new Set();
  let isScheduled = false;
  function schedule(writer) {
    dirty.add(writer);
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      flush().catch(deps.onError);
    });
  }
  async function flush() {
    const writers = [];
    const requests = [];
    for (const writer of dirty) {
      const request = writer.takeAppend();
      if (!request) continue;
      writers.push(writer);
      requests.push(request);
    }
    dirty.clear();
    if (requests.length === 0) return;
    deps.failpoints.hit("append:before");
    const outcomes = await deps.streamLog.append(requests);
    deps.failpoints.hit("append:after");
    writers.forEach((writer, index) => writer.acknowledge(outcomes[index] ?? "refused"));
  }
  return { schedule };
}

// backend/src/providers/provider-part.ts
function isContentPart(part) {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "tool-input-delta":
      return part.delta !== "";
    case "step":
    case "tool-input-start":
    case "tool-input":
    case "tool-output":
    case "source":
    case "input-request":
      return true;
    default:
      return false;
  }
}

// backend/src/generation/attempt-answer.ts
async function attemptAnswer(deps, running, call, request) {
  const startMs = deps.clock.monotonicMs();
  let isConnected = false;
  let finish = null;
  let failure = null;
  running.timing.queuedMs ??= Math.round(startMs - running.acceptedMs);
  running.upstream = { ...call.upstream, ...request ? running.upstream : {} };
  const onConnected = () => {
    isConnected = true;
    running.timing.connectMs = Math.round(deps.clock.monotonicMs() - startMs);
  };
  const options = { signal: running.signal, onConnected, ...request ? { request } : {} };
  for await (const parts of deps.streamAnswer(call, options)) {
    if (running.writer.isSuperseded) running.end("superseded");
    for (const part of parts) {
      if (part.type === "finish") finish = part.reason;
      else if (part.type === "failure") failure = part.failure;
      else learn(running, part);
    }
    showContent(deps, running, parts);
  }
  if (running.endReason !== null) return { kind: "ended" };
  if (failure) return { kind: "failed", failure, isConnected };
  if (finish !== null) return { kind: "finished", reason: finish };
  return { kind: "failed", failure: truncated, isConnected };
}
var truncated = {
  code: "upstream_truncated",
  message: "the stream ended without its success marker",
  isRetryable: true
};
function learn(running, part) {
  if (part.type === "ids") running.upstream = { ...running.upstream, ...part.ids };
  if (part.type === "usage") running.usage = part.usage;
}
function showContent(deps, running, parts) {
  if (!running.hasContent) {
    if (!parts.some(isContentPart)) {
      running.writer.writeParts([], running.upstream);
      return;
    }
    running.hasContent = true;
    running.timing.firstContentMs = Math.round(deps.clock.monotonicMs() - running.acceptedMs);
    running.writer.write({ type: "data-delivery", data: { state: "streaming" } });
  }
  running.writer.writeParts(parts, running.upstream);
}

// backend/src/generation/drop-repeat.ts
function createRepeatDropper(tail) {
  let left = tail;
  return (delta) => {
    let index = 0;
    while (index < delta.length && left !== "" && delta[index] === left[0]) {
      left = left.slice(1);
      index += 1;
    }
    if (index < delta.length) left = "";
    return delta.slice(index);
  };
}

// backend/src/generation/plan-call.ts
var continueRequest = "Continue your last answer exactly where it broke off. Do not repeat anything and do not comment on the interruption.";
function planCall(job, options) {
  const turns = job.rawTurns ?? toTurns(job, options.canContinue);
  const isFork = options.isStateful && job.sessionId !== null && options.conversationId === null;
  return {
    target: job.agent.target,
    turns,
    endUserId: options.endUserId,
    upstream: toUpstream(job, options, isFork),
    answerId: job.messageId + toSuffix(job, options),
    continueFrom: options.canContinue ? job.continueText : null,
    passThrough: isFork && turns.length > 1 ? { ...job.passThrough, carryHistory: true } : job.passThrough
  };
}
function toUpstream(job, options, isFork) {
  if (options.conversationId !== null) return { conversationId: options.conversationId };
  if (isFork && job.agent.target.provider === "fastgpt")
    return { conversationId: job.generationId + toSuffix(job, options) };
  return {};
}
function toSuffix(job, { attempt }) {
  return job.fence === 1 && attempt === 1 ? "" : `-${job.fence}-${attempt}`;
}
function toTurns(job, canContinue3) {
  const turns = job.chain.filter((turn) => turn.body !== "").map(toTurn);
  if (job.question !== null) turns.push({ role: "user", content: job.question });
  if (job.continueText !== null && !canContinue3) {
    turns.push({ role: "assistant", content: job.continueText }, { role: "user", content: continueRequest });
  }
  return turns;
}
function toTurn(turn) {
  return { role: turn.role, content: turn.body };
}
function findParentConversation(job) {
  const parent = job.question === null ? void 0 : job.chain.at(-1);
  const conversationId = parent?.upstream["conversationId"];
  if (!parent || parent.agentId !== job.agent.id || typeof conversationId !== "string") return null;
  return { conversationId, messageId: parent.id };
}

// backend/src/generation/back-off.ts
var baseMs = 300;
var capMs = 8e3;
var maxRetryAfterMs = 2e4;
function toBackOffMs({ attempt, retryAfterMs, random }) {
  if (retryAfterMs !== void 0 && retryAfterMs > maxRetryAfterMs) return null;
  const jitterMs = random * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.round(Math.max(jitterMs, retryAfterMs ?? 0));
}

// backend/src/generation/run-generation.ts
async function runGeneration(deps, running, options = { isFork: false }) {
  const { job } = running;
  const adapter = deps.getAdapter(job.agent.target.provider);
  let conversationId = options.isFork ? null : await findConversation(deps, running, adapter.abilities);
  for (let attempt = 1; ; attempt++) {
    const call = planCall(job, {
      attempt,
      isStateful: adapter.abilities.isStateful,
      canContinue: job.continueText !== null && adapter.canContinue(job.agent.target),
      conversationId,
      endUserId: deps.toEndUserId(job.userId)
    });
    const key = call.upstream.conversationId ? `${job.agent.id}:${call.upstream.conversationId}` : null;
    const result = await deps.withConversation(key, running.signal, () => attemptAnswer(deps, running, call));
    if (result.kind !== "finished") await stopUpstream(deps, running, adapter, call);
    if (result.kind !== "failed") return toEnd(running, result);
    const canRetry = !running.hasContent && result.failure.isRetryable && attempt <= deps.retryAttempts;
    const delayMs = canRetry ? toBackOffMs({ attempt, retryAfterMs: result.failure.retryAfterMs, random: deps.random() }) : null;
    if (delayMs === null) return toFailureEnd(running, result.failure);
    const isClean = await cleanUp(deps, running, adapter, call, result);
    if (isClean === "no") return toFailureEnd(running, result.failure);
    if (isClean === "fork") conversationId = null;
    await waitOrEnd(deps, delayMs, running.signal);
    if (running.endReason !== null) return toEnd(running, { kind: "ended" });
  }
}
async function findConversation(deps, running, abilities6) {
  const { job } = running;
  const parent = abilities6.isStateful && job.sessionId !== null ? findParentConversation(job) : null;
  if (!parent || job.sessionId === null) return null;
  const tail = await deps.findConversationTail(job.userId, job.sessionId, parent.conversationId);
  return tail === parent.messageId ? parent.conversationId : null;
}
async function cleanUp(deps, running, adapter, call, result) {
  if (!adapter.abilities.isStateful || !result.isConnected || (result.failure.status ?? 0) >= 400) return "yes";
  const remove = adapter.toRemoveTurnRequest(call, running.upstream);
  if (!remove) return "fork";
  return await deps.sendQuietly(remove) ? "yes" : "no";
}
async function stopUpstream(deps, running, adapter, call) {
  if (running.endReason === "superseded" || running.endReason === "shutdown") return;
  const stop = adapter.toStopRequest(call, running.upstream);
  if (!stop) return;
  const sent = deps.sendQuietly(stop);
  if (running.endReason === null) await sent;
}
function toEnd(running, result) {
  if (result.kind === "finished") return { state: "complete", finishReason: result.reason };
  switch (running.endReason) {
    case "deadline":
      return running.hasContent ? { state: "interrupted", reason: "deadline", code: "upstream_deadline" } : { state: "failed", code: "upstream_deadline", message: "The answer took longer than allowed." };
    case "shutdown":
      return { state: "interrupted", reason: "shutdown" };
    default:
      return { state: "stopped" };
  }
}
function toFailureEnd(running, failure) {
  if (!running.hasContent) return { state: "failed", code: failure.code, message: failure.message };
  const reason = failure.code === "upstream_truncated" ? "truncated" : "upstream-error";
  return { state: "interrupted", reason, code: failure.code };
}
async function waitOrEnd(deps, delayMs, signal) {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    const cancel = deps.clock.setTimer(delayMs, resolve);
    signal.addEventListener(
      "abort",
      () => {
        cancel();
        resolve();
      },
      { once: true }
    );
  });
}

// backend/src/generation/resume-generation.ts
async function resumeGeneration(deps, running) {
  const { job } = running;
  const adapter = deps.getAdapter(job.agent.target.provider);
  const shown = toShownText(job);
  const call = planCall(job, {
    attempt: 1,
    isStateful: adapter.abilities.isStateful,
    canContinue: false,
    conversationId: running.upstream.conversationId ?? null,
    endUserId: deps.toEndUserId(job.userId)
  });
  const reattached = await reattach(deps, running, adapter, call);
  if (reattached) return reattached;
  const fetched = await fetchAnswer(deps, running, adapter, call, shown);
  if (fetched) return fetched;
  if (!running.hasContent) return restart(deps, running, adapter, call);
  if (shown !== "" && adapter.canContinue(job.agent.target)) return continueTurn(deps, running, adapter, shown);
  return { state: "interrupted", reason: "owner-lost" };
}
async function reattach(deps, running, adapter, call) {
  const request = adapter.toReattachRequest(call, running.upstream);
  if (!request) return null;
  const result = await attemptAnswer(deps, running, call, request);
  if (result.kind === "finished") return { state: "complete", finishReason: result.reason };
  return result.kind === "ended" ? { state: "stopped" } : null;
}
async function fetchAnswer(deps, running, adapter, call, shown) {
  const request = adapter.toFetchAnswerRequest(call, running.upstream);
  if (!request) return null;
  for (let time = 0; time < deps.poll.times && !running.signal.aborted; time++) {
    if (time > 0) await new Promise((resolve) => deps.clock.setTimer(deps.poll.everyMs, resolve));
    const reply = await deps.fetchQuietly(request);
    if (!reply || reply.status >= 400) return null;
    const answer = adapter.parseFetchedAnswer(reply.body, running.upstream);
    if (!answer) continue;
    if (!answer.text.startsWith(shown)) return null;
    running.hasContent = true;
    running.writer.writeParts([{ type: "text", delta: answer.text.slice(shown.length) }], running.upstream);
    return { state: "complete", finishReason: "stop" };
  }
  return null;
}
async function restart(deps, running, adapter, call) {
  const stop = adapter.toStopRequest(call, running.upstream);
  if (stop) await deps.sendQuietly(stop);
  running.upstream = {};
  return runGeneration(deps, running, { isFork: true });
}
async function continueTurn(deps, running, adapter, shown) {
  const prefill = shown.trimEnd();
  const drop = createRepeatDropper(shown.slice(prefill.length));
  const call = planCall(
    { ...running.job, continueText: prefill },
    {
      attempt: 1,
      isStateful: adapter.abilities.isStateful,
      canContinue: true,
      conversationId: null,
      endUserId: deps.toEndUserId(running.job.userId)
    }
  );
  const streamAnswer2 = async function* (request, options) {
    for await (const parts of deps.streamAnswer(request, options))
      yield parts.map((part) => part.type === "text" ? { ...part, delta: drop(part.delta) } : part);
  };
  const result = await attemptAnswer({ ...deps, streamAnswer: streamAnswer2 }, running, call);
  if (result.kind === "finished") return { state: "complete", finishReason: result.reason };
  return result.kind === "ended" ? { state: "stopped" } : { state: "interrupted", reason: "owner-lost" };
}

// backend/src/generation/running-generation.ts
var RunningGeneration = class {
  job;
  writer;
  acceptedMs;
  controller = new AbortController();
  settle = () => void 0;
  /** Resolves at the very end with what became of it; null when it was superseded. */
  ended;
  endReason = null;
  hasContent;
  upstream;
  usage = null;
  timing = { queuedMs: null, connectMs: null, firstContentMs: null };
  constructor(job, writer, acceptedMs) {
    this.job = job;
    this.writer = writer;
    this.acceptedMs = acceptedMs;
    this.upstream = { ...job.adopted?.upstream };
    this.hasContent = (job.adopted?.message.parts.length ?? 0) > 0;
    this.ended = new Promise((resolve) => {
      this.settle = resolve;
    });
  }
  get signal() {
    return this.controller.signal;
  }
  /** The first reason wins: a stop that comes while the deadline ends it changes nothing. */
  end(reason) {
    if (this.endReason !== null) return;
    this.endReason = reason;
    this.controller.abort();
  }
  markEnded(delivery) {
    this.settle(delivery);
  }
};

// backend/src/generation/open-generation-engine.ts
function openGenerationEngine(deps) {
  const running = /* @__PURE__ */ new Map();
  const checkpoints = openCheckpointLoop({
    ...deps,
    everyMs: deps.checkpointMs,
    running: () => running.values()
  });
  const flushLoop = openFlushLoop({
    ...deps,
    onError: (error) => deps.logger.error({ err: error }, "append failed")
  });
  const finishDeps = {
    ...deps,
    closeLog: (generationId) => {
      checkpoints.markClosed(generationId);
      void deps.streamLog.expireAfter(generationId, deps.logTtlMs);
    }
  };
  function launch(job, work) {
    const { generationId, fence } = job;
    const writer = new GenerationWriter({
      generationId,
      fence,
      baseSeq: job.adopted?.baseSeq ?? 0,
      message: job.adopted?.message ?? emptyMessage,
      upstream: job.adopted?.upstream ?? {},
      onDirty: (dirty) => flushLoop.schedule(dirty)
    });
    const one = new RunningGeneration(job, writer, deps.clock.monotonicMs());
    running.set(generationId, one);
    const cancelDeadline = deps.clock.setTimer(deps.totalMs, () => one.end("deadline"));
    live(one, work).catch((error) => {
      deps.logger.error({ err: error, generationId }, "generation failed on our side");
      return null;
    }).then((delivery) => {
      cancelDeadline();
      running.delete(generationId);
      if (delivery) deps.onEnded(one, delivery);
      one.markEnded(delivery);
    }).catch((error) => deps.logger.error({ err: error, generationId }, "generation could not be ended"));
  }
  async function live(one, work) {
    if (!one.job.adopted) await begin(one);
    const delivery = await work(one).catch((error) => toInternalEnd(one, error));
    if (one.endReason === "superseded" || one.writer.isSuperseded) return null;
    return finishGeneration(finishDeps, one, delivery);
  }
  async function begin(one) {
    const { job, writer } = one;
    await deps.streamLog.open(job.generationId, job.fence, 0);
    const { generationId, sessionId, parentId } = job;
    const messageMetadata = { generationId, sessionId, parentId, agentId: job.agent.id };
    writer.write({ type: "start", messageId: job.messageId, messageMetadata });
    writer.write({ type: "data-delivery", data: { state: "accepted" } });
    if (job.continueText !== null) writer.writeParts([{ type: "text", delta: job.continueText }], {});
  }
  function toInternalEnd(one, error) {
    deps.logger.error({ err: error, generationId: one.job.generationId }, "generation failed on our side");
    return one.hasContent ? { state: "interrupted", reason: "upstream-error", code: "internal" } : { state: "failed", code: "internal", message: "Something failed on our side." };
  }
  return {
    run: (job) => launch(job, (one) => runGeneration(deps, one)),
    resume: (job) => launch(job, (one) => resumeGeneration(deps, one)),
    conclude: (job, delivery) => launch(job, () => Promise.resolve(delivery)),
    find: (generationId) => running.get(generationId) ?? null,
    list: () => [...running.values()],
    async close() {
      const left = [...running.values()];
      for (const one of left) one.end("shutdown");
      await Promise.all(left.map((one) => one.ended));
      checkpoints.close();
      await checkpoints.flush().catch((error) => deps.logger.warn({ err: error }, "last checkpoint failed"));
    }
  };
}

// backend/src/generation/accept-rules.ts
function findAttachment(message, context) {
  const { named } = context;
  if (!named) return null;
  if (message.question) {
    const isSame = named.sessionId === message.sessionId && named.role === "user" && named.body === message.question.text;
    if (!isSame || !context.answer) throw new AppError("message_id_conflict");
    return { generationId: context.answer.generationId, messageId: context.answer.messageId };
  }
  if (named.isRunning && named.generationId && named.sessionId === message.sessionId)
    return { generationId: named.generationId, messageId: named.id };
  return null;
}
function assertCanAccept(message, context) {
  const place = context.chain.at(-1);
  if (message.question) {
    const names = message.parentId === void 0 ? context.session?.activeLeafId ?? null : message.parentId;
    if (names !== null && !place) throw new AppError("message_not_found");
    if (place?.isRunning) throw new AppError("generation_running");
    return;
  }
  if (!context.session) throw new AppError("chat_session_not_found");
  if (place?.role !== "user") throw new AppError("message_not_found");
}

// backend/src/generation/start-generation.ts
var maxRaces = 5;
async function startGeneration(deps, message) {
  for (let race = 0; race < maxRaces; race++) {
    const context = await deps.getAcceptContext(toAcceptQuestion(message));
    if (context.isForeign) throw new AppError("chat_session_not_found");
    const attached = findAttachment(message, context);
    if (attached) return { ...attached, sessionId: message.sessionId, isAttached: true };
    deps.assertHasRoom();
    assertCanAccept(message, context);
    const started = await accept(deps, message, context);
    if (started) return started;
  }
  throw new AppError("conflict", { message: "This chat is being changed from several places at once. Try again." });
}
function toAcceptQuestion(message) {
  const { userId, sessionId, question, targetId, parentId } = message;
  return question ? { userId, sessionId, namedId: question.id, mode: "submit", parentId } : { userId, sessionId, namedId: targetId, mode: "answer", parentId: void 0 };
}
async function accept(deps, message, context) {
  const agent = await deps.getAgent(message.agentId ?? context.session?.agentId ?? null);
  const continueText = await findContinueText(deps, message, context);
  const parentId = context.chain.at(-1)?.id ?? null;
  const questionId = message.question?.id ?? parentId;
  if (questionId === null) throw new AppError("message_not_found");
  const generationId = deps.createId();
  const answerId = deps.createId();
  deps.failpoints.hit("accept:before");
  const isWritten = await writeOnce(deps, {
    userId: message.userId,
    sessionId: message.sessionId,
    agent: { id: agent.id, name: agent.name },
    question: message.question ? { ...message.question, parentId } : null,
    answerId,
    answerParentId: questionId,
    generationId,
    ownerInstance: deps.instanceId(),
    expectedLeafId: context.session?.activeLeafId ?? null
  });
  deps.failpoints.hit("accept:after");
  if (!isWritten) return null;
  deps.run({
    generationId,
    messageId: answerId,
    userId: message.userId,
    sessionId: message.sessionId,
    parentId: questionId,
    agent,
    fence: 1,
    chain: context.chain,
    question: message.question?.text ?? null,
    continueText,
    rawTurns: null,
    passThrough: {}
  });
  return { generationId, messageId: answerId, sessionId: message.sessionId, isAttached: false };
}
async function findContinueText(deps, message, context) {
  if (!message.isContinuation) return null;
  if (context.named?.role !== "assistant") throw new AppError("message_not_found");
  const text = await deps.findPartialText(message.userId, context.named.id);
  return text === "" ? null : text;
}
async function writeOnce(deps, rows) {
  try {
    return await deps.writeAccepted(rows);
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}
function isUniqueViolation(error) {
  return error instanceof Error && "code" in error && error.code === "23505";
}

// backend/src/generation/start-v1-generation.ts
import { createHash as createHash2 } from "node:crypto";
var statement4 = {
  name: "generation-start-v1",
  text: `
    INSERT INTO generations (id, user_id, message_id, agent_id, owner_instance, status, request, idempotency_key, request_hash)
    VALUES ($1, $2, $3, $4, $5, 'running', $6::jsonb, $7, $8)
    ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING id`
};
async function startV1Generation(deps, call) {
  const requestHash = toHash(call);
  const known = call.idempotencyKey ? await deps.findGenerationByKey(call.userId, call.idempotencyKey) : null;
  if (known) return toKnown(known, requestHash);
  deps.assertHasRoom();
  const generationId = deps.createId();
  const messageId = deps.createId();
  const { userId, agent, request, idempotencyKey } = call;
  const stored = JSON.stringify(request);
  const values = [generationId, userId, messageId, agent.id, deps.instanceId(), stored, idempotencyKey, requestHash];
  deps.failpoints.hit("accept:before");
  const rows = await deps.database.query(statement4, values, { priority: "write" });
  deps.failpoints.hit("accept:after");
  if (rows.length === 0) return startV1Generation(deps, call);
  const { target, ...fields2 } = toV1JobFields(request, agent.target);
  deps.run({
    generationId,
    messageId,
    userId,
    sessionId: null,
    parentId: null,
    agent: { ...agent, target },
    fence: 1,
    chain: [],
    question: null,
    continueText: null,
    ...fields2
  });
  return { kind: "running", generationId };
}
function toKnown(row, requestHash) {
  if (row.requestHash !== requestHash)
    throw new AppError("conflict", { message: "This Idempotency-Key was used for another request." });
  if (row.status === "running") return { kind: "running", generationId: row.id };
  if (!row.result) throw new AppError("result_expired");
  return { kind: "stored", generationId: row.id, message: row.result };
}
function toHash(call) {
  return createHash2("sha256").update(JSON.stringify([call.agent.id, call.request])).digest("hex");
}

// backend/src/generation/stop-generation.ts
async function stopGeneration(deps, key) {
  const stopped = await deps.requestStop(key);
  const local = stopped === null ? null : deps.findLocal(stopped);
  if (local) {
    local.end("stop");
    const delivery = await local.ended;
    if (delivery) return { generationId: stopped, state: delivery.state };
  }
  const row = await findRow(deps, key, stopped);
  return { generationId: row.id, state: row.delivery?.state ?? "streaming" };
}
async function findRow(deps, key, stopped) {
  const generationId = stopped ?? key.generationId;
  const row = generationId ? await deps.findGeneration(key.userId, generationId) : await deps.findNewestGeneration(key.userId, key.sessionId);
  if (row?.sessionId === key.sessionId) return row;
  throw new AppError(generationId ? "generation_not_found" : "chat_session_not_found");
}

// backend/src/generation/sweep-logs.ts
async function sweepLogs(deps) {
  const rows = await deps.listOpenLogs();
  if (rows.length === 0) return;
  for (const row of rows) await closeLog(deps, row);
  await deps.closeLogs(rows.map((row) => row.id));
  deps.logger.info({ logs: rows.length }, "open logs swept");
}
async function closeLog(deps, row) {
  const state = await deps.streamLog.findState(row.id);
  const events = toMissingClosing(row);
  if (!state || state.isClosed || !events) return;
  const fence = row.fence + 1;
  const lastSeq = await deps.streamLog.seal(row.id, fence);
  if (lastSeq === null) return;
  const frames = events.map((event, index) => ({
    seq: lastSeq + index + 1,
    data: JSON.stringify(event),
    isTerminal: isTerminalEvent(event)
  }));
  await deps.streamLog.append([{ generationId: row.id, fence, expectedLastSeq: lastSeq, frames }]);
}

// backend/src/generation/open-generation-room.ts
var stopRequestMs = 5e3;
var abandonMs = 1e4;
var sweepAfterMs = 5e3;
var adoptionLimit = 50;
var maxReplyBytes = 8 * 1024 * 1024;
var poll = { everyMs: 2e3, times: 30 };
var overloadRetryMs = 2e3;
function openGenerationRoom(deps) {
  const { database: database2, clock, config: config2 } = deps;
  const store = { database: database2 };
  let isClosing = false;
  const engine = openGenerationEngine({
    ...deps,
    poll,
    withConversation: createConversationGate(),
    findConversationTail: (userId, sessionId, conversationId) => findConversationTail(store, { userId, sessionId, conversationId }),
    sendQuietly: async (request) => ((await sendQuietly(deps, request))?.status ?? 500) < 300,
    fetchQuietly: (request) => sendQuietly(deps, request),
    commitFinal: (final) => commitFinal(store, final),
    saveCheckpoints: (checkpoints) => saveCheckpoints(store, checkpoints),
    closeLogs: (generationIds) => closeLogs(store, generationIds),
    totalMs: config2.totalMs,
    checkpointMs: config2.checkpointMs,
    logTtlMs: config2.logTtlMs,
    retryAttempts: config2.retryAttempts
  });
  function assertHasRoom() {
    if (isClosing) throw new AppError("draining", { retryAfterMs: overloadRetryMs });
    if (deps.isOverloaded() || engine.list().length >= config2.maxRunning)
      throw new AppError("overloaded", { retryAfterMs: overloadRetryMs });
  }
  const find = {
    findGeneration: (userId, id) => findGeneration(store, userId, id),
    findNewestGeneration: (userId, id) => findNewestGeneration(store, userId, id)
  };
  const startDeps = {
    ...deps,
    assertHasRoom,
    getAcceptContext: (question) => getAcceptContext(store, question),
    writeAccepted: (rows) => writeAccepted(store, rows),
    findPartialText: (userId, id) => findPartialText(store, userId, id),
    findGenerationByKey: (userId, key) => findGenerationByKey(store, userId, key),
    run: engine.run.bind(engine)
  };
  const adoptDeps = {
    ...deps,
    adoptGeneration: (key) => adoptGeneration(store, key),
    findJob: (row) => findJob(startDeps, row),
    resume: engine.resume.bind(engine),
    conclude: engine.conclude.bind(engine)
  };
  return {
    startGeneration: (message) => startGeneration(startDeps, message),
    startV1: (call) => startV1Generation(startDeps, call),
    stopGeneration: (key) => stopGeneration(
      { ...find, findLocal: (id) => engine.find(id), requestStop: (one) => requestStop(store, one) },
      key
    ),
    chooseStream: (question) => chooseStream({ ...find, hasSession: deps.hasSession }, question),
    followGeneration: (request, viewer) => followGeneration(
      { ...find, streamLog: deps.streamLog, findLocalSnapshot: (id) => engine.find(id)?.writer.snapshot() ?? null },
      request,
      viewer
    ),
    abandon(generationId) {
      clock.setTimer(abandonMs, () => engine.find(generationId)?.end("stop"));
    },
    async adoptLost(isLost) {
      const rows = await listForeignRunning(store, deps.instanceId(), adoptionLimit);
      let adopted = 0;
      for (const row of rows) if (isLost(row.ownerInstance) && await adoptRow(adoptDeps, row)) adopted += 1;
      return adopted;
    },
    sweepLogs: () => sweepLogs({
      ...deps,
      listOpenLogs: () => listOpenLogs(store, sweepAfterMs),
      closeLogs: (ids) => closeLogs(store, ids)
    }),
    countRunning: () => engine.list().length,
    async close({ finishMs }) {
      isClosing = true;
      await settleWithin(clock, engine.list(), finishMs);
      await engine.close();
    }
  };
}
async function settleWithin(clock, running, limitMs) {
  if (running.length === 0) return;
  await new Promise((resolve) => {
    const cancel = clock.setTimer(limitMs, resolve);
    void Promise.all(running.map((one) => one.ended)).then(() => {
      cancel();
      resolve();
    });
  });
}
async function sendQuietly(deps, request) {
  try {
    return await deps.outbound.send(request, { totalMs: stopRequestMs, maxBytes: maxReplyBytes });
  } catch (error) {
    deps.logger.warn({ err: error }, "side request to an upstream failed");
    return null;
  }
}

// backend/src/http/errors/to-problems.ts
function toProblems(error) {
  if (!("validation" in error) || !Array.isArray(error.validation)) return null;
  const part = "validationContext" in error ? String(error.validationContext) : "body";
  return error.validation.filter(isProblem).map((problem) => toProblem(part, problem));
}
function isProblem(value) {
  return typeof value === "object" && value !== null && "instancePath" in value && "params" in value;
}
function toProblem(part, error) {
  const property = error.params["missingProperty"] ?? error.params["additionalProperty"];
  const path = typeof property === "string" ? `${error.instancePath}/${toPointerSegment(property)}` : error.instancePath;
  const problem = error.keyword === "additionalProperties" ? "is not a known field" : error.message ?? "is not valid";
  return { in: part, path: path || "/", problem };
}
function toPointerSegment(property) {
  return property.replaceAll("~", "~0").replaceAll("/", "~1").slice(0, 100);
}

// backend/src/http/errors/to-app-error.ts
var codeOfFrameworkError = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid_json",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid_json",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_CSRF_INVALID_TOKEN: "csrf_failed",
  FST_CSRF_MISSING_SECRET: "csrf_failed"
};
var unstorableText = ["22021", "22P05"];
function toAppError(error) {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return new AppError("internal", { cause: error });
  const problems = toProblems(error);
  if (problems) return new AppError("invalid_request", { details: problems, cause: error });
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const known = codeOfFrameworkError[code];
  if (known) return new AppError(known, { cause: error });
  if (unstorableText.includes(code)) return toUnstorable(error);
  if (code.startsWith("FST_") && isClientStatus(error)) return new AppError("invalid_request", { cause: error });
  return new AppError("internal", { cause: error });
}
function toUnstorable(cause) {
  const message = "The text contains a character that cannot be stored (U+0000 or half a surrogate pair).";
  return new AppError("invalid_request", { message, cause });
}
function isClientStatus(error) {
  return "statusCode" in error && typeof error.statusCode === "number" && error.statusCode < 500;
}

// backend/src/http/errors/to-error-body.ts
function toErrorBody(error, requestId) {
  const details = error.details === void 0 ? {} : { details: error.details };
  return { error: { code: error.code, message: error.message, requestId, ...details } };
}

// backend/src/http/errors/create-error-handler.ts
function createErrorHandler(deps) {
  const toBody = deps.toBody ?? toErrorBody;
  return (thrown, request, reply) => {
    const error = toAppError(thrown);
    const { status } = errorCatalogue[error.code];
    if (status === 500) {
      deps.logger.error({ requestId: request.id, route: request.routeOptions.url, err: error.cause }, "request failed");
    }
    if (error.retryAfterMs !== void 0) reply.header("retry-after", Math.ceil(error.retryAfterMs / 1e3));
    if (error.code === "unauthenticated") reply.header("www-authenticate", "Bearer");
    if (error.code === "body_too_large") reply.removeHeader("connection");
    return reply.header("x-request-id", request.id).header("cache-control", "no-store").code(status).type("application/json; charset=utf-8").serializer(JSON.stringify).send(toBody(error, request.id));
  };
}

// backend/src/http/routes/chat/follow-stream.ts
import Type2 from "typebox";

// packages/protocol/src/api/common-schema.ts
import Type from "typebox";
var ClientIdSchema = Type.String({ minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9._:-]+$" });
var TimestampSchema = Type.String({ format: "date-time", description: "ISO 8601, UTC" });
var ErrorBodySchema = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      requestId: Type.String(),
      details: Type.Optional(Type.Unknown())
    })
  },
  { $id: "ErrorBody" }
);
function toNullable(schema) {
  return Type.Union([schema, Type.Null()]);
}

// packages/protocol/src/frame-id.ts
function toFrameId(frame) {
  return `${frame.generationId}:${frame.seq}`;
}
function parseFrameId(text) {
  const match = /^([A-Za-z0-9-]{1,64}):(\d{1,9})$/.exec(text);
  return match?.[1] && match[2] ? { generationId: match[1], seq: Number(match[2]) } : null;
}

// backend/src/http/sse/open-sse-writer.ts
function openSseWriter(reply, options) {
  const raw = reply.raw;
  let hasBegun = false;
  function begin() {
    if (hasBegun) return;
    hasBegun = true;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== void 0) raw.setHeader(name, value);
    raw.socket?.setNoDelay(true);
    raw.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      ...options.headers
    });
    raw.flushHeaders();
    const stopPings = options.pinger.add(raw);
    raw.once("close", stopPings);
  }
  return {
    begin,
    write(frames) {
      begin();
      if (!isOpen(raw)) return;
      raw.write(frames);
      if (raw.writableLength > options.maxBufferBytes) raw.destroy();
    },
    end(lastFrame) {
      begin();
      if (isOpen(raw)) raw.end(lastFrame);
    },
    onClose(callback) {
      if (raw.closed || raw.destroyed) callback();
      else raw.once("close", callback);
    }
  };
}
function isOpen(raw) {
  return !raw.writableEnded && !raw.destroyed;
}

// backend/src/http/sse/follow-as-sse.ts
var uiMessageStreamHeaders = { "x-vercel-ai-ui-message-stream": "v1" };
async function followAsSse(deps, reply, request) {
  const writer = openSseWriter(reply, { ...deps, headers: uiMessageStreamHeaders });
  const stop = await deps.followGeneration(request, {
    onFrames: (frames) => writer.write(toSse(request.generationId, frames)),
    onEnd: () => writer.end("data: [DONE]\n\n")
  });
  writer.onClose(stop);
  writer.begin();
}
function toSse(generationId, frames) {
  let text = "";
  for (const { seq, data } of frames) {
    if (seq !== null) text += `id: ${toFrameId({ generationId, seq })}
`;
    text += `data: ${data}

`;
  }
  return text;
}

// backend/src/http/routes/chat/follow-stream.ts
var FollowQuerySchema = Type2.Object(
  {
    after: Type2.Optional(Type2.String({ maxLength: 100, description: "a frame id, <generationId>:<seq>" })),
    generation: Type2.Optional(Type2.String({ maxLength: 64 }))
  },
  { additionalProperties: false }
);
function createFollowStreamRoute(deps) {
  return (app2) => {
    const schema = {
      summary: "Follow the running answer of a chat",
      params: Type2.Object({ sessionId: ClientIdSchema }),
      querystring: FollowQuerySchema,
      produces: ["text/event-stream"]
    };
    app2.get("/api/chat/:sessionId/stream", { schema }, async (request, reply) => {
      const chosen = await deps.chooseStream({
        userId: request.user.id,
        sessionId: request.params.sessionId,
        after: toAfter(request.query.after ?? request.headers["last-event-id"]),
        generationId: request.query.generation ?? null
      });
      if (!chosen) return reply.code(204).send();
      await followAsSse(deps, reply, chosen);
      return reply;
    });
  };
}
function toAfter(text) {
  if (text === void 0 || text === "") return null;
  const frameId = parseFrameId(String(text));
  if (!frameId) throw new AppError("invalid_request", { message: "The frame id is not <generationId>:<seq>." });
  return frameId;
}

// packages/protocol/src/api/chat-schema.ts
import Type3 from "typebox";
var SendMessageRequestSchema = Type3.Object({
  id: ClientIdSchema,
  trigger: Type3.Optional(Type3.Union([Type3.Literal("submit-message"), Type3.Literal("regenerate-message")])),
  messages: Type3.Array(
    Type3.Object({
      id: Type3.Optional(Type3.String({ maxLength: 128 })),
      role: Type3.Union([Type3.Literal("user"), Type3.Literal("assistant"), Type3.Literal("system")]),
      parts: Type3.Optional(Type3.Array(Type3.Object({ type: Type3.String(), text: Type3.Optional(Type3.String()) })))
    }),
    { maxItems: 1e4 }
  ),
  /** With `regenerate-message`: the answer to make again (or the question to answer again). */
  messageId: Type3.Optional(Type3.String({ maxLength: 128 })),
  /** The agent to ask; default: the chat's agent, else the default agent. */
  agentId: Type3.Optional(Type3.String({ maxLength: 64 })),
  /** The message to hang the new one on (edit, branch); null starts at the root; default: the active leaf. */
  parentId: Type3.Optional(toNullable(Type3.String({ maxLength: 128 }))),
  /** Go on from the partial answer `messageId` instead of starting over. */
  isContinuation: Type3.Optional(Type3.Boolean())
});
var StopRequestSchema = Type3.Object(
  {
    /** Default: the newest running generation of the chat. */
    generationId: Type3.Optional(Type3.String({ maxLength: 64 }))
  },
  { additionalProperties: false }
);
var StopResponseSchema = Type3.Object({
  generationId: toNullable(Type3.String()),
  state: Type3.String({ description: "the resulting state of the answer" })
});
var ChatSessionSchema = Type3.Object(
  {
    id: Type3.String(),
    title: Type3.String(),
    agentId: toNullable(Type3.String()),
    isPinned: Type3.Boolean(),
    isArchived: Type3.Boolean(),
    /** `running` while an answer is made; `unread`: one ended since this chat was last read. */
    state: Type3.Union([Type3.Literal("idle"), Type3.Literal("running"), Type3.Literal("unread")]),
    activeLeafId: toNullable(Type3.String()),
    createdAt: TimestampSchema,
    updatedAt: TimestampSchema
  },
  { $id: "ChatSession" }
);
var ChatSessionPageSchema = Type3.Object({
  sessions: Type3.Array(ChatSessionSchema),
  nextCursor: toNullable(Type3.String())
});
var ListSessionsQuerySchema = Type3.Object(
  {
    cursor: Type3.Optional(Type3.String({ maxLength: 400 })),
    limit: Type3.Optional(Type3.Integer({ minimum: 1, maximum: 100 })),
    archived: Type3.Optional(Type3.Boolean())
  },
  { additionalProperties: false }
);
var ListMessagesQuerySchema = Type3.Object(
  {
    cursor: Type3.Optional(Type3.String({ maxLength: 400 })),
    limit: Type3.Optional(Type3.Integer({ minimum: 1, maximum: 200 }))
  },
  { additionalProperties: false }
);
var ExportQuerySchema = Type3.Object(
  {
    format: Type3.Union([Type3.Literal("md"), Type3.Literal("json")]),
    scope: Type3.Optional(Type3.Union([Type3.Literal("branch"), Type3.Literal("tree")]))
  },
  { additionalProperties: false }
);
var UpdateSessionRequestSchema = Type3.Object(
  {
    title: Type3.Optional(Type3.String({ minLength: 1, maxLength: 200 })),
    isPinned: Type3.Optional(Type3.Boolean()),
    isArchived: Type3.Optional(Type3.Boolean()),
    isRead: Type3.Optional(Type3.Literal(true)),
    activeLeafId: Type3.Optional(ClientIdSchema),
    agentId: Type3.Optional(Type3.String({ maxLength: 64 }))
  },
  { additionalProperties: false, minProperties: 1 }
);
var ChatMessageSchema = Type3.Object(
  {
    id: Type3.String(),
    sessionId: Type3.String(),
    parentId: toNullable(Type3.String()),
    role: Type3.Union([Type3.Literal("user"), Type3.Literal("assistant")]),
    parts: Type3.Array(Type3.Unknown()),
    delivery: Type3.Unknown(),
    agentId: toNullable(Type3.String()),
    agentName: toNullable(Type3.String()),
    generationId: toNullable(Type3.String()),
    usage: Type3.Unknown(),
    timing: Type3.Unknown(),
    feedback: toNullable(Type3.Union([Type3.Literal("good"), Type3.Literal("bad")])),
    createdAt: TimestampSchema
  },
  { $id: "ChatMessage" }
);
var ChatMessagePageSchema = Type3.Object({
  session: ChatSessionSchema,
  messages: Type3.Array(ChatMessageSchema),
  nextCursor: toNullable(Type3.String())
});
var SearchQuerySchema = Type3.Object(
  { q: Type3.String({ minLength: 1, maxLength: 200 }), limit: Type3.Optional(Type3.Integer({ minimum: 1, maximum: 50 })) },
  { additionalProperties: false }
);
var SearchResponseSchema = Type3.Object({
  hits: Type3.Array(
    Type3.Object({
      sessionId: Type3.String(),
      sessionTitle: Type3.String(),
      messageId: toNullable(Type3.String()),
      snippet: Type3.String(),
      ranges: Type3.Array(Type3.Tuple([Type3.Integer(), Type3.Integer()])),
      createdAt: TimestampSchema
    })
  )
});
var FeedbackRequestSchema = Type3.Object(
  {
    messageId: ClientIdSchema,
    rating: toNullable(Type3.Union([Type3.Literal("good"), Type3.Literal("bad")])),
    comment: Type3.Optional(Type3.String({ maxLength: 2e3 }))
  },
  { additionalProperties: false }
);

// backend/src/http/routes/chat/send-message.ts
var maxQuestionChars = 2e5;
function createSendMessageRoute(deps) {
  return (app2) => {
    const schema = {
      summary: "Send a message (or answer one again) and follow the answer",
      description: "The AI SDK UI message stream; each frame has the id <generationId>:<seq>.",
      body: SendMessageRequestSchema,
      produces: ["text/event-stream"]
    };
    app2.post("/api/chat", { schema }, async (request, reply) => {
      const message = toSendMessage(request.body, request.user.id, deps.createId);
      const { generationId } = await deps.startGeneration(message);
      await followAsSse(deps, reply, { userId: request.user.id, generationId, afterSeq: 0 });
    });
  };
}
function toSendMessage(body, userId, createId) {
  const trigger = body.trigger ?? "submit-message";
  const common = {
    userId,
    sessionId: body.id,
    trigger,
    agentId: body.agentId ?? null,
    parentId: body.parentId,
    isContinuation: body.isContinuation ?? false
  };
  if (trigger === "regenerate-message") return { ...common, question: null, targetId: body.messageId ?? null };
  return { ...common, question: toQuestion(body, createId), targetId: null };
}
function toQuestion(body, createId) {
  const last = body.messages.at(-1);
  if (last?.role !== "user")
    throw new AppError("invalid_request", { message: "The last message must be a user message." });
  const text = (last.parts ?? []).map((part) => part.type === "text" ? part.text ?? "" : "").join("");
  if (text.trim() === "") throw new AppError("invalid_request", { message: "The message has no text." });
  if (text.length > maxQuestionChars) throw new AppError("body_too_large", { details: { maxQuestionChars } });
  return { id: toMessageId(last.id, createId), text };
}
var messageIdPattern = /^[A-Za-z0-9._:-]{1,128}$/;
function toMessageId(id, createId) {
  if (id === void 0 || id === "") return createId();
  if (messageIdPattern.test(id)) return id;
  throw new AppError("invalid_request", { message: "The message id has characters that are not allowed." });
}

// backend/src/http/routes/chat/stop-generation.ts
import Type4 from "typebox";
function createStopGenerationRoute(deps) {
  return (app2) => {
    const schema = {
      summary: "Stop a running answer",
      params: Type4.Object({ sessionId: ClientIdSchema }),
      body: Type4.Union([StopRequestSchema, Type4.Null()]),
      response: { 200: StopResponseSchema }
    };
    app2.post(
      "/api/chat/:sessionId/stop",
      { schema },
      async (request) => deps.stopGeneration({
        userId: request.user.id,
        sessionId: request.params.sessionId,
        generationId: request.body?.generationId ?? null
      })
    );
  };
}

// backend/src/http/routes/v1/v1-events.ts
function toEvent(frame) {
  return JSON.parse(frame.data);
}
function toStoredEvents(generationId, message) {
  const metadata = { generationId, sessionId: null, parentId: null, agentId: message.agentId ?? "" };
  const finishReason = message.delivery.state === "complete" ? message.delivery.finishReason : "stop";
  return [...unfoldMessage(message, message.messageId ?? generationId, metadata), { type: "finish", finishReason }];
}

// backend/src/http/routes/v1/to-chunks.ts
var finishReasons = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter",
  "tool-calls": "tool_calls",
  error: "stop",
  other: "stop"
};
function createChunkMapper(head, includeUsage) {
  const toolIndex = /* @__PURE__ */ new Map();
  const withInput = /* @__PURE__ */ new Set();
  let usage = null;
  let delivery = null;
  function toChunk(delta, finishReason) {
    const choices2 = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
    return JSON.stringify({
      ...head,
      object: "chat.completion.chunk",
      choices: choices2,
      ...includeUsage ? { usage: null } : {}
    });
  }
  function toToolChunk(toolCallId, call) {
    return toChunk({ tool_calls: [{ index: toolIndex.get(toolCallId) ?? 0, ...call }] }, null);
  }
  function toToolChunks(event) {
    const { toolCallId } = event;
    switch (event.type) {
      case "tool-input-start":
        toolIndex.set(toolCallId, toolIndex.size);
        return [
          toToolChunk(toolCallId, {
            id: toolCallId,
            type: "function",
            function: { name: event.toolName, arguments: "" }
          })
        ];
      case "tool-input-delta":
        withInput.add(toolCallId);
        return [toToolChunk(toolCallId, { function: { arguments: event.inputTextDelta } })];
      case "tool-input-available":
        if (withInput.has(toolCallId)) return [];
        return [toToolChunk(toolCallId, { function: { arguments: JSON.stringify(event.input) } })];
      default:
        return [];
    }
  }
  function toClosing(finishReason) {
    const closing = [toChunk({}, finishReasons[finishReason])];
    if (includeUsage && usage)
      closing.push(
        JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage: toOpenAiUsage(usage) })
      );
    return [...closing, "[DONE]"];
  }
  return {
    delivery: () => delivery,
    toChunks(event) {
      switch (event.type) {
        case "text-start":
        case "reasoning-start":
          return [];
        case "text-delta":
          return [toChunk({ content: event.delta }, null)];
        case "reasoning-delta":
          return [toChunk({ reasoning_content: event.delta }, null)];
        case "tool-input-start":
        case "tool-input-delta":
        case "tool-input-available":
          return toToolChunks(event);
        case "data-usage":
          usage = event.data;
          return [];
        case "data-delivery":
          delivery = event.data;
          return [];
        case "finish":
          return toClosing(event.finishReason);
        case "abort":
          return toClosing("stop");
        case "error":
          return [JSON.stringify(toOpenAiError(toEndError(delivery)))];
        default:
          return [];
      }
    }
  };
}
function toRoleChunk(head) {
  const choices2 = [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }];
  return JSON.stringify({ ...head, object: "chat.completion.chunk", choices: choices2 });
}
function toOpenAiUsage(usage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 }
  };
}
function toEndError(delivery) {
  if (delivery?.state === "failed") return new AppError(delivery.code, { message: delivery.message });
  const code = delivery?.state === "interrupted" ? delivery.code ?? "upstream_truncated" : "internal";
  return new AppError(code, { message: "The answer broke off; the text so far is not complete." });
}
function toOpenAiError(error) {
  const { status } = errorCatalogue[error.code];
  const type = status === 401 ? "authentication_error" : status === 429 ? "rate_limit_error" : toType(status);
  return { error: { message: error.message, type, param: findParam(error.details), code: error.code } };
}
function toType(status) {
  return status < 500 ? "invalid_request_error" : "server_error";
}
function findParam(details) {
  if (typeof details !== "object" || details === null || !("param" in details)) return null;
  return typeof details.param === "string" ? details.param : null;
}
function toFinishReason(delivery) {
  return delivery.state === "complete" ? finishReasons[delivery.finishReason] : "stop";
}

// backend/src/http/routes/v1/stream-completion.ts
var holdHeadMs = 1e4;
async function streamCompletion(deps, reply, call) {
  const writer = openSseWriter(reply, { ...deps, headers: {} });
  const mapper = createChunkMapper(call.head, call.includeUsage);
  const head = createHead(writer, call.head);
  if (call.started.kind === "stored") {
    head.begin();
    writer.end(
      toSse2(toStoredEvents(call.started.generationId, call.started.message).flatMap((event) => mapper.toChunks(event)))
    );
    return;
  }
  const { generationId } = call.started;
  const cancelHold = deps.clock.setTimer(holdHeadMs, head.begin);
  writer.onClose(cancelHold);
  await new Promise((resolve, reject) => {
    const viewer = {
      onFrames: (frames) => {
        const events = frames.map(toEvent);
        const isFailure = !head.hasBegun() && events.some(isFailed);
        if (isFailure) reject(toEndError(toDelivery(mapper, events)));
        else show(writer, head, mapper, events);
      },
      onEnd: () => {
        if (head.hasBegun()) writer.end("");
        resolve();
      }
    };
    deps.followGeneration({ userId: call.userId, generationId, afterSeq: 0 }, viewer).then((stop) => writer.onClose(stop), reject);
    writer.onClose(resolve);
  });
  cancelHold();
}
function createHead(writer, chunkHead) {
  let hasBegun = false;
  return {
    hasBegun: () => hasBegun,
    begin: () => {
      if (hasBegun) return;
      hasBegun = true;
      writer.write(toSse2([toRoleChunk(chunkHead)]));
    }
  };
}
function show(writer, head, mapper, events) {
  const chunks = events.flatMap((event) => mapper.toChunks(event));
  if (chunks.length === 0 && !events.some(isTerminalEvent)) return;
  head.begin();
  writer.write(toSse2(chunks));
}
function isFailed(event) {
  return event.type === "error";
}
function toDelivery(mapper, events) {
  for (const event of events) mapper.toChunks(event);
  return mapper.delivery();
}
function toSse2(chunks) {
  return chunks.map((chunk) => `data: ${chunk}

`).join("");
}

// backend/src/http/routes/v1/to-completion.ts
function toCompletion(head, message) {
  const { delivery } = message;
  if (delivery.state !== "complete" && delivery.state !== "stopped") throw toEndError(delivery);
  const toolCalls = message.parts.flatMap(toToolCall);
  const text = toPlainText(message.parts);
  const reasoning = message.parts.map((part) => part.type === "reasoning" ? part.text : "").join("");
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text === "" && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...reasoning === "" ? {} : { reasoning_content: reasoning },
          ...toolCalls.length > 0 ? { tool_calls: toolCalls } : {}
        },
        logprobs: null,
        finish_reason: toFinishReason(delivery)
      }
    ],
    ...message.usage ? { usage: toOpenAiUsage(message.usage) } : {}
  };
}
function toToolCall(part) {
  if (part.type !== "tool") return [];
  const text = part.inputText === "" ? JSON.stringify(part.input ?? {}) : part.inputText;
  return [{ id: part.id, type: "function", function: { name: part.toolName, arguments: text } }];
}

// backend/src/http/routes/v1/to-v1-request.ts
var passedOn = [
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "stop",
  "top_p",
  "seed",
  "presence_penalty",
  "frequency_penalty",
  "logit_bias",
  "reasoning_effort",
  "verbosity"
];
var wrongOnWorkflows = ["tools", "tool_choice", "response_format", "stop", "logit_bias"];
var wrongOnAnthropic = ["logit_bias", "response_format"];
var wrongEverywhere = ["functions", "function_call", "logprobs", "top_logprobs", "audio", "web_search_options"];
function toV1Request(body, provider, hasIdempotencyKey) {
  refuse(body, wrongEverywhere);
  if ((body.n ?? 1) > 1) throwUnsupported("n");
  if (Array.isArray(body["modalities"]) && body["modalities"].includes("audio")) throwUnsupported("modalities");
  if (provider === "fastgpt" || provider === "dify") refuse(body, wrongOnWorkflows);
  if (provider === "anthropic") refuse(body, wrongOnAnthropic);
  const isStored = body.store === true;
  return {
    rawTurns: body.messages.map(toTurn2),
    passThrough: Object.fromEntries(passedOn.filter((name) => isGiven(body[name])).map((name) => [name, body[name]])),
    temperature: body.temperature ?? null,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    isStored,
    stopsWithClient: !isStored && !hasIdempotencyKey
  };
}
function refuse(body, names) {
  for (const name of names) if (isGiven(body[name]) && !isHarmless(name, body[name])) throwUnsupported(name);
}
function isGiven(value) {
  return value !== void 0 && value !== null && value !== false;
}
function isHarmless(name, value) {
  if (name === "tool_choice") return value === "none" || value === "auto";
  if (name === "response_format")
    return typeof value === "object" && value !== null && "type" in value && value.type === "text";
  return Array.isArray(value) && value.length === 0;
}
function throwUnsupported(param) {
  throw new AppError("unsupported_parameter", {
    message: `The parameter '${param}' is not supported by this agent.`,
    details: { param }
  });
}
function toTurn2(message) {
  return { role: toRole(message.role), content: toText(message.content), raw: message };
}
function toRole(role) {
  if (role === "developer" || role === "system") return "system";
  if (role === "assistant" || role === "user") return role;
  return "tool";
}
function toText(content) {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}

// backend/src/http/routes/v1/v1-schema.ts
import Type5 from "typebox";
var Content = Type5.Union([
  Type5.String(),
  Type5.Null(),
  Type5.Array(Type5.Object({ type: Type5.String(), text: Type5.Optional(Type5.String()) }))
]);
var ChatCompletionRequestSchema = Type5.Object({
  model: Type5.String({ minLength: 1, maxLength: 200, description: "an agent id, see GET /v1/models" }),
  messages: Type5.Array(
    Type5.Object({
      role: Type5.Union(
        ["system", "developer", "user", "assistant", "tool", "function"].map((role) => Type5.Literal(role))
      ),
      content: Type5.Optional(Content)
    }),
    { minItems: 1, maxItems: 1e4 }
  ),
  stream: Type5.Optional(Type5.Union([Type5.Boolean(), Type5.Null()])),
  stream_options: Type5.Optional(
    Type5.Union([Type5.Object({ include_usage: Type5.Optional(Type5.Boolean()) }), Type5.Null()])
  ),
  n: Type5.Optional(Type5.Union([Type5.Integer({ minimum: 1 }), Type5.Null()])),
  temperature: Type5.Optional(Type5.Union([Type5.Number({ minimum: 0, maximum: 2 }), Type5.Null()])),
  max_tokens: Type5.Optional(Type5.Union([Type5.Integer({ minimum: 1 }), Type5.Null()])),
  max_completion_tokens: Type5.Optional(Type5.Union([Type5.Integer({ minimum: 1 }), Type5.Null()])),
  store: Type5.Optional(Type5.Union([Type5.Boolean(), Type5.Null()]))
});

// backend/src/http/routes/v1/chat-completions.ts
function createChatCompletionsRoute(deps) {
  return (app2) => {
    const schema = {
      summary: "OpenAI-compatible chat completions; the model is an agent id",
      body: ChatCompletionRequestSchema
    };
    app2.post("/v1/chat/completions", { schema }, (request, reply) => complete(deps, request.body, request, reply));
  };
}
async function complete(deps, body, request, reply) {
  const agent = await deps.getAgent(body.model);
  const idempotencyKey = toIdempotencyKey(request.headers["idempotency-key"]);
  const v1 = toV1Request(body, agent.target.provider, idempotencyKey !== null);
  const started = await deps.startV1({ userId: request.user.id, agent, request: v1, idempotencyKey });
  const { generationId } = started;
  const head = {
    id: `chatcmpl-${generationId}`,
    created: Math.floor(deps.clock.nowMs() / 1e3),
    model: body.model
  };
  if (v1.stopsWithClient) abandonWithClient(deps, reply, generationId);
  if (body.stream === true) {
    const includeUsage = body.stream_options?.include_usage === true;
    await streamCompletion(deps, reply, { head, includeUsage, userId: request.user.id, started });
    return reply;
  }
  const message = started.kind === "stored" ? started.message : await collect(deps, request.user.id, generationId);
  return toCompletion(head, message);
}
function abandonWithClient(deps, reply, generationId) {
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) deps.abandon(generationId);
  });
}
function collect(deps, userId, generationId) {
  return new Promise((resolve, reject) => {
    let message = emptyMessage;
    const viewer = {
      onFrames: (frames) => {
        message = foldEvents(message, frames.map(toEvent));
      },
      onEnd: () => resolve(message)
    };
    deps.followGeneration({ userId, generationId, afterSeq: 0 }, viewer).catch(reject);
  });
}
function toIdempotencyKey(header) {
  if (header === void 0) return null;
  const key = String(header);
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError("invalid_request", { message: "Idempotency-Key must be 1 to 255 visible ASCII characters." });
}

// backend/src/http/routes/v1/models.ts
function createModelsRoute(deps) {
  return (app2) => {
    app2.get("/v1/models", { schema: { summary: "List agents as models" } }, async () => {
      const agents2 = await deps.listAgents();
      return { object: "list", data: agents2.filter((agent) => agent.isActive).map(toModel) };
    });
    app2.get(
      "/v1/models/:id",
      { schema: { summary: "One agent as a model" } },
      async (request) => {
        const agents2 = await deps.listAgents();
        const agent = agents2.find((one) => one.id === request.params.id && one.isActive);
        if (!agent) throw new AppError("agent_not_found", { details: { param: "model" } });
        return toModel(agent);
      }
    );
  };
}
function toModel(agent) {
  return { id: agent.id, object: "model", created: 0, owned_by: "llmchat", name: agent.name };
}

// backend/src/http/sse/open-sse-pinger.ts
function openSsePinger(everyMs) {
  const responses = /* @__PURE__ */ new Set();
  const timer = setInterval(() => {
    for (const response of responses) if (!response.writableEnded) response.write(": ping\n\n");
  }, everyMs);
  timer.unref();
  return {
    add(response) {
      responses.add(response);
      return () => {
        responses.delete(response);
      };
    },
    close: () => clearInterval(timer)
  };
}

// backend/src/http/generation-routes.ts
function createGenerationRoutes(deps) {
  const { generations } = deps;
  const pinger = openSsePinger(deps.config.ssePingMs);
  const sse = {
    pinger,
    maxBufferBytes: deps.config.sseMaxBufferBytes,
    followGeneration: generations.followGeneration.bind(generations)
  };
  const chat = async (app2) => {
    await createSendMessageRoute({
      ...deps,
      ...sse,
      startGeneration: (message) => generations.startGeneration(message)
    })(app2);
    await createFollowStreamRoute({ ...sse, chooseStream: (question) => generations.chooseStream(question) })(app2);
    await createStopGenerationRoute({ stopGeneration: (key) => generations.stopGeneration(key) })(app2);
  };
  const v1 = async (app2) => {
    app2.setErrorHandler(createErrorHandler({ logger: deps.logger, toBody: toOpenAiError }));
    await createChatCompletionsRoute({
      ...deps,
      ...sse,
      startV1: (call) => generations.startV1(call),
      abandon: (generationId) => generations.abandon(generationId)
    })(app2);
    await createModelsRoute(deps)(app2);
  };
  return { plugins: [chat, v1], close: () => pinger.close() };
}

// backend/src/http/metrics/create-generation-metrics.ts
import { Counter, Gauge, Histogram } from "prom-client";
function createGenerationMetrics(registry, countRunning) {
  const ended = new Counter({
    name: "llmchat_generations_ended_total",
    help: "Answers that ended on this instance, by how.",
    labelNames: ["provider", "state"],
    registers: [registry]
  });
  const firstContent = new Histogram({
    name: "llmchat_first_content_seconds",
    help: "From accepting a message to the first content of its answer.",
    labelNames: ["provider"],
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers: [registry]
  });
  new Gauge({
    name: "llmchat_generations_running",
    help: "Answers being made by this instance now.",
    registers: [registry],
    collect() {
      this.set(countRunning());
    }
  });
  return {
    record(provider, delivery, firstContentMs) {
      ended.inc({ provider, state: delivery.state });
      if (firstContentMs !== null) firstContent.observe({ provider }, firstContentMs / 1e3);
    }
  };
}

// backend/src/http/open-http-server.ts
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";

// backend/src/http/create-fastify.ts
import Fastify from "fastify";

// backend/src/http/create-validator-compiler.ts
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
function createValidatorCompiler() {
  const options = { removeAdditional: false, useDefaults: true, allErrors: false, strict: false };
  const exact = new Ajv({ ...options, coerceTypes: false });
  const coercing = new Ajv({ ...options, coerceTypes: true });
  addFormats(exact);
  addFormats(coercing);
  return ({ schema, httpPart }) => (httpPart === "querystring" ? coercing : exact).compile(schema);
}

// backend/src/http/errors/answer-client-error.ts
function answerClientError(error, socket, requestId) {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(toErrorBody(new AppError("invalid_request"), requestId));
  const head = [
    "HTTP/1.1 400 Bad Request",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close"
  ];
  socket.end(`${head.join("\r\n")}\r
\r
${body}`);
}

// backend/src/http/plugins/create-request-id-source.ts
var acceptedId = /^[A-Za-z0-9._:-]{1,128}$/;
function createRequestIdSource(deps) {
  return (request) => {
    const given = request.headers["x-request-id"];
    if (typeof given !== "string" || !acceptedId.test(given)) return deps.createId();
    return deps.isTrusted(request.socket.remoteAddress) ? given : deps.createId();
  };
}

// backend/src/http/create-fastify.ts
var keepAliveMs = 72e3;
var requestMs = 6e4;
var headersMs = 2e4;
function createFastify(deps) {
  const app2 = Fastify({
    // One line per request of our own instead of Fastify's two.
    logger: false,
    bodyLimit: deps.bodyLimitBytes,
    connectionTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs },
    forceCloseConnections: "idle",
    // Refusing during a shut-down is `refuseWhileDraining`'s, in our own shape.
    return503OnClosing: false,
    genReqId: createRequestIdSource(deps),
    requestIdHeader: false,
    trustProxy: (address) => deps.isTrusted(address),
    // Ids of clients have up to 128 characters, each up to three when encoded.
    routerOptions: { maxParamLength: 400 },
    frameworkErrors: (error, request, reply) => void deps.handleError(error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, deps.createId())
  }).withTypeProvider();
  app2.setValidatorCompiler(createValidatorCompiler());
  app2.removeContentTypeParser("text/plain");
  app2.setErrorHandler(deps.handleError);
  return app2;
}

// backend/src/http/create-trust-check.ts
import ipaddr from "ipaddr.js";
function createTrustCheck(trustedProxies) {
  const ranges = trustedProxies.map(toRange);
  return (address) => {
    if (address === void 0 || !ipaddr.isValid(address)) return false;
    const peer = ipaddr.process(address);
    return ranges.some(([range, bits]) => range.kind() === peer.kind() && peer.match(range, bits));
  };
}
function toRange(entry) {
  if (entry.includes("/")) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

// backend/src/http/errors/create-method-table.ts
function createMethodTable() {
  const methodsByPattern = /* @__PURE__ */ new Map();
  return {
    add(route) {
      if (route.url.endsWith("*")) return;
      const entry = methodsByPattern.get(route.url) ?? { pattern: toPattern(route.url), methods: /* @__PURE__ */ new Set() };
      for (const method of [route.method].flat()) entry.methods.add(method);
      methodsByPattern.set(route.url, entry);
    },
    listMethods(path) {
      const found = [...methodsByPattern.values()].filter((entry) => entry.pattern.test(path));
      return [...new Set(found.flatMap((entry) => [...entry.methods]))].sort();
    }
  };
}
function toPattern(url) {
  const segments = url.split("/").map((segment) => segment.startsWith(":") ? "[^/]+" : escapeForPattern(segment));
  return new RegExp(`^${segments.join("/")}$`);
}
function escapeForPattern(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

// backend/src/http/metrics/create-http-metrics.ts
import { Counter as Counter2, Histogram as Histogram2 } from "prom-client";
function createHttpMetrics(registry) {
  const requests = new Counter2({
    name: "llmchat_http_requests_total",
    help: "Finished HTTP requests.",
    labelNames: ["method", "route", "status"],
    registers: [registry]
  });
  const seconds = new Histogram2({
    name: "llmchat_http_request_seconds",
    help: "Time from the request to the end of its reply, streams left out.",
    labelNames: ["method", "route"],
    buckets: [1e-3, 25e-4, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry]
  });
  return {
    observe({ method, route, status, durationMs, isStream }) {
      requests.inc({ method, route, status });
      if (!isStream) seconds.observe({ method, route }, durationMs / 1e3);
    }
  };
}

// backend/src/http/plugins/add-csrf-protection.ts
import csrfProtection from "@fastify/csrf-protection";
import { hkdfSync as hkdfSync2 } from "node:crypto";

// backend/src/http/plugins/refuse-foreign-site.ts
function refuseForeignSite(request, publicOrigin) {
  if (!isOwnSite(request, publicOrigin)) throw new AppError("csrf_failed");
}
function isOwnSite(request, publicOrigin) {
  const site = request.headers["sec-fetch-site"];
  if (site !== void 0) return site === "same-origin" || site === "none";
  const origin = request.headers.origin;
  if (origin === void 0) return true;
  return origin === publicOrigin || URL.canParse(origin) && new URL(origin).host === request.host;
}

// backend/src/http/plugins/add-csrf-protection.ts
var csrfCookieName = "XSRF-TOKEN";
var csrfHeaderName = "x-xsrf-token";
var safeMethods = ["GET", "HEAD", "OPTIONS"];
async function addCsrfProtection(app2, deps) {
  app2.decorateRequest("session", null);
  await app2.register(csrfProtection, {
    // The plugin keeps its secret in `request.session`; ours holds the login session's id, the HMAC key is the secret.
    sessionPlugin: "@fastify/session",
    getToken: (request) => {
      const token = request.headers[csrfHeaderName];
      return typeof token === "string" ? token : void 0;
    },
    csrfOpts: { hmacKey: deriveKey2(deps.serverSecret) }
  });
}
function requireCsrfToken(app2, options) {
  app2.addHook("onRequest", (request, reply, done) => {
    const loginSessionId = request.requester?.loginSessionId ?? null;
    if (safeMethods.includes(request.method) || loginSessionId === null) {
      done();
      return;
    }
    refuseForeignSite(request, options.publicOrigin);
    bindToLoginSession(request, loginSessionId);
    app2.csrfProtection(request, reply, done);
  });
}
function createCsrfToken(request, reply, loginSessionId) {
  bindToLoginSession(request, loginSessionId);
  return reply.generateCsrf();
}
function bindToLoginSession(request, loginSessionId) {
  request.session = { _csrf: loginSessionId };
}
function deriveKey2(serverSecret) {
  return Buffer.from(hkdfSync2("sha256", serverSecret, "", "llmchat csrf", 32)).toString("base64url");
}

// backend/src/http/plugins/add-security-headers.ts
import helmet from "@fastify/helmet";
var self = ["'self'"];
var none = ["'none'"];
var contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: none,
    scriptSrc: self,
    styleSrcElem: self,
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: [...self, "data:", "blob:"],
    connectSrc: self,
    fontSrc: self,
    manifestSrc: self,
    frameAncestors: none,
    baseUri: none,
    formAction: self
  }
};
var permissionsPolicy = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
var yearSeconds = 31536e3;
async function addSecurityHeaders(app2, deps) {
  await app2.register(helmet, {
    contentSecurityPolicy,
    strictTransportSecurity: deps.isHttps ? { maxAge: yearSeconds, includeSubDomains: false } : false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" }
  });
  app2.addHook("onRequest", (_request, reply, done) => {
    reply.header("permissions-policy", permissionsPolicy);
    done();
  });
}

// backend/src/http/plugins/close-unused-connections.ts
function closeUnusedConnections(app2) {
  const unused = /* @__PURE__ */ new Set();
  let isClosing = false;
  app2.server.on("connection", (socket) => {
    if (isClosing) {
      socket.destroy();
      return;
    }
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  app2.server.on("request", (request) => unused.delete(request.socket));
  app2.addHook("preClose", (done) => {
    isClosing = true;
    for (const socket of unused) socket.destroy();
    done();
  });
}

// backend/src/http/find-bearer-token.ts
function findBearerToken(request) {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;
}

// backend/src/http/plugins/authenticate.ts
var loginCookieName = "llmchat_session";
function createFindRequester(deps) {
  return async (request) => {
    const cookie2 = request.cookies[loginCookieName];
    const key = findBearerToken(request);
    if (cookie2 !== void 0 && key !== null) throw new AppError("ambiguous_credentials");
    if (key !== null) {
      const user = await deps.findApiKeyUser(key);
      return user && { user, loginSessionId: null };
    }
    if (cookie2 === void 0) return null;
    const loginSession = await deps.findLoginSession(cookie2);
    return loginSession && { user: loginSession.user, loginSessionId: loginSession.id };
  };
}
function decorateRequester(app2) {
  app2.decorateRequest("requester", null);
  app2.decorateRequest("user", {
    getter() {
      if (!this.requester) throw new AppError("unauthenticated");
      return this.requester.user;
    }
  });
}
function requireRequester(app2, findRequester) {
  app2.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    request.requester = await findRequester(request);
    if (!request.requester) throw new AppError("unauthenticated");
  });
}

// backend/src/http/plugins/describe-api.ts
import swagger from "@fastify/swagger";
var info = {
  title: "LLMChat",
  description: "People talk to many agents in one place. Errors: docs/ERRORS.md.",
  license: { name: "MIT" }
};
var securitySchemes = {
  loginCookie: {
    type: "apiKey",
    in: "cookie",
    name: "llmchat_session",
    description: "Unsafe methods also need the header X-XSRF-TOKEN with the value of the cookie XSRF-TOKEN."
  },
  apiKey: { type: "http", scheme: "bearer" }
};
async function describeApi(app2, deps) {
  await app2.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { ...info, version: deps.version },
      components: { securitySchemes },
      security: [{ loginCookie: [] }, { apiKey: [] }]
    },
    convertConstToEnum: false,
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => typeof json["$id"] === "string" ? json["$id"] : `def-${index}`
    },
    transformObject: (document) => "openapiObject" in document ? completeOperations(document.openapiObject) : {}
  });
  app2.addSchema(ErrorBodySchema);
  app2.get(
    "/api/openapi.json",
    { schema: { security: [], summary: "This description, as OpenAPI 3.1" } },
    () => app2.swagger()
  );
}
var errorResponse = {
  description: "An error",
  content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorBody" } } }
};
function completeOperations(document) {
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const operation2 of Object.values(operations ?? {}).filter(isOperation)) {
      operation2.responses["default"] ??= errorResponse;
      operation2.tags ??= [toTag(path)];
    }
  }
  return document;
}
function isOperation(value) {
  return typeof value === "object" && value !== null && "responses" in value;
}
function toTag(path) {
  const [, first = "", second = ""] = path.split("/");
  if (first === "v1") return "openai";
  return first === "api" ? second.replace(/\..*/, "") : "health";
}

// backend/src/http/plugins/create-login-limit.ts
var minuteMs = 6e4;
var addressFactor = 20;
function createLoginLimit(app2, attemptsPerMinute) {
  const emails = /* @__PURE__ */ new WeakMap();
  const checkAddress = app2.createRateLimit({ max: attemptsPerMinute * addressFactor, timeWindow: minuteMs });
  const checkAccount = app2.createRateLimit({
    max: attemptsPerMinute,
    timeWindow: minuteMs,
    keyGenerator: (request) => `${request.ip} ${emails.get(request) ?? ""}`
  });
  return async (request, email2) => {
    emails.set(request, email2.toLowerCase());
    for (const check of [checkAddress, checkAccount]) refuseExceeded(await check(request));
  };
}
function refuseExceeded(result) {
  if (!result.isAllowed && result.isExceeded) throw new AppError("rate_limited", { retryAfterMs: result.ttl });
}

// backend/src/http/plugins/limit-request-rate.ts
function limitRequestRate(app2, requestsPerMinute) {
  if (requestsPerMinute === null) return;
  const check = app2.createRateLimit({
    max: requestsPerMinute,
    timeWindow: 6e4,
    keyGenerator: (request) => request.requester?.user.id ?? request.ip
  });
  app2.addHook("onRequest", async (request) => refuseExceeded(await check(request)));
}

// backend/src/http/plugins/observe-requests.ts
var probes = /^\/(health|metrics)(\/|$)/;
function observeRequests(app2, deps) {
  app2.addHook("onRequest", (request, reply, done) => {
    const startedMs = deps.clock.monotonicMs();
    reply.header("x-request-id", request.id);
    reply.raw.once("close", () => report(request, reply, deps.clock.monotonicMs() - startedMs));
    done();
  });
  function report(request, reply, durationMs) {
    const route = request.routeOptions.url ?? "none";
    const status = reply.raw.statusCode;
    const isStream = String(reply.raw.getHeader("content-type") ?? "").startsWith("text/event-stream");
    deps.metrics.observe({ method: request.method, route, status, durationMs, isStream });
    deps.logger[probes.test(route) ? "debug" : "info"](
      {
        requestId: request.id,
        method: request.method,
        route,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        ...request.requester ? { userId: request.requester.user.id } : {},
        ...reply.raw.writableFinished ? {} : { isCutOff: true }
      },
      "request"
    );
  }
}

// backend/src/http/plugins/refuse-while-draining.ts
function refuseWhileDraining(app2, drain) {
  app2.addHook("onRequest", (request, reply, done) => {
    if (drain.isDraining()) reply.header("connection", "close");
    const isProbe = request.url.startsWith("/health") || request.url.startsWith("/metrics");
    if (drain.isRefusing() && !isProbe) done(new AppError("draining", { retryAfterMs: 1e3 }));
    else done();
  });
}

// backend/src/http/plugins/serve-pages.ts
import fastifyStatic from "@fastify/static";
import { existsSync } from "node:fs";
import { join as join3 } from "node:path";

// backend/src/http/errors/refuse-unknown.ts
function refuseUnknown(methods, request, reply) {
  const allowed = methods.listMethods(toPath(request));
  if (allowed.length > 0 && !allowed.includes(request.method)) {
    reply.header("allow", allowed.join(", "));
    throw new AppError("method_not_allowed", { details: { allowed } });
  }
  throw new AppError("not_found");
}
function toPath(request) {
  return request.url.split("?", 1)[0] ?? "/";
}

// backend/src/http/plugins/serve-pages.ts
var programPaths = /^\/(api|v1|health|metrics|internal|assets)(\/|$)/;
var notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>LLMChat</title>
<h1>The web pages are not built yet</h1>
<p>The server runs, but its pages are missing. Run <code>npm run build</code> and start it again.</p>
</html>
`;
async function servePages(app2, deps) {
  const isBuilt = existsSync(join3(deps.pagesDir, "index.html"));
  if (isBuilt) {
    await app2.register(fastifyStatic, {
      root: deps.pagesDir,
      cacheControl: false,
      preCompressed: true,
      dotfiles: "ignore",
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join3(deps.pagesDir, "assets"));
        reply.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
        reply.setHeader("vary", "accept-encoding");
      }
    });
  }
  app2.setNotFoundHandler((request, reply) => {
    if (!isPageRequest(request)) return refuseUnknown(deps.methods, request, reply);
    return isBuilt ? reply.sendFile("index.html") : sendNotBuilt(reply);
  });
}
function isPageRequest(request) {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  return !programPaths.test(toPath(request)) && (request.headers.accept ?? "").includes("text/html");
}
function sendNotBuilt(reply) {
  return reply.code(503).header("retry-after", "5").type("text/html; charset=utf-8").send(notBuiltPage);
}

// packages/protocol/src/api/agent-schema.ts
import Type6 from "typebox";
var ProviderNameSchema = Type6.Union([
  Type6.Literal("openai"),
  Type6.Literal("openai-responses"),
  Type6.Literal("anthropic"),
  Type6.Literal("fastgpt"),
  Type6.Literal("dify")
]);
var AgentSchema = Type6.Object(
  {
    id: Type6.String(),
    name: Type6.String(),
    description: Type6.String(),
    provider: ProviderNameSchema,
    isActive: Type6.Boolean(),
    isDefault: Type6.Boolean(),
    /** A labelled simulation that came with the product, not a real upstream. */
    isDemo: Type6.Boolean(),
    suggestions: Type6.Array(Type6.String()),
    health: Type6.Union([Type6.Literal("ok"), Type6.Literal("slow"), Type6.Literal("down"), Type6.Literal("unknown")]),
    firstContentMs: Type6.Union([Type6.Number(), Type6.Null()])
  },
  { $id: "Agent" }
);
var AgentListSchema = Type6.Object({ agents: Type6.Array(AgentSchema) });
var AgentImportSchema = Type6.Object(
  {
    id: Type6.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" }),
    name: Type6.String({ minLength: 1, maxLength: 120 }),
    description: Type6.Optional(Type6.String({ maxLength: 500 })),
    provider: ProviderNameSchema,
    baseUrl: Type6.Optional(Type6.String({ maxLength: 2e3 })),
    apiKey: Type6.Optional(Type6.String({ maxLength: 4e3 })),
    model: Type6.Optional(Type6.String({ maxLength: 200 })),
    appId: Type6.Optional(Type6.String({ maxLength: 200 })),
    systemPrompt: Type6.Optional(Type6.String({ maxLength: 1e5 })),
    temperature: Type6.Optional(Type6.Number({ minimum: 0, maximum: 2 })),
    maxTokens: Type6.Optional(Type6.Integer({ minimum: 1, maximum: 1e6 })),
    isActive: Type6.Optional(Type6.Boolean()),
    isDefault: Type6.Optional(Type6.Boolean()),
    suggestions: Type6.Optional(Type6.Array(Type6.String({ maxLength: 300 }), { maxItems: 6 })),
    options: Type6.Optional(Type6.Record(Type6.String(), Type6.Unknown()))
  },
  { additionalProperties: false }
);
var AgentImportFileSchema = Type6.Object(
  { agents: Type6.Array(AgentImportSchema, { maxItems: 1e3 }) },
  { additionalProperties: false }
);

// backend/src/http/routes/agent-routes.ts
function addAgentRoutes(app2, deps) {
  app2.get(
    "/api/agents",
    { schema: { summary: "List the agents and how they are", response: { 200: AgentListSchema } } },
    async () => {
      const agents2 = await deps.agents.listAgents({ withInactive: true });
      return { agents: agents2.map((agent) => ({ ...agent, ...deps.findAgentHealth(agent.id) })) };
    }
  );
}

// backend/src/http/routes/auth/account-routes.ts
import Type8 from "typebox";

// packages/protocol/src/api/auth-schema.ts
import Type7 from "typebox";
var email = Type7.String({ minLength: 3, maxLength: 254, pattern: "^[^@\\s]+@[^@\\s]+$" });
var password = Type7.String({ minLength: 1, maxLength: 1024 });
var LoginRequestSchema = Type7.Object(
  { email, password, isPersistent: Type7.Optional(Type7.Boolean()) },
  { additionalProperties: false }
);
var SetUpRequestSchema = Type7.Object(
  {
    token: Type7.String({ minLength: 1, maxLength: 200 }),
    email,
    password,
    name: Type7.Optional(Type7.String({ maxLength: 120 }))
  },
  { additionalProperties: false }
);
var MeSchema = Type7.Object(
  {
    user: Type7.Object({
      id: Type7.String(),
      email: Type7.String(),
      name: Type7.String(),
      role: Type7.Union([Type7.Literal("admin"), Type7.Literal("member")])
    }),
    /** Send it back as header `X-XSRF-TOKEN` on unsafe methods; bound to this login session. */
    csrfToken: Type7.String()
  },
  { $id: "Me" }
);
var AuthStateSchema = Type7.Object({ needsSetUp: Type7.Boolean(), version: Type7.String() });
var CreateApiKeyRequestSchema = Type7.Object(
  { name: Type7.String({ minLength: 1, maxLength: 120 }) },
  { additionalProperties: false }
);
var ApiKeySchema = Type7.Object({
  id: Type7.String(),
  name: Type7.String(),
  /** First characters, to tell keys apart. */
  prefix: Type7.String(),
  createdAt: Type7.String(),
  lastUsedAt: Type7.Union([Type7.String(), Type7.Null()])
});
var ApiKeyListSchema = Type7.Object({ apiKeys: Type7.Array(ApiKeySchema) });
var CreatedApiKeySchema = Type7.Object({ apiKey: ApiKeySchema, secret: Type7.String() });

// backend/src/http/routes/auth/start-login-session.ts
function toCookieOptions(request, publicOrigin) {
  const isHttps = publicOrigin === null ? request.protocol === "https" : publicOrigin.startsWith("https:");
  return { path: "/", sameSite: "lax", secure: isHttps };
}
async function startLoginSession(deps, request, reply, login) {
  const oldToken = request.cookies[loginCookieName];
  if (oldToken !== void 0) await deps.users.endLoginSession(oldToken);
  const loginSession = await deps.users.openLoginSession(login.user.id);
  const options = {
    ...toCookieOptions(request, deps.publicOrigin),
    ...login.isPersistent ? { expires: loginSession.expiresAt } : {}
  };
  const csrfToken = createCsrfToken(request, reply, loginSession.id);
  reply.setCookie(loginCookieName, loginSession.token, { ...options, httpOnly: true });
  reply.setCookie(csrfCookieName, csrfToken, options);
  return { user: login.user, csrfToken };
}

// backend/src/http/routes/auth/account-routes.ts
function addAccountRoutes(app2, deps) {
  app2.get("/api/auth/me", { schema: { summary: "Who am I?", response: { 200: MeSchema } } }, (request, reply) => {
    const loginSessionId = request.requester?.loginSessionId ?? null;
    if (loginSessionId === null) return { user: request.user, csrfToken: "" };
    const csrfToken = createCsrfToken(request, reply, loginSessionId);
    reply.setCookie(csrfCookieName, csrfToken, toCookieOptions(request, deps.publicOrigin));
    return { user: request.user, csrfToken };
  });
  app2.post(
    "/api/auth/logout",
    { schema: { summary: "Sign out", response: { 204: Type8.Null() } } },
    async (request, reply) => {
      const token = request.cookies[loginCookieName];
      if (token !== void 0) await deps.users.endLoginSession(token);
      const options = toCookieOptions(request, deps.publicOrigin);
      reply.clearCookie(loginCookieName, { ...options, httpOnly: true }).clearCookie(csrfCookieName, options);
      return reply.code(204).send(null);
    }
  );
  app2.get(
    "/api/auth/api-keys",
    { schema: { summary: "List my API keys", response: { 200: ApiKeyListSchema } } },
    async (request) => ({ apiKeys: await deps.users.listApiKeys(request.user.id) })
  );
  app2.post(
    "/api/auth/api-keys",
    {
      schema: {
        summary: "Make an API key; its secret is shown this once",
        body: CreateApiKeyRequestSchema,
        response: { 201: CreatedApiKeySchema }
      }
    },
    async (request, reply) => reply.code(201).send(await deps.users.createApiKey(request.user.id, request.body.name))
  );
  app2.delete(
    "/api/auth/api-keys/:apiKeyId",
    {
      schema: {
        summary: "Revoke an API key",
        params: Type8.Object({ apiKeyId: ClientIdSchema }),
        response: { 204: Type8.Null() }
      }
    },
    async (request, reply) => {
      await deps.users.revokeApiKey(request.user.id, request.params.apiKeyId);
      return reply.code(204).send(null);
    }
  );
}

// backend/src/http/routes/auth/sign-in-routes.ts
var security = [];
function addSignInRoutes(app2, deps) {
  const checkLimit = createLoginLimit(app2, deps.config.loginAttemptsPerMinute);
  app2.addHook("onRequest", (request, reply, done) => {
    reply.header("cache-control", "no-store");
    if (request.method !== "GET") refuseForeignSite(request, deps.publicOrigin);
    done();
  });
  app2.get(
    "/api/auth/state",
    { schema: { security, summary: "What a visitor may know", response: { 200: AuthStateSchema } } },
    async () => ({ needsSetUp: !await deps.users.hasAdmin(), version: deps.version })
  );
  app2.post(
    "/api/auth/login",
    {
      schema: { security, summary: "Sign in", body: LoginRequestSchema, response: { 200: MeSchema } }
    },
    async (request, reply) => {
      const { email: email2, password: password2, isPersistent = false } = request.body;
      await checkLimit(request, email2);
      const user = await deps.users.authenticatePassword(email2, password2);
      return startLoginSession(deps, request, reply, { user, isPersistent });
    }
  );
  app2.post(
    "/api/auth/set-up",
    {
      schema: {
        security,
        summary: "Make the first admin",
        body: SetUpRequestSchema,
        response: { 200: MeSchema }
      }
    },
    async (request, reply) => {
      const { token, email: email2, password: password2, name = email2 } = request.body;
      await checkLimit(request, email2);
      const user = await deps.users.setUpAdmin({ token, email: email2, password: password2, name });
      return startLoginSession(deps, request, reply, { user, isPersistent: false });
    }
  );
}

// backend/src/http/routes/chat/feedback-route.ts
import Type9 from "typebox";

// backend/src/chat/save-feedback.ts
import { sql as sql2 } from "kysely";
async function saveFeedback(deps, userId, feedback) {
  await deps.database.transaction(async (trx) => {
    const message = await trx.selectFrom("chat_messages").select("role").where("user_id", "=", userId).where("id", "=", feedback.messageId).executeTakeFirst();
    if (message?.role !== "assistant") throw new AppError("message_not_found");
    if (feedback.rating === null) {
      await trx.deleteFrom("message_feedback").where("user_id", "=", userId).where("message_id", "=", feedback.messageId).execute();
      return;
    }
    const change = { rating: feedback.rating, comment: feedback.comment ?? null };
    await trx.insertInto("message_feedback").values({ user_id: userId, message_id: feedback.messageId, ...change }).onConflict(
      (conflict) => conflict.columns(["user_id", "message_id"]).doUpdateSet({ ...change, updated_at: sql2`now()` })
    ).execute();
  });
}

// backend/src/http/routes/chat/feedback-route.ts
function addFeedbackRoute(app2, deps) {
  app2.post(
    "/api/chat/feedback",
    {
      schema: {
        summary: "Rate an answer, or take the rating back",
        body: FeedbackRequestSchema,
        response: { 204: Type9.Null() }
      }
    },
    async (request, reply) => {
      await saveFeedback(deps, request.user.id, request.body);
      deps.forwardFeedback(request.user.id, request.body.messageId, request.body.rating);
      return reply.code(204).send(null);
    }
  );
}

// backend/src/http/routes/chat/session-routes.ts
import Type10 from "typebox";

// backend/src/chat/delete-session.ts
async function deleteSession(deps, userId, sessionId) {
  const result = await deps.database.kysely.deleteFrom("chat_sessions").where("user_id", "=", userId).where("id", "=", sessionId).executeTakeFirst();
  if (result.numDeletedRows === 0n) throw new AppError("chat_session_not_found");
}

// backend/src/chat/keyset-cursor.ts
var timestampPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
function toCursorTimestampSql(column) {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
function toCursor(position) {
  const json = JSON.stringify([position.isPinned ? 1 : 0, position.timestamp, position.id]);
  return Buffer.from(json).toString("base64url");
}
function parseCursor(cursor) {
  const position = toPosition(Buffer.from(cursor, "base64url").toString());
  if (!position) throw new AppError("invalid_request", { details: [{ path: "/cursor", problem: "is not a cursor" }] });
  return position;
}
function toPosition(json) {
  const match = /^\[([01]),"([^"\\]+)","([^"\\]+)"\]$/.exec(json);
  const [, pinned, timestamp, id] = match ?? [];
  if (!pinned || !timestamp || !id) return null;
  if (!timestampPattern.test(timestamp) || Number.isNaN(Date.parse(timestamp))) return null;
  return { isPinned: pinned === "1", timestamp, id };
}

// backend/src/chat/chat-message-row.ts
var chatMessageColumns = `
  m.id AS message_id, m.session_id, m.parent_id, m.role, m.parts, m.agent_id, m.agent_name, m.generation_id,
  m.usage, m.timing, coalesce(m.delivery, g.delivery) AS delivery,
  m.created_at AS message_created_at, ${toCursorTimestampSql("m.created_at")} AS message_created_at_text,
  f.rating, coalesce(g.status = 'running', false) AS is_answer_running,
  CASE WHEN g.status = 'running' THEN g.checkpoint END AS checkpoint`;
var chatMessageJoins = `
  LEFT JOIN generations g ON g.id = m.generation_id AND g.user_id = m.user_id
  LEFT JOIN message_feedback f ON f.user_id = m.user_id AND f.message_id = m.id`;

// backend/src/chat/chat-session-row.ts
var chatSessionColumns = `
  s.id, s.title, s.agent_id, s.active_leaf_id, s.is_pinned, s.is_archived, s.created_at, s.updated_at,
  EXISTS (SELECT 1 FROM generations g
    WHERE g.user_id = s.user_id AND g.session_id = s.id AND g.status = 'running') AS is_running,
  (s.last_answer_at IS NOT NULL AND s.last_answer_at > s.last_read_at) AS is_unread,
  ${toCursorTimestampSql("s.updated_at")} AS updated_at_text`;

// backend/src/chat/to-session-json.ts
function toSessionJson(row) {
  return {
    id: row.id,
    title: row.title,
    agentId: row.agent_id,
    isPinned: row.is_pinned,
    isArchived: row.is_archived,
    state: toState2(row),
    activeLeafId: row.active_leaf_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString()
  };
}
function toState2(row) {
  if (row.is_running) return "running";
  return row.is_unread ? "unread" : "idle";
}

// backend/src/chat/get-session.ts
var selectSession = {
  name: "chat-session-by-id",
  text: `SELECT ${chatSessionColumns} FROM chat_sessions s WHERE s.user_id = $1 AND s.id = $2`
};
async function getSession(deps, userId, sessionId) {
  const [row] = await deps.database.query(selectSession, [userId, sessionId]);
  if (!row) throw new AppError("chat_session_not_found");
  return toSessionJson(row);
}

// backend/src/chat/to-branch.ts
function toBranch(messages, leafId) {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch = [];
  let current = (leafId === null ? void 0 : byId.get(leafId)) ?? messages.at(-1);
  while (current) {
    branch.push(current);
    byId.delete(current.id);
    current = current.parentId === null ? void 0 : byId.get(current.parentId);
  }
  return branch.reverse();
}

// backend/src/chat/to-markdown-export.ts
function toMarkdownExport(session, branch) {
  return [`# ${session.title}`, ...branch.map(toSection)].join("\n\n") + "\n";
}
function toSection(message) {
  const name = message.role === "user" ? "User" : message.agentName ?? "Assistant";
  const blocks = [`## ${name} \xB7 ${message.createdAt}`, toPlainText(message.parts), toSources(message.parts)];
  return [...blocks, toNote(message)].filter(Boolean).join("\n\n");
}
function toSources(parts) {
  return parts.map((part) => part.type === "source" ? `- ${part.url ? `[${part.title}](<${part.url}>)` : part.title}` : "").filter(Boolean).join("\n");
}
function toNote(message) {
  const delivery = message.delivery;
  if (!delivery || delivery.state === "complete") return "";
  return `> (${delivery.state}${"reason" in delivery ? `: ${delivery.reason}` : ""})`;
}

// backend/src/chat/to-message-json.ts
function toMessageJson(row) {
  return {
    id: row.message_id,
    sessionId: row.session_id,
    parentId: row.parent_id,
    role: row.role,
    agentId: row.agent_id,
    agentName: row.agent_name,
    generationId: row.generation_id,
    timing: row.timing,
    feedback: row.rating,
    createdAt: row.message_created_at.toISOString(),
    ...toContent(row)
  };
}
function toContent(row) {
  if (!row.is_answer_running) return { parts: row.parts, usage: row.usage, delivery: row.delivery };
  const checkpoint = isCheckpoint(row.checkpoint) ? row.checkpoint : null;
  const parts = checkpoint?.parts ?? [];
  return {
    parts,
    usage: checkpoint?.usage ?? null,
    delivery: { state: parts.length > 0 ? "streaming" : "accepted" }
  };
}
function isCheckpoint(value) {
  return typeof value === "object" && value !== null && "parts" in value && Array.isArray(value.parts);
}

// backend/src/chat/export-session.ts
var allMessages = {
  name: "chat-messages-export",
  text: `SELECT ${chatMessageColumns} FROM chat_messages m ${chatMessageJoins}
    WHERE m.user_id = $1 AND m.session_id = $2
    ORDER BY m.created_at DESC, m.id DESC LIMIT 10000`
};
async function exportSession(deps, userId, sessionId, options) {
  if (options.format === "md" && options.scope === "tree") {
    throw new AppError("invalid_request", { message: "A whole tree can be exported as JSON only." });
  }
  const session = await getSession(deps, userId, sessionId);
  const rows = await deps.database.query(allMessages, [userId, sessionId], { priority: "read" });
  const messages = rows.map(toMessageJson).reverse();
  const chosen = options.scope === "tree" ? messages : toBranch(messages, session.activeLeafId);
  const body = options.format === "md" ? toMarkdownExport(session, chosen) : JSON.stringify({ session, messages: chosen }, null, 2);
  return { title: session.title, format: options.format, body };
}

// backend/src/chat/list-messages.ts
function toPageSql(keyset) {
  return `
    WITH session AS MATERIALIZED (
      SELECT ${chatSessionColumns} FROM chat_sessions s WHERE s.user_id = $1 AND s.id = $2
    )
    SELECT to_jsonb(session) AS session, page.*
    FROM session LEFT JOIN LATERAL (
      SELECT ${chatMessageColumns} FROM chat_messages m ${chatMessageJoins}
      WHERE m.user_id = $1 AND m.session_id = $2 ${keyset}
      ORDER BY m.created_at DESC, m.id DESC LIMIT $3
    ) page ON true
    ORDER BY page.message_created_at DESC, page.message_id DESC`;
}
var newestPage = { name: "chat-messages-newest-page", text: toPageSql("") };
var olderPage = {
  name: "chat-messages-older-page",
  text: toPageSql("AND (m.created_at, m.id) < ($4::timestamptz, $5::text)")
};
async function listMessages(deps, userId, sessionId, options) {
  const limit = options.limit ?? 100;
  const values = [userId, sessionId, limit + 1];
  const rows = await (options.cursor === void 0 ? deps.database.query(newestPage, values) : deps.database.query(olderPage, [...values, ...toValues(options.cursor)]));
  const session = rows[0]?.session;
  if (!session) throw new AppError("chat_session_not_found");
  const messages = rows.filter(isMessage);
  const page = messages.slice(0, limit);
  const last = page.at(-1);
  return {
    session: toSessionJson(toSessionRow(session)),
    messages: page.map(toMessageJson).reverse(),
    nextCursor: messages.length > limit && last ? toRowCursor(last) : null
  };
}
function isMessage(row) {
  return row.message_id !== null;
}
function toSessionRow(session) {
  return { ...session, created_at: new Date(session.created_at), updated_at: new Date(session.updated_at) };
}
function toValues(cursor) {
  const position = parseCursor(cursor);
  return [position.timestamp, position.id];
}
function toRowCursor(row) {
  return toCursor({ isPinned: false, timestamp: row.message_created_at_text, id: row.message_id });
}

// backend/src/chat/list-sessions.ts
var order = "ORDER BY s.is_pinned DESC, s.updated_at DESC, s.id DESC LIMIT $3";
var firstPage = {
  name: "chat-sessions-first-page",
  text: `SELECT ${chatSessionColumns} FROM chat_sessions s WHERE s.user_id = $1 AND s.is_archived = $2 ${order}`
};
var nextPage = {
  name: "chat-sessions-next-page",
  text: `SELECT ${chatSessionColumns} FROM chat_sessions s
    WHERE s.user_id = $1 AND s.is_archived = $2
      AND (s.is_pinned, s.updated_at, s.id) < ($4::boolean, $5::timestamptz, $6::text)
    ${order}`
};
async function listSessions(deps, userId, options) {
  const limit = options.limit ?? 30;
  const values = [userId, options.archived ?? false, limit + 1];
  const rows = await (options.cursor === void 0 ? deps.database.query(firstPage, values) : deps.database.query(nextPage, [...values, ...toValues2(options.cursor)]));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    sessions: page.map(toSessionJson),
    nextCursor: rows.length > limit && last ? toRowCursor2(last) : null
  };
}
function toValues2(cursor) {
  const position = parseCursor(cursor);
  return [position.isPinned, position.timestamp, position.id];
}
function toRowCursor2(row) {
  return toCursor({ isPinned: row.is_pinned, timestamp: row.updated_at_text, id: row.id });
}

// backend/src/chat/to-contains-pattern.ts
function toContainsPattern(text) {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

// backend/src/chat/to-search-terms.ts
var maxTerms = 5;
function toSearchTerms(query) {
  const terms = new Set(
    query.replace(/\u0000/g, "").split(/\s+/).filter(Boolean).slice(0, maxTerms)
  );
  return [...terms].sort((one, other) => other.length - one.length);
}

// backend/src/chat/to-snippet.ts
var unitsBefore = 40;
var unitsAfter = 120;
function toSnippet(text, terms) {
  const plain = text.replace(/\s+/g, " ").trim();
  const first = findRanges(plain, terms)[0]?.[0] ?? 0;
  const start = first <= unitsBefore ? 0 : toBoundary(plain, first - unitsBefore);
  const end = toBoundary(plain, Math.min(plain.length, first + unitsAfter));
  const cut = plain.slice(start, end).trim();
  const snippet = `${start > 0 ? "\u2026" : ""}${cut}${end < plain.length ? "\u2026" : ""}`;
  return { text: snippet, ranges: findRanges(snippet, terms) };
}
function toBoundary(text, index) {
  const unit = text.charCodeAt(index);
  return unit >= 56320 && unit <= 57343 ? index - 1 : index;
}
function findRanges(text, terms) {
  if (terms.length === 0) return [];
  const pattern = new RegExp(terms.map(escapeForPattern2).join("|"), "giu");
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}
function escapeForPattern2(term) {
  return term.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

// backend/src/chat/search-messages.ts
var minIndexedCharacters = 3;
function toSearchSql(messageWindow) {
  return `
    WITH hits AS (
      (SELECT s.id AS session_id, s.title AS session_title, NULL::text AS message_id, s.title AS body,
        s.updated_at AS at, 0.3 AS bonus
      FROM chat_sessions s
      WHERE s.user_id = $1 AND s.title ILIKE $2 AND s.title ILIKE ALL ($3::text[])
      ORDER BY s.updated_at DESC LIMIT 100)
      UNION ALL
      (SELECT m.session_id, s.title, m.id, m.body, m.created_at, 0
      FROM ${messageWindow}
      WHERE m.user_id = $1 AND m.body ILIKE $2 AND m.body ILIKE ALL ($3::text[])
      ORDER BY m.created_at DESC LIMIT 200)
    ), excerpts AS (
      SELECT session_id, session_title, message_id, at, bonus,
        substring(body FROM greatest(1, position(lower($4) IN lower(body)) - 100) FOR 400) AS excerpt
      FROM hits
    )
    SELECT session_id, session_title, message_id, at, excerpt
    FROM excerpts
    ORDER BY bonus + word_similarity($4, excerpt) + exp(-extract(epoch FROM now() - at)::float8 / 2592000) DESC, at DESC
    LIMIT $5`;
}
var indexedSearch = {
  name: "chat-search-indexed",
  text: toSearchSql("chat_messages m JOIN chat_sessions s ON s.user_id = m.user_id AND s.id = m.session_id")
};
var windowedSearch = {
  name: "chat-search-windowed",
  text: toSearchSql(`(
    SELECT id, user_id, title FROM chat_sessions WHERE user_id = $1 ORDER BY updated_at DESC, id DESC LIMIT 500
  ) s JOIN chat_messages m ON m.user_id = s.user_id AND m.session_id = s.id`)
};
async function searchMessages(deps, userId, query, limit = 20) {
  const terms = toSearchTerms(query);
  const longest = terms[0];
  if (longest === void 0) return { hits: [] };
  const statement5 = [...longest].length >= minIndexedCharacters ? indexedSearch : windowedSearch;
  const values = [userId, toContainsPattern(longest), terms.map(toContainsPattern), longest, limit];
  const rows = await deps.database.query(statement5, values, { priority: "read" });
  return { hits: rows.map((row) => toHitJson(row, terms)) };
}
function toHitJson(row, terms) {
  const snippet = toSnippet(row.excerpt, terms);
  return {
    sessionId: row.session_id,
    sessionTitle: row.session_title,
    messageId: row.message_id,
    snippet: snippet.text,
    ranges: snippet.ranges,
    createdAt: row.at.toISOString()
  };
}

// backend/src/chat/update-session.ts
import { sql as sql3 } from "kysely";
async function updateSession(deps, userId, sessionId, change) {
  await deps.database.transaction(async (trx) => {
    if (change.activeLeafId !== void 0) await refuseForeignLeaf(trx, userId, sessionId, change.activeLeafId);
    const result = await trx.updateTable("chat_sessions").set(toColumns2(change)).where("user_id", "=", userId).where("id", "=", sessionId).executeTakeFirst();
    if (result.numUpdatedRows === 0n) throw new AppError("chat_session_not_found");
  });
  return getSession(deps, userId, sessionId);
}
function toColumns2(change) {
  return {
    ...change.title === void 0 ? {} : { title: change.title },
    ...change.isPinned === void 0 ? {} : { is_pinned: change.isPinned },
    ...change.isArchived === void 0 ? {} : { is_archived: change.isArchived },
    ...change.activeLeafId === void 0 ? {} : { active_leaf_id: change.activeLeafId },
    ...change.agentId === void 0 ? {} : { agent_id: change.agentId },
    // Database time: last_answer_at is written by it as well, the two are compared.
    ...change.isRead === void 0 ? {} : { last_read_at: sql3`now()` }
  };
}
async function refuseForeignLeaf(trx, userId, sessionId, leafId) {
  const leaf = await trx.selectFrom("chat_messages").select("session_id").where("user_id", "=", userId).where("id", "=", leafId).executeTakeFirst();
  if (leaf?.session_id !== sessionId) throw new AppError("message_not_found");
}

// backend/src/http/to-content-disposition.ts
var maxNameCharacters = 80;
function toContentDisposition(name, extension) {
  const clean = [...name.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, "_")].slice(0, maxNameCharacters).join("").trim();
  const fileName = `${clean.replace(/^\.+/, "") || "chat"}.${extension}`;
  const ascii = fileName.replace(/[^ -~]+/g, "_").replace(/[%;']/g, "_");
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

// backend/src/http/routes/chat/session-routes.ts
var SessionParamsSchema = Type10.Object({ sessionId: ClientIdSchema });
var contentTypes = { md: "text/markdown; charset=utf-8", json: "application/json; charset=utf-8" };
function addSessionRoutes(app2, deps) {
  app2.get(
    "/api/chat/sessions",
    {
      schema: {
        summary: "List chats, pinned first, then the newest",
        querystring: ListSessionsQuerySchema,
        response: { 200: ChatSessionPageSchema }
      }
    },
    (request) => listSessions(deps, request.user.id, request.query)
  );
  app2.get(
    "/api/chat/sessions/search",
    {
      schema: {
        summary: "Search titles and messages",
        querystring: SearchQuerySchema,
        response: { 200: SearchResponseSchema }
      }
    },
    (request) => searchMessages(deps, request.user.id, request.query.q, request.query.limit)
  );
  app2.get(
    "/api/chat/sessions/:sessionId",
    {
      schema: {
        summary: "Get one chat",
        params: SessionParamsSchema,
        response: { 200: ChatSessionSchema }
      }
    },
    (request) => getSession(deps, request.user.id, request.params.sessionId)
  );
  app2.patch(
    "/api/chat/sessions/:sessionId",
    {
      schema: {
        summary: "Rename, pin, archive, mark as read, choose the branch or the agent",
        params: SessionParamsSchema,
        body: UpdateSessionRequestSchema,
        response: { 200: ChatSessionSchema }
      }
    },
    async (request) => {
      const { agentId } = request.body;
      if (agentId !== void 0 && !await deps.agents.findAgent(agentId)) throw new AppError("agent_not_found");
      return updateSession(deps, request.user.id, request.params.sessionId, request.body);
    }
  );
  app2.delete(
    "/api/chat/sessions/:sessionId",
    {
      schema: {
        summary: "Delete a chat with all its messages",
        params: SessionParamsSchema,
        response: { 204: Type10.Null() }
      }
    },
    async (request, reply) => {
      await deleteSession(deps, request.user.id, request.params.sessionId);
      return reply.code(204).send(null);
    }
  );
  app2.get(
    "/api/chat/sessions/:sessionId/messages",
    {
      schema: {
        summary: "List the messages of all branches, pages going back in time",
        params: SessionParamsSchema,
        querystring: ListMessagesQuerySchema,
        response: { 200: Type10.Unsafe(ChatMessagePageSchema) }
      }
    },
    (request) => listMessages(deps, request.user.id, request.params.sessionId, request.query)
  );
  app2.get(
    "/api/chat/sessions/:sessionId/export",
    {
      schema: {
        summary: "Download a chat as Markdown or JSON",
        params: SessionParamsSchema,
        querystring: ExportQuerySchema
      }
    },
    async (request, reply) => {
      const file = await exportSession(deps, request.user.id, request.params.sessionId, request.query);
      return reply.header("content-disposition", toContentDisposition(file.title, file.format)).type(contentTypes[file.format]).send(file.body);
    }
  );
}

// backend/src/http/routes/cli-route.ts
import Type11 from "typebox";

// backend/src/http/is-equal-secret.ts
import { createHash as createHash3, timingSafeEqual } from "node:crypto";
function isEqualSecret(given, expected) {
  return timingSafeEqual(toDigest(given), toDigest(expected));
}
function toDigest(text) {
  return createHash3("sha256").update(text).digest();
}

// backend/src/http/is-loopback-request.ts
import ipaddr2 from "ipaddr.js";
var forwardingHeaders = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];
function isLoopbackRequest(request) {
  const address = request.raw.socket.remoteAddress;
  if (address === void 0 || !isLoopbackAddress(address)) return false;
  if (forwardingHeaders.some((header) => request.headers[header] !== void 0)) return false;
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return host === "localhost" || isLoopbackAddress(host);
}
function isLoopbackAddress(address) {
  return ipaddr2.isValid(address) && ipaddr2.process(address).range() === "loopback";
}

// backend/src/http/routes/cli-route.ts
var CliRequestSchema = Type11.Object(
  { arguments: Type11.Array(Type11.String({ maxLength: 1e4 }), { maxItems: 50 }) },
  { additionalProperties: false }
);
var CliReplySchema = Type11.Object({ exitCode: Type11.Integer(), output: Type11.String() });
function addCliRoute(app2, deps) {
  app2.post(
    "/internal/cli",
    {
      schema: { hide: true, body: CliRequestSchema, response: { 200: CliReplySchema } },
      onRequest: (request, _reply, done) => {
        const token = findBearerToken(request);
        const isAllowed = isLoopbackRequest(request) && token !== null && deps.token !== null && isEqualSecret(token, deps.token);
        done(isAllowed ? void 0 : new AppError("not_found"));
      }
    },
    (request) => deps.runCommand(request.body.arguments)
  );
}

// packages/protocol/src/api/health-schema.ts
import Type12 from "typebox";
var HealthSchema = Type12.Object({
  status: Type12.Union([Type12.Literal("ok"), Type12.Literal("degraded"), Type12.Literal("down")]),
  version: Type12.String()
});
var HealthCheckSchema = Type12.Object({
  name: Type12.String(),
  status: Type12.Union([Type12.Literal("ok"), Type12.Literal("degraded"), Type12.Literal("down")]),
  durationMs: Type12.Number(),
  details: Type12.Optional(Type12.Record(Type12.String(), Type12.Unknown()))
});
var ReadinessSchema = Type12.Object({
  isReady: Type12.Boolean(),
  checks: Type12.Object({ database: Type12.Boolean(), migrations: Type12.Boolean(), draining: Type12.Boolean() })
});
var DetailedHealthSchema = Type12.Object({
  status: HealthSchema.properties.status,
  version: Type12.String(),
  checks: Type12.Optional(Type12.Array(HealthCheckSchema)),
  process: Type12.Optional(
    Type12.Object({
      instanceId: Type12.String(),
      uptimeMs: Type12.Number(),
      residentBytes: Type12.Integer()
    })
  )
});

// backend/src/http/routes/health-routes.ts
import Type13 from "typebox";

// backend/src/http/health/is-operator.ts
async function isOperator(request, deps) {
  if (isLoopbackRequest(request)) return true;
  const token = findBearerToken(request);
  if (token !== null && deps.opsToken !== null && isEqualSecret(token, deps.opsToken)) return true;
  const requester = await deps.findRequester(request);
  return requester?.user.role === "admin";
}

// backend/src/http/health/run-health-checks.ts
var pingTimeoutMs = 1e3;
var slowQueueMs = 2e3;
function runHealthChecks(deps) {
  return Promise.all([
    measure("database", deps.clock, () => checkDatabase(deps.database)),
    measure("agents", deps.clock, () => checkAgents(deps))
  ]);
}
function toOverallStatus(checks) {
  if (checks.some((check) => check.name === "database" && check.status === "down")) return "down";
  return checks.every((check) => check.status === "ok") ? "ok" : "degraded";
}
async function measure(name, clock, check) {
  const startedMs = clock.monotonicMs();
  const finding = await check().catch(() => ({ status: "down" }));
  return { name, durationMs: Math.round(clock.monotonicMs() - startedMs), ...finding };
}
async function checkDatabase(database2) {
  const isReachable = await database2.ping(pingTimeoutMs);
  const queueAgeMs = Math.round(database2.queueAgeMs());
  if (!isReachable) return { status: "down", details: { queueAgeMs } };
  return { status: queueAgeMs > slowQueueMs ? "degraded" : "ok", details: { queueAgeMs } };
}
async function checkAgents(deps) {
  const active = await deps.agents.listAgents();
  const agents2 = active.map((agent) => ({ id: agent.id, ...deps.findAgentHealth(agent.id) }));
  const isAnyDown = agents2.some((agent) => agent.health === "down");
  return { status: isAnyDown ? "degraded" : "ok", details: { agents: agents2 } };
}

// backend/src/http/routes/health-routes.ts
var pingTimeoutMs2 = 1e3;
var security2 = [];
var LiveSchema = Type13.Object({ status: Type13.Literal("ok") });
var StartupSchema = Type13.Object({ isStarted: Type13.Boolean() });
function addHealthRoutes(app2, deps) {
  app2.get(
    "/health",
    { schema: { security: security2, summary: "Is it well?", response: { "2xx": HealthSchema, 503: HealthSchema } } },
    async (_request, reply) => {
      const status = toOverallStatus(await runHealthChecks(deps));
      return reply.code(status === "down" ? 503 : 200).send({ status, version: deps.version });
    }
  );
  app2.get(
    "/health/live",
    { schema: { security: security2, summary: "The event loop turns", response: { 200: LiveSchema } } },
    () => ({ status: "ok" })
  );
  app2.get(
    "/health/ready",
    {
      schema: {
        security: security2,
        summary: "It may be sent requests",
        response: { 200: ReadinessSchema, 503: ReadinessSchema }
      }
    },
    async (_request, reply) => {
      const checks = {
        database: await deps.database.ping(pingTimeoutMs2),
        migrations: deps.isMigrated(),
        draining: deps.drain.isDraining()
      };
      const isReady = checks.database && checks.migrations && !checks.draining;
      return reply.code(isReady ? 200 : 503).send({ isReady, checks });
    }
  );
  app2.get(
    "/health/startup",
    {
      schema: {
        security: security2,
        summary: "It has started",
        response: { 200: StartupSchema, 503: StartupSchema }
      }
    },
    async (_request, reply) => {
      const isStarted = deps.isStarted();
      return reply.code(isStarted ? 200 : 503).send({ isStarted });
    }
  );
  app2.get(
    "/health/detailed",
    {
      schema: {
        summary: "All checks; details for admins and operators only",
        response: { 200: DetailedHealthSchema, 503: DetailedHealthSchema }
      }
    },
    async (request, reply) => {
      const [checks, isTrusted] = await Promise.all([runHealthChecks(deps), isOperator(request, deps)]);
      const status = toOverallStatus(checks);
      const details = isTrusted ? { checks, process: toProcessFigures(deps.instanceId) } : {};
      return reply.code(status === "down" ? 503 : 200).send({ status, version: deps.version, ...details });
    }
  );
}
function toProcessFigures(instanceId) {
  return {
    instanceId,
    uptimeMs: Math.round(process.uptime() * 1e3),
    residentBytes: process.memoryUsage.rss()
  };
}

// backend/src/http/routes/metrics-route.ts
function addMetricsRoute(app2, deps) {
  app2.get("/metrics", { schema: { summary: "Figures for Prometheus, for operators only" } }, async (request, reply) => {
    if (!await isOperator(request, deps)) throw new AppError("forbidden");
    return reply.type(deps.metricsRegistry.contentType).send(await deps.metricsRegistry.metrics());
  });
}

// backend/src/http/open-http-server.ts
async function openHttpServer(deps) {
  const logger = deps.logger.child({ room: "http" });
  const { config: config2 } = deps;
  const publicOrigin = config2.publicUrl === null ? null : new URL(config2.publicUrl).origin;
  const app2 = createFastify({
    bodyLimitBytes: config2.bodyLimitBytes,
    createId: deps.createId,
    isTrusted: createTrustCheck(config2.trustedProxies),
    handleError: createErrorHandler({ logger })
  });
  closeUnusedConnections(app2);
  const methods = createMethodTable();
  app2.addHook("onRoute", (route) => methods.add(route));
  observeRequests(app2, { clock: deps.clock, logger, metrics: createHttpMetrics(deps.metricsRegistry) });
  await addSecurityHeaders(app2, { isHttps: publicOrigin?.startsWith("https:") ?? false });
  refuseWhileDraining(app2, deps.drain);
  await app2.register(cookie);
  await app2.register(rateLimit, { global: false, cache: 2e4 });
  decorateRequester(app2);
  await addCsrfProtection(app2, { serverSecret: deps.serverSecret });
  await describeApi(app2, { version: deps.version });
  const findRequester = createFindRequester(deps.users);
  const authDeps = { ...deps, publicOrigin };
  const operatorDeps = { ...deps, findRequester };
  addHealthRoutes(app2, operatorDeps);
  addMetricsRoute(app2, operatorDeps);
  addCliRoute(app2, deps.cli);
  await app2.register((scope) => {
    limitRequestRate(scope, config2.rateLimitPerMinute);
    addSignInRoutes(scope, authDeps);
  });
  await app2.register(async (scope) => {
    requireRequester(scope, findRequester);
    requireCsrfToken(scope, { publicOrigin });
    limitRequestRate(scope, config2.rateLimitPerMinute);
    addAccountRoutes(scope, authDeps);
    addAgentRoutes(scope, deps);
    addSessionRoutes(scope, deps);
    addFeedbackRoute(scope, deps);
    for (const plugin of deps.extraRoutes) await scope.register(async (extra) => plugin(extra));
  });
  await servePages(app2, { pagesDir: deps.pagesDir, methods });
  await app2.ready();
  return app2;
}

// backend/src/instances/create-owner-watch.ts
function createOwnerWatch(deps) {
  let seen = /* @__PURE__ */ new Map();
  return {
    async look() {
      const rows = await deps.database.kysely.selectFrom("instances").select(["id", "heartbeat_at", "dead_at"]).where("dead_at", "is", null).execute();
      const nowMs = deps.clock.monotonicMs();
      const next = /* @__PURE__ */ new Map();
      for (const row of rows) {
        const beatMs = row.heartbeat_at.getTime();
        const before = seen.get(row.id);
        const sinceMs = before?.beatMs === beatMs ? before.sinceMs : nowMs;
        next.set(row.id, { beatMs, sinceMs, isDead: nowMs - sinceMs >= deps.deadAfterMs });
      }
      seen = next;
    },
    isLost(instanceId) {
      const one = seen.get(instanceId);
      return one ? one.isDead : true;
    }
  };
}

// backend/src/instances/open-instance.ts
async function openInstance(deps) {
  const { database: database2, logger } = deps;
  const id = deps.createId();
  await database2.kysely.insertInto("instances").values({ id, version: deps.version }).execute();
  let cancel = schedule();
  function schedule() {
    return deps.clock.setTimer(deps.everyMs, () => {
      beat().catch((error) => logger.warn({ err: error }, "heartbeat failed")).finally(() => {
        cancel = schedule();
      });
    });
  }
  async function beat() {
    const statement5 = {
      name: "instance-beat",
      text: "UPDATE instances SET heartbeat_at = now() WHERE id = $1 AND dead_at IS NULL"
    };
    await database2.query(statement5, [id], { priority: "write" });
  }
  return {
    id,
    async markDraining() {
      await database2.kysely.updateTable("instances").set({ is_draining: true }).where("id", "=", id).execute();
    },
    async close() {
      cancel();
      await database2.kysely.updateTable("instances").set({ dead_at: /* @__PURE__ */ new Date() }).where("id", "=", id).execute();
    }
  };
}

// backend/src/open-maintenance.ts
function openMaintenance(deps) {
  let cancel = schedule();
  function schedule() {
    return deps.clock.setTimer(deps.everyMs, () => {
      tick().catch((error) => deps.logger.warn({ err: error }, "maintenance failed")).finally(() => {
        cancel = schedule();
      });
    });
  }
  async function tick() {
    const { watch } = deps;
    if (watch) {
      await watch.look();
      await deps.generations.adoptLost((owner) => watch.isLost(owner));
    }
    await deps.generations.sweepLogs();
  }
  return { close: () => cancel() };
}

// backend/src/outbound/create-outbound-client.ts
import { Agent } from "undici";

// backend/src/outbound/create-connector.ts
import { lookup } from "node:dns";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";

// backend/src/outbound/resting-socket.ts
import { Duplex as Duplex2 } from "node:stream";
var immediateReads = 4;
var bulkBytes = 4096;
var bufferBytes = 16384;
var RestingSocket = class extends Duplex2 {
  #wire;
  #rhythm;
  #freshReads = 0;
  #isFull = false;
  constructor(deps) {
    super({ readableHighWaterMark: 65536 });
    this.#rhythm = deps.rhythm;
    this.#wire = deps.connect({
      buffer: Buffer.allocUnsafeSlow(bufferBytes),
      callback: (count, buffer) => this.#receive(count, buffer)
    });
    this.#wire.on("end", () => this.push(null));
    this.#wire.on("error", (error) => this.destroy(error));
    this.#wire.on("close", () => this.destroy());
  }
  #receive(count, buffer) {
    const wantsMore = this.push(Buffer.from(buffer.subarray(0, count)));
    if (!wantsMore) {
      this.#isFull = true;
      this.#wire.pause();
    } else if (this.#freshReads > 0) {
      this.#freshReads -= 1;
    } else if (count < bulkBytes) {
      this.#wire.pause();
      this.#rhythm.atNextBeat(this.#readOn);
    }
    return true;
  }
  #readOn = () => {
    if (!this.#isFull && !this.destroyed) this.#wire.resume();
  };
  _read() {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#wire.resume();
  }
  _write(chunk, encoding, done) {
    this.#freshReads = immediateReads;
    this.#wire.write(chunk, encoding, done);
  }
  _writev(chunks, done) {
    this.#freshReads = immediateReads;
    this.#wire.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }
  _final(done) {
    this.#wire.end(done);
  }
  _destroy(error, done) {
    this.#wire.destroy();
    done(error);
  }
  ref() {
    this.#wire.ref();
    return this;
  }
  unref() {
    this.#wire.unref();
    return this;
  }
};

// backend/src/outbound/create-connector.ts
function createCheckedLookup(urlGuard, host) {
  return (hostname2, options, callback) => {
    lookup(hostname2, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? findRefusal(urlGuard, host, addresses);
      const first = addresses?.[0];
      if (refusal || !first) callback(refusal, "", 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
function findRefusal(urlGuard, host, addresses) {
  try {
    for (const { address } of addresses) urlGuard.checkAddress(host, address);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error("refused", { cause: error });
  }
}
function createConnector(deps) {
  const tlsSessions = /* @__PURE__ */ new Map();
  function openTls(options, host, onread) {
    const key = `${host.hostname} ${host.port}`;
    const session = tlsSessions.get(key);
    const servername = options.servername ?? (isIP(host.hostname) === 0 ? host.hostname : "");
    const socket = connectTls({
      ...toSocketOptions(host, onread),
      ALPNProtocols: ["http/1.1"],
      ...servername === "" ? {} : { servername },
      ...session ? { session } : {}
    });
    return socket.on("session", (fresh) => tlsSessions.set(key, fresh));
  }
  function toSocketOptions(host, onread) {
    return {
      host: host.hostname,
      port: host.port,
      onread,
      lookup: createCheckedLookup(deps.urlGuard, host),
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 6e4
    };
  }
  function openSocket(options, onConnect) {
    const isTls = options.protocol === "https:";
    const host = { hostname: options.hostname, port: Number(options.port) || (isTls ? 443 : 80) };
    if (isIP(host.hostname) !== 0) deps.urlGuard.checkAddress(host, host.hostname);
    return new RestingSocket({
      rhythm: deps.rhythm,
      connect(onread) {
        if (isTls) return openTls(options, host, onread).once("secureConnect", onConnect);
        return connectTcp(toSocketOptions(host, onread)).once("connect", onConnect);
      }
    });
  }
  return (options, callback) => {
    let isSettled = false;
    const settle = (error) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      if (error) callback(error, null);
      else callback(null, socket);
    };
    const socket = openSocket(options, () => settle(null));
    const timer = setTimeout(() => socket.destroy(new Error("connect timeout")), deps.connectTimeoutMs);
    timer.unref();
    socket.on("error", settle);
    socket.on("close", () => settle(new Error("closed before it was connected")));
  };
}

// backend/src/outbound/response-text.ts
var maxQueuedBytes = 1048576;
var ResponseText = class {
  #rhythm;
  #flow;
  #onReturn;
  #decoder = new TextDecoder();
  #chunks = [];
  #queuedBytes = 0;
  #isPaused = false;
  #isEnded = false;
  #isScheduled = false;
  #error = null;
  #pending = null;
  constructor(deps) {
    this.#rhythm = deps.rhythm;
    this.#flow = deps.flow;
    this.#onReturn = deps.onReturn;
  }
  /** More bytes; after the end they are dropped. */
  add(chunk) {
    if (this.#isEnded) return;
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes > maxQueuedBytes && !this.#isPaused) {
      this.#isPaused = true;
      this.#flow.pause();
    }
    this.#schedule();
  }
  /** The body is complete, or broken when `error` is given. What came before it is still delivered. */
  end(error) {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#schedule();
  }
  /** Drops what is unread and ends now. */
  discard(error) {
    this.#chunks = [];
    this.end(error);
    this.#deliver();
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#deliver();
    });
  }
  return() {
    this.#onReturn();
    return Promise.resolve({ value: void 0, done: true });
  }
  #schedule() {
    if (this.#isScheduled || !this.#pending) return;
    this.#isScheduled = true;
    this.#rhythm.afterReads(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }
  #deliver() {
    const pending = this.#pending;
    if (!pending) return;
    const text = this.#takeText();
    if (text !== "") {
      this.#pending = null;
      pending.resolve({ value: text, done: false });
    } else if (this.#isEnded) {
      this.#pending = null;
      if (this.#error) pending.reject(this.#error);
      else pending.resolve({ value: void 0, done: true });
    }
  }
  #takeText() {
    const chunks = this.#chunks;
    const [first] = chunks;
    if (!first) return this.#isEnded && !this.#error ? this.#decoder.decode() : "";
    this.#chunks = [];
    this.#queuedBytes = 0;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#flow.resume();
    }
    return this.#decoder.decode(chunks.length === 1 ? first : Buffer.concat(chunks), { stream: true });
  }
};

// backend/src/outbound/exchange.ts
function toHeaderRecord(headers) {
  const record = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== void 0) record[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return record;
}
function toAbortError() {
  return new DOMException("The request was aborted.", "AbortError");
}
function toReason(error) {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
var Exchange = class {
  /** The response head; see OutboundClient.openStream for its errors. */
  head;
  #signal;
  #text;
  #connectTimer;
  #settleHead = null;
  #controller = null;
  #isOver = false;
  constructor(deps) {
    this.#signal = deps.signal;
    this.head = new Promise((resolve, reject) => {
      this.#settleHead = { resolve, reject };
    });
    this.#text = new ResponseText({
      rhythm: deps.rhythm,
      flow: { pause: () => this.#controller?.pause(), resume: () => this.#controller?.resume() },
      onReturn: () => this.#giveUp(null)
    });
    this.#connectTimer = setTimeout(() => {
      this.#giveUp(new AppError("upstream_no_content", { details: { phase: "connect" } }));
    }, deps.connectMs);
    deps.signal.addEventListener("abort", this.#onAbort, { once: true });
  }
  #onAbort = () => this.#giveUp(toAbortError());
  /** The request is about to be written: there is a connection. */
  onRequestStart(controller) {
    this.#controller = controller;
    clearTimeout(this.#connectTimer);
    if (this.#isOver) controller.abort(new Error("given up"));
  }
  onResponseStart(_controller, status, headers) {
    if (status < 200) return;
    const close = () => this.#giveUp(null);
    this.#settleHead?.resolve({ status, headers: toHeaderRecord(headers), text: this.#text, close });
    this.#settleHead = null;
  }
  onResponseData(_controller, chunk) {
    this.#text.add(chunk);
  }
  onResponseEnd() {
    this.#finish();
    this.#text.end(null);
  }
  onResponseError(_controller, error) {
    if (this.#isOver) return;
    this.#finish();
    if (this.#settleHead) this.#settleHead.reject(this.#toHeadError(error));
    else this.#text.end(new AppError("upstream_truncated", { cause: error, details: { phase: "body" } }));
  }
  #toHeadError(error) {
    if (error instanceof AppError) return error;
    const reason = toReason(error);
    if (reason === "UND_ERR_INVALID_ARG") {
      return new AppError("upstream_rejected", { message: "The request to the agent is not valid HTTP.", cause: error });
    }
    const phase = this.#controller ? "headers" : "connect";
    return new AppError("upstream_unreachable", { cause: error, details: { phase, reason } });
  }
  /** Ends from our side. `error` null: the reader wants no more and is told nothing. */
  #giveUp(error) {
    if (this.#isOver) return;
    this.#finish();
    if (error) this.#settleHead?.reject(error);
    this.#settleHead = null;
    this.#text.discard(error);
    this.#controller?.abort(error ?? new Error("closed by the reader"));
  }
  #finish() {
    this.#isOver = true;
    clearTimeout(this.#connectTimer);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
};

// backend/src/outbound/read-rhythm.ts
function createReadRhythm(options) {
  let waiting = [];
  let reading = [];
  let timer = null;
  let immediate = null;
  function beat() {
    timer = null;
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  }
  function deliver() {
    immediate = null;
    const callbacks = reading;
    reading = [];
    for (const callback of callbacks) callback();
  }
  return {
    atNextBeat(callback) {
      waiting.push(callback);
      timer ??= setTimeout(beat, options.gatherMs - performance.now() % options.gatherMs);
    },
    afterReads(callback) {
      reading.push(callback);
      immediate ??= setImmediate(deliver);
    },
    stop() {
      if (timer) clearTimeout(timer);
      if (immediate) clearImmediate(immediate);
      beat();
      deliver();
    }
  };
}

// backend/src/outbound/create-outbound-client.ts
var connectTimeoutMs = 15e3;
function createOutboundClient(deps) {
  const rhythm = createReadRhythm({ gatherMs: deps.gatherMs ?? 25 });
  const agent = new Agent({
    connect: createConnector({ urlGuard: deps.urlGuard, rhythm, connectTimeoutMs }),
    connections: deps.maxConnections ?? 4096,
    pipelining: 1,
    bodyTimeout: 0,
    headersTimeout: 0
  });
  function checkUrl(text) {
    try {
      return deps.urlGuard.checkUrl(text);
    } catch (error) {
      deps.logger.warn({ err: error }, "outbound request refused");
      throw error;
    }
  }
  async function openStream(request, options) {
    const url = checkUrl(request.url);
    if (options.signal.aborted) throw toAbortError();
    const exchange = new Exchange({ rhythm, signal: options.signal, connectMs: options.connectMs });
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { "accept-encoding": "identity", ...request.headers },
        body: request.body ?? null
      },
      exchange
    );
    return exchange.head;
  }
  async function send3(request, options) {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), options.totalMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal;
    try {
      const stream = await openStream(request, { signal, connectMs: options.totalMs });
      const body = await readBody(stream, options.maxBytes);
      return { status: stream.status, headers: stream.headers, body };
    } catch (error) {
      if (deadline.signal.aborted) throw new AppError("upstream_deadline", { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    openStream,
    send: send3,
    async close() {
      await agent.destroy();
      rhythm.stop();
    }
  };
}
async function readBody(stream, maxBytes) {
  let body = "";
  let readBytes = 0;
  for await (const text of stream.text) {
    body += text;
    readBytes += Buffer.byteLength(text);
    if (readBytes >= maxBytes) break;
  }
  if (readBytes <= maxBytes) return body;
  return new TextDecoder().decode(Buffer.from(body).subarray(0, maxBytes), { stream: true });
}

// backend/src/outbound/url-guard.ts
import { isIP as isIP2 } from "node:net";
import ipaddr3 from "ipaddr.js";
function toHostname(text) {
  return text.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
function toHostPort(hostname2, port) {
  return `${toHostname(hostname2)} ${port}`;
}
function matchesSuffix(hostname2, entry) {
  return entry.startsWith("*.") && hostname2.endsWith(entry.slice(1)) && hostname2.length > entry.length - 1;
}
function parseEntry(entry) {
  const withPort = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(entry.trim());
  if (withPort?.[1] === void 0) return { hostname: toHostname(entry.trim()), port: null };
  return { hostname: toHostname(withPort[1]), port: Number(withPort[2]) };
}
function isPublicAddress(address) {
  return ipaddr3.isValid(address) && ipaddr3.parse(address).range() === "unicast";
}
function createUrlGuard(deps) {
  const entries = deps.allowedHosts.map(parseEntry).filter((entry) => entry.hostname !== "");
  const allowedPairs = /* @__PURE__ */ new Set();
  function isListed(host) {
    const hostname2 = toHostname(host.hostname);
    if (allowedPairs.has(toHostPort(hostname2, host.port))) return true;
    return entries.some(
      (entry) => (entry.port === null || entry.port === host.port) && (entry.hostname === hostname2 || matchesSuffix(hostname2, entry.hostname))
    );
  }
  function checkAddress(host, address) {
    if (isListed(host) || isPublicAddress(address)) return;
    throw new AppError("outbound_blocked", { details: { host: host.hostname, port: host.port } });
  }
  return {
    checkAddress,
    checkUrl(text) {
      const url = URL.canParse(text) ? new URL(text) : null;
      const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
      if (!url || !isHttp) throw new AppError("outbound_blocked", { message: "Only http and https URLs are allowed." });
      if (url.username !== "" || url.password !== "") {
        throw new AppError("outbound_blocked", { message: "A URL must not carry credentials." });
      }
      const host = toOutboundHost(url);
      if (isIP2(host.hostname) !== 0) checkAddress(host, host.hostname);
      return url;
    },
    allowHostPort(hostname2, port) {
      allowedPairs.add(toHostPort(hostname2, port));
    }
  };
}
function toOutboundHost(url) {
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  return { hostname: toHostname(url.hostname), port: url.port === "" ? defaultPort : Number(url.port) };
}

// backend/src/providers/anthropic/abilities.ts
var abilities = { isStateful: false, needsStopRequest: false, readOnMs: 0 };

// backend/src/providers/cut-text.ts
function cutText(text, maxCharacters) {
  if (text.length <= maxCharacters) return text;
  const end = maxCharacters - 1;
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return `${text.slice(0, isPair ? end - 1 : end)}\u2026`;
}

// backend/src/providers/lenient-json.ts
var emptyRecord = {};
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function toRecord(value) {
  return isRecord(value) ? value : emptyRecord;
}
function toRecords(value) {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
function toText2(value) {
  return typeof value === "string" ? value : "";
}
function toCount(value) {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
function toPreview(value, maxCharacters) {
  if (value === null || value === void 0) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return cutText(text, maxCharacters);
}

// backend/src/providers/anthropic/can-continue.ts
function acceptsPrefill(model) {
  const old = /claude-(\d)(?:[-.](\d))?-(?:opus|sonnet|haiku)/.exec(model);
  const named = /claude-(?:opus|sonnet|haiku)-(\d+)(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
  const [, major, minor] = named ?? old ?? [];
  if (major === void 0) return false;
  return Number(major) < 4 || Number(major) === 4 && Number(minor ?? 0) <= 5;
}
function canContinue(target) {
  const thinking = toText2(toRecord(toRecord(target.options["extraBody"])["thinking"])["type"]);
  if (thinking !== "" && thinking !== "disabled") return false;
  const flag = target.options["canContinue"];
  return typeof flag === "boolean" ? flag : acceptsPrefill(target.model ?? "");
}

// backend/src/providers/continuation.ts
function toPrefill(continueFrom) {
  const text = continueFrom?.trimEnd() ?? "";
  if (continueFrom === null || text === "") return null;
  let expected = continueFrom.slice(text.length);
  return {
    text,
    dropRepeat(delta) {
      let dropped = 0;
      while (dropped < delta.length && expected !== "" && delta[dropped] === expected[0]) {
        expected = expected.slice(1);
        dropped += 1;
      }
      if (dropped < delta.length) expected = "";
      return delta.slice(dropped);
    }
  };
}

// backend/src/outbound/sse-decoder.ts
import { createParser } from "eventsource-parser";
var maxEventCharacters = 8 * 1048576;
function createSseDecoder(options = {}) {
  let events = [];
  let isOverflowed = false;
  const parser = createParser({
    maxBufferSize: options.maxCharacters ?? maxEventCharacters,
    onEvent(message) {
      if (message.data === "") return;
      events.push({ event: message.event ?? "", data: message.data, id: message.id ?? null });
    },
    onError(error) {
      if (error.type === "max-buffer-size-exceeded") isOverflowed = true;
    }
  });
  function push(text) {
    if (isOverflowed) return [];
    parser.feed(text);
    const complete2 = events;
    events = [];
    return complete2;
  }
  return { push, end: () => push("\n\n"), hasOverflowed: () => isOverflowed };
}

// backend/src/providers/provider-failure.ts
var maxMessageCharacters = 300;
function toFailure(code, fields2 = {}) {
  const message = fields2.message === void 0 ? "" : toCleanText(fields2.message);
  return {
    isRetryable: errorCatalogue[code].isRetryable,
    ...fields2,
    code,
    message: message === "" ? errorCatalogue[code].message : message
  };
}
function toFailurePart(code, fields2 = {}) {
  return { type: "failure", failure: toFailure(code, fields2) };
}
var keyPattern = /\b(?:sk|pk|app|fastgpt|pat|gsk|xai|key)-[\w*.-]{6,}|\bBearer\s+\S+/gi;
function toCleanText(text) {
  const readable = /<[a-z!/][^>]*>/i.test(text) ? text.replace(/<(script|style|head)\b[\s\S]*?(<\/\1>|$)/gi, findTitle).replace(/<[^>]*(>|$)/g, " ").replace(/&(nbsp|#160);/g, " ") : text;
  const flat = readable.replace(keyPattern, "[key]").replace(/[\s\p{Cc}]+/gu, " ").trim();
  return cutText(flat, maxMessageCharacters);
}
function findTitle(head) {
  return ` ${/<title[^>]*>([^<]*)/i.exec(head)?.[1] ?? ""} `;
}
function findErrorMessage(body) {
  const value = parseJson(body);
  if (value === void 0) return toCleanText(body.slice(0, 4096));
  if (!isRecord(value)) return "";
  const error = toRecord(value["error"]);
  const detail = toRecords(value["detail"]).map((item) => toText2(item["msg"]));
  const candidates = [
    toText2(error["message"]),
    toText2(value["error"]),
    toText2(value["message"]),
    toText2(value["msg"]),
    toText2(value["detail"]),
    detail.join(" ")
  ];
  return toCleanText(candidates.find((text) => text !== "") ?? "");
}
function isMarkup(body) {
  return /^\s*<(!doctype|html|head|body|\?xml)/i.test(body);
}

// backend/src/providers/decode-events.ts
function appendPart(parts, part) {
  if (part.type !== "text" && part.type !== "reasoning") {
    parts.push(part);
    return;
  }
  if (part.delta === "") return;
  const last = parts.at(-1);
  if (last?.type === part.type) last.delta += part.delta;
  else parts.push({ ...part });
}
function createEventDecoder(reader) {
  const sse = createSseDecoder();
  let hasFailed = false;
  let hasFinished = false;
  let parts = [];
  function emit(part) {
    if (hasFailed) return;
    if (part.type === "failure") {
      if (hasFinished) return;
      hasFailed = true;
    }
    if (part.type === "finish") {
      if (hasFinished) return;
      hasFinished = true;
    }
    appendPart(parts, part);
  }
  function readAll(events, isRest) {
    for (const event of events) {
      if (hasFailed || reader.isFinished()) return;
      if (!reader.read(event, emit) && !isRest) {
        emit(toFailurePart("upstream_bad_response", { message: "The agent sent an event that is not valid JSON." }));
      }
    }
  }
  function takeParts2() {
    reader.afterPiece?.(emit);
    const taken = parts;
    parts = [];
    return taken;
  }
  return {
    push(text) {
      readAll(sse.push(text), false);
      if (sse.hasOverflowed()) {
        emit(toFailurePart("upstream_bad_response", { message: "The agent sent an event that is too large." }));
      }
      return takeParts2();
    },
    end() {
      readAll(sse.end(), true);
      if (!hasFailed) reader.end?.(emit);
      return takeParts2();
    },
    isFinished: () => hasFailed || reader.isFinished()
  };
}

// backend/src/providers/openai/tool-calls.ts
function toToolInput(text) {
  if (text.trim() === "") return {};
  return parseJson(text) ?? text;
}
function createToolCalls(options) {
  const calls = [];
  function findCall(delta, position) {
    const id = toText2(delta["id"]);
    const index = delta["index"];
    if (typeof index === "number") {
      const call = calls.findLast((known) => known.index === index);
      const hasName = toText2(toRecord(delta["function"])["name"]) !== "";
      const isOther = call !== void 0 && id !== "" && call.id !== "" && call.id !== id && hasName;
      return isOther ? void 0 : call;
    }
    if (id !== "") return calls.find((known) => known.id === id);
    return calls[position] ?? calls.at(-1);
  }
  function openCall(delta) {
    const index = typeof delta["index"] === "number" ? delta["index"] : null;
    const call = { index, id: toText2(delta["id"]), name: "", input: "", isStarted: false };
    calls.push(call);
    return call;
  }
  function start(call, emit) {
    if (call.id === "") call.id = `call_${options.answerId}_${calls.indexOf(call)}`;
    call.isStarted = true;
    emit({ type: "tool-input-start", toolCallId: call.id, toolName: call.name });
    if (call.input !== "") emit({ type: "tool-input-delta", toolCallId: call.id, delta: call.input });
  }
  return {
    push(delta, position, emit) {
      const call = findCall(delta, position) ?? openCall(delta);
      const custom = toRecord(delta["custom"]);
      const called = toRecord(delta["function"]);
      if (call.id === "") call.id = toText2(delta["id"]);
      const piece = toArguments(called["arguments"]) + toText2(custom["input"]);
      call.input += piece;
      if (call.isStarted) {
        if (piece !== "") emit({ type: "tool-input-delta", toolCallId: call.id, delta: piece });
        return;
      }
      call.name += toText2(called["name"]) || toText2(custom["name"]);
      if (call.name !== "") start(call, emit);
    },
    /** All calls are complete. */
    end(emit) {
      for (const call of calls.splice(0)) {
        if (!call.isStarted) continue;
        emit({ type: "tool-input", toolCallId: call.id, toolName: call.name, input: toToolInput(call.input) });
      }
    }
  };
}
function toArguments(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : toText2(value);
}

// backend/src/providers/find-retry-after.ts
var maxRetryAfterMs2 = 36e5;
function findRetryAfterMs(headers, body) {
  const nowMs = findDateMs(headers["date"]) ?? Date.now();
  const found = toPositive(headers["retry-after-ms"], 1) ?? toPositive(headers["retry-after"], 1e3) ?? toDelayMs(findDateMs(headers["retry-after"]), nowMs) ?? findRetryInfoMs(body) ?? findResetMs(headers, nowMs);
  return found === void 0 ? void 0 : Math.min(Math.round(found), maxRetryAfterMs2);
}
function toPositive(text, unitMs) {
  if (text === void 0 || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return void 0;
  return Number(text) * unitMs;
}
function findDateMs(text) {
  const parsedMs = text === void 0 ? Number.NaN : Date.parse(text);
  return Number.isNaN(parsedMs) ? void 0 : parsedMs;
}
function toDelayMs(atMs, nowMs) {
  return atMs === void 0 ? void 0 : Math.max(0, atMs - nowMs);
}
function findRetryInfoMs(body) {
  const details = toRecords(toRecord(toRecord(body)["error"])["details"]);
  const delay = details.map((detail) => toText2(detail["retryDelay"])).find((text) => text !== "");
  return delay === void 0 ? void 0 : toDurationMs(delay);
}
var unitsMs = { h: 36e5, m: 6e4, s: 1e3, ms: 1 };
function toDurationMs(text) {
  const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (pieces.length === 0) return void 0;
  return pieces.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ""] ?? 0), 0);
}
function findResetMs(headers, nowMs) {
  const delays = Object.entries(headers).flatMap(([name, value]) => {
    const openai = /^x-ratelimit-reset-(.+)$/.exec(name);
    if (openai) return headers[`x-ratelimit-remaining-${openai[1] ?? ""}`] === "0" ? [toDurationMs(value)] : [];
    const anthropic = /^anthropic-ratelimit-(.+)-reset$/.exec(name);
    if (!anthropic || headers[`anthropic-ratelimit-${anthropic[1] ?? ""}-remaining`] !== "0") return [];
    return [toDelayMs(findDateMs(value), nowMs)];
  });
  const known = delays.filter((delay) => delay !== void 0);
  return known.length === 0 ? void 0 : Math.max(...known);
}

// backend/src/providers/map-status.ts
function mapStatus(status) {
  if (status >= 500) return { code: "upstream_failed", isRetryable: true };
  switch (status) {
    case 401:
    case 403:
      return { code: "upstream_auth", isRetryable: false };
    case 402:
      return { code: "upstream_quota", isRetryable: false };
    case 404:
      return { code: "upstream_not_found", isRetryable: false };
    case 408:
    case 409:
    case 425:
      return { code: "upstream_failed", isRetryable: true };
    case 429:
      return { code: "upstream_rate_limited", isRetryable: true };
    default:
      if (status >= 300) return { code: "upstream_rejected", isRetryable: false };
      return { code: "upstream_bad_response", isRetryable: true };
  }
}

// backend/src/providers/openai/map-error.ts
var namedVerdicts = [
  [/context_length_exceeded/, no("upstream_context_too_long")],
  [/content_filter|content_policy|_policy_violation|bio_policy/, no("upstream_content_filter")],
  [/insufficient_quota|billing|credit|spend_limit|insufficient_balance/, no("upstream_quota")],
  [/invalid_api_key|authentication|permission|unauthorized/, no("upstream_auth")],
  [/model_not_found|not_found_error/, no("upstream_not_found")],
  [/rate_limit/, { code: "upstream_rate_limited", isRetryable: true }],
  [/server_error|overloaded|timeout|insufficient_system_resource|unavailable|api_error/, retry()]
];
var messageVerdicts = [
  [/maximum context length|context window|prompt is too long/, no("upstream_context_too_long")],
  [/exceeded your current quota|insufficient balance/, no("upstream_quota")]
];
var vagueVerdict = [
  /invalid_request|invalid_prompt|invalid_image|unsupported|bad_?request|invalid_value/,
  no("upstream_rejected")
];
function no(code) {
  return { code, isRetryable: false };
}
function retry() {
  return { code: "upstream_failed", isRetryable: true };
}
function findVerdict(error) {
  const name = `${toText2(error["code"])} ${toText2(error["type"])}`.toLowerCase();
  const message = toText2(error["message"]).toLowerCase();
  const named = namedVerdicts.find(([pattern]) => pattern.test(name));
  const said = messageVerdicts.find(([pattern]) => pattern.test(message));
  const vague = vagueVerdict[0].test(name) ? vagueVerdict : void 0;
  return (named ?? said ?? vague)?.[1] ?? null;
}
function findErrorObject(value) {
  if (!isRecord(value)) return {};
  if (isRecord(value["error"])) return value["error"];
  return typeof value["error"] === "string" ? { message: value["error"] } : value;
}
function mapStreamError(value) {
  const error = findErrorObject(value);
  const status = Number(error["code"] ?? error["status"]);
  const byStatus = status >= 400 && status < 600 ? mapStatus(status) : retry();
  return toFailure((findVerdict(error) ?? byStatus).code, {
    isRetryable: (findVerdict(error) ?? byStatus).isRetryable,
    message: toText2(error["message"])
  });
}
var clearStatuses = /* @__PURE__ */ new Set([401, 403, 404, 408, 409]);
function toHttpFailure(response) {
  const { status, headers, body } = response;
  const value = parseJson(body);
  const byStatus = mapStatus(status);
  const byBody = isRecord(value) && !clearStatuses.has(status) ? findVerdict(findErrorObject(value)) : null;
  const verdict = byBody ?? byStatus;
  const retryAfterMs = findRetryAfterMs(headers, value);
  const shouldRetry = headers["x-should-retry"];
  return toFailure(verdict.code, {
    status,
    message: toResponseMessage(status, body),
    isRetryable: shouldRetry === "true" || shouldRetry !== "false" && verdict.isRetryable,
    ...retryAfterMs === void 0 ? {} : { retryAfterMs }
  });
}
function toResponseMessage(status, body) {
  if (status >= 300 && status < 400) return `The agent answered with a redirect (${status}), which is not followed.`;
  const said = findErrorMessage(body);
  if (isMarkup(body)) return `The agent answered with a web page (${status}): ${said}`;
  return said === "" ? `The agent answered with status ${status}.` : said;
}

// backend/src/providers/anthropic/map-error.ts
var verdicts = {
  invalid_request_error: { code: "upstream_rejected", isRetryable: false },
  authentication_error: { code: "upstream_auth", isRetryable: false },
  billing_error: { code: "upstream_quota", isRetryable: false },
  permission_error: { code: "upstream_auth", isRetryable: false },
  not_found_error: { code: "upstream_not_found", isRetryable: false },
  conflict_error: { code: "upstream_failed", isRetryable: true },
  request_too_large: { code: "upstream_context_too_long", isRetryable: false },
  rate_limit_error: { code: "upstream_rate_limited", isRetryable: true },
  api_error: { code: "upstream_failed", isRetryable: true },
  timeout_error: { code: "upstream_failed", isRetryable: true },
  overloaded_error: { code: "upstream_failed", isRetryable: true }
};
var spendLimits = /* @__PURE__ */ new Set(["enforced_spend_limit_reached", "contract_spend_limit_reached"]);
function findVerdict2(error) {
  if (spendLimits.has(toText2(toRecord(error["details"])["error_code"]))) {
    return { code: "upstream_quota", isRetryable: false };
  }
  const type = toText2(error["type"]);
  if (type === "invalid_request_error" && /prompt is too long/i.test(toText2(error["message"]))) {
    return { code: "upstream_context_too_long", isRetryable: false };
  }
  return verdicts[type] ?? null;
}
function mapStreamError2(data) {
  const error = toRecord(data["error"]);
  const verdict = findVerdict2(error) ?? { code: "upstream_failed", isRetryable: true };
  return toFailure(verdict.code, { isRetryable: verdict.isRetryable, message: toText2(error["message"]) });
}
function toHttpFailure2(response) {
  const { status, headers, body } = response;
  const value = parseJson(body);
  const verdict = findVerdict2(toRecord(toRecord(value)["error"])) ?? mapStatus(status);
  const retryAfterMs = findRetryAfterMs(headers, value);
  const shouldRetry = headers["x-should-retry"];
  return toFailure(verdict.code, {
    status,
    message: toResponseMessage(status, body),
    isRetryable: shouldRetry === "true" || shouldRetry !== "false" && verdict.isRetryable,
    ...retryAfterMs === void 0 ? {} : { retryAfterMs }
  });
}

// backend/src/providers/anthropic/map-finish.ts
var reasons = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool-calls",
  refusal: "content-filter"
};
function mapFinish(stopReason) {
  return reasons[stopReason] ?? "other";
}

// backend/src/providers/anthropic/map-usage.ts
function mapUsage(usage, previous) {
  if (!isRecord(usage)) return previous;
  const inputTokens = toCount(usage["input_tokens"]) + toCount(usage["cache_creation_input_tokens"]) + toCount(usage["cache_read_input_tokens"]);
  return {
    inputTokens: inputTokens > 0 ? inputTokens : previous?.inputTokens ?? 0,
    outputTokens: toCount(usage["output_tokens"]) || (previous?.outputTokens ?? 0)
  };
}

// backend/src/providers/anthropic/decode.ts
function createDecoder(call) {
  return createEventDecoder(createMessageReader(call));
}
function createMessageReader(call) {
  const prefill = toPrefill(call.continueFrom);
  const sources = /* @__PURE__ */ new Set();
  let toolUses = /* @__PURE__ */ new Map();
  let usage = null;
  let stopReason = "";
  let hasContent = false;
  let isStopped = false;
  function readStart(message, emit) {
    if (hasContent) emit({ type: "superseded", reason: "The agent began its answer anew." });
    hasContent = false;
    toolUses = /* @__PURE__ */ new Map();
    usage = mapUsage(message["usage"], null);
    const id = toText2(message["id"]);
    if (id !== "") emit({ type: "ids", ids: { messageId: id } });
  }
  function readBlockStart(index, block, emit) {
    const type = toText2(block["type"]);
    const id = toText2(block["id"]);
    const name = toText2(block["name"]);
    if (type === "text") emitText(toText2(block["text"]), emit);
    else if (type === "thinking") emit({ type: "reasoning", delta: toText2(block["thinking"]) });
    else if (type === "tool_use") {
      toolUses.set(index, { id, name, input: "" });
      emit({ type: "tool-input-start", toolCallId: id, toolName: name });
    } else if (type === "server_tool_use" || type === "mcp_tool_use") {
      emit({ type: "step", stepId: id, step: { name, kind: "tool", status: "running" } });
    } else if (type.endsWith("_tool_result")) readToolResult(type, block, emit);
  }
  function readToolResult(type, block, emit) {
    const hasError = toText2(toRecord(block["content"])["type"]).endsWith("_error") || block["is_error"] === true;
    const status = hasError ? "failed" : "done";
    const name = type.replace(/_tool_result$/, "");
    emit({ type: "step", stepId: toText2(block["tool_use_id"]), step: { name, kind: "tool", status } });
    for (const result of toRecords(block["content"])) emitSource(result, emit);
  }
  function emitSource(source, emit) {
    const url = toText2(source["url"]);
    const title = toText2(source["title"]) || toText2(source["document_title"]);
    const sourceId = url || title;
    if (sourceId === "" || sources.has(sourceId)) return;
    sources.add(sourceId);
    emit({ type: "source", sourceId, title: title || url, ...url === "" ? {} : { url } });
  }
  function emitText(delta, emit) {
    emit({ type: "text", delta: prefill ? prefill.dropRepeat(delta) : delta });
  }
  function readBlockDelta(index, delta, emit) {
    switch (delta["type"]) {
      case "text_delta":
        emitText(toText2(delta["text"]), emit);
        return;
      case "thinking_delta":
        emit({ type: "reasoning", delta: toText2(delta["thinking"]) });
        return;
      case "citations_delta":
        emitSource(toRecord(delta["citation"]), emit);
        return;
      case "input_json_delta":
        addInput(toolUses.get(index), toText2(delta["partial_json"]), emit);
        return;
      default:
    }
  }
  function addInput(toolUse, delta, emit) {
    if (!toolUse || delta === "") return;
    toolUse.input += delta;
    emit({ type: "tool-input-delta", toolCallId: toolUse.id, delta });
  }
  function readBlockStop(index, emit) {
    const toolUse = toolUses.get(index);
    if (!toolUse) return;
    toolUses.delete(index);
    const { id, name, input } = toolUse;
    emit({ type: "tool-input", toolCallId: id, toolName: name, input: toToolInput(input) });
  }
  function readStop(emit) {
    isStopped = true;
    if (usage) emit({ type: "usage", usage });
    emit({ type: "finish", reason: mapFinish(stopReason) });
  }
  function readEvent(type, data, emit) {
    switch (type) {
      case "message_start":
        readStart(toRecord(data["message"]), emit);
        return;
      case "content_block_start":
        readBlockStart(data["index"], toRecord(data["content_block"]), emit);
        return;
      case "content_block_delta":
        readBlockDelta(data["index"], toRecord(data["delta"]), emit);
        return;
      case "content_block_stop":
        readBlockStop(data["index"], emit);
        return;
      case "message_delta":
        stopReason = toText2(toRecord(data["delta"])["stop_reason"]) || stopReason;
        usage = mapUsage(data["usage"], usage);
        return;
      case "message_stop":
        readStop(emit);
        return;
      case "error":
        emit({ type: "failure", failure: mapStreamError2(data) });
        return;
      default:
    }
  }
  return {
    read(event, emit) {
      const data = parseJson(event.data);
      if (!isRecord(data)) return event.data.trim() === "[DONE]";
      readEvent(toText2(data["type"]) || event.event, data, (part) => {
        hasContent ||= isContentPart(part);
        emit(part);
      });
      return true;
    },
    end(emit) {
      if (usage && !isStopped) emit({ type: "usage", usage });
    },
    isFinished: () => isStopped
  };
}

// backend/src/providers/provider-request.ts
function toStreamRequest(url, headers, body) {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
    body: JSON.stringify(body)
  };
}
function toJsonRequest(url, headers, body) {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    body: JSON.stringify(body)
  };
}
function toBearerHeaders(apiKey) {
  return apiKey === null || apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };
}

// backend/src/providers/anthropic/to-messages.ts
function toImageBlock(url) {
  const inline = /^data:([^;,]+);base64,(.+)$/s.exec(url);
  if (!inline) return { type: "image", source: { type: "url", url } };
  return { type: "image", source: { type: "base64", media_type: inline[1], data: inline[2] } };
}
function toTextBlocks(text) {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}
function toBlocks(content) {
  if (typeof content === "string") return toTextBlocks(content);
  return toRecords(content).flatMap((part) => {
    if (part["type"] === "image_url") return [toImageBlock(toText2(toRecord(part["image_url"])["url"]))];
    return toTextBlocks(toText2(part["text"]));
  });
}
function toToolUse(call) {
  const called = toRecord(call["function"]);
  const input = parseJson(toText2(called["arguments"]));
  return { type: "tool_use", id: toText2(call["id"]), name: toText2(called["name"]), input: toRecord(input) };
}
function toRawMessage(turn, raw) {
  if (turn.role === "tool") {
    const result = { type: "tool_result", tool_use_id: toText2(raw["tool_call_id"]), content: toBlocks(raw["content"]) };
    return { role: "user", content: [result] };
  }
  const role = turn.role === "assistant" ? "assistant" : "user";
  return { role, content: [...toBlocks(raw["content"]), ...toRecords(raw["tool_calls"]).map(toToolUse)] };
}
function toMessage(turn) {
  if (isRecord(turn.raw)) return toRawMessage(turn, turn.raw);
  return { role: turn.role === "assistant" ? "assistant" : "user", content: turn.content };
}
function isEmpty(message) {
  return typeof message.content === "string" ? message.content.trim() === "" : message.content.length === 0;
}
function toMessages(turns) {
  const messages = turns.filter((turn) => turn.role !== "system").map(toMessage);
  return messages.filter((message) => !isEmpty(message));
}
function toSystem(systemPrompt, turns) {
  const prompts = turns.filter((turn) => turn.role === "system").map((turn) => turn.content);
  return [systemPrompt ?? "", ...prompts].filter((prompt) => prompt.trim() !== "").join("\n\n");
}

// backend/src/providers/anthropic/to-request.ts
var defaultVersion = "2023-06-01";
var versionWithoutSampling = "2026-10-21";
var defaultMaxTokens = 8192;
function getVersion(target) {
  return toText2(target.options["apiVersion"]) || defaultVersion;
}
function toHeaders(target) {
  const key = target.apiKey ?? "";
  const beta = toText2(target.options["beta"]);
  return {
    "anthropic-version": getVersion(target),
    ...beta === "" ? {} : { "anthropic-beta": beta },
    ...key.startsWith("sk-ant-oat") ? { authorization: `Bearer ${key}` } : { "x-api-key": key }
  };
}
function toTool(tool) {
  const described = isRecord(tool["function"]) ? tool["function"] : tool;
  return {
    name: described["name"],
    ...described["description"] === void 0 ? {} : { description: described["description"] },
    input_schema: described["parameters"] ?? { type: "object", properties: {} }
  };
}
var choices = { auto: "auto", required: "any", none: "none" };
function toToolChoice(choice, isParallel) {
  const name = toText2(toRecord(toRecord(choice)["function"])["name"]);
  const kind = name === "" ? { type: choices[toText2(choice)] ?? "auto" } : { type: "tool", name };
  return { tool_choice: isParallel ? kind : { ...kind, disable_parallel_tool_use: true } };
}
function toPassed(passThrough) {
  const fields2 = {};
  const { tools, tool_choice: toolChoice, stop, temperature, top_p: topP } = passThrough;
  if (Array.isArray(tools) && tools.length > 0) {
    const isParallel = passThrough["parallel_tool_calls"] !== false;
    fields2["tools"] = toRecords(tools).map(toTool);
    if (toolChoice !== void 0 || !isParallel) Object.assign(fields2, toToolChoice(toolChoice, isParallel));
  }
  const stops = (Array.isArray(stop) ? stop : [stop]).filter((one) => toText2(one).trim() !== "");
  if (stops.length > 0) fields2["stop_sequences"] = stops;
  if (typeof temperature === "number") fields2["temperature"] = temperature;
  if (topP !== void 0 && topP !== null) fields2["top_p"] = topP;
  const maxTokens = passThrough["max_completion_tokens"] ?? passThrough["max_tokens"];
  if (typeof maxTokens === "number") fields2["max_tokens"] = maxTokens;
  return fields2;
}
var samplingFields = ["temperature", "top_p", "top_k"];
function toAllowed(fields2, version) {
  if (version >= versionWithoutSampling) {
    return Object.fromEntries(Object.entries(fields2).filter(([field]) => !samplingFields.includes(field)));
  }
  const temperature = fields2["temperature"];
  return typeof temperature === "number" ? { ...fields2, temperature: Math.min(temperature, 1) } : fields2;
}
function toRequest(call) {
  const { target } = call;
  const messages = toMessages(call.turns);
  const prefill = toPrefill(call.continueFrom);
  if (prefill) messages.push({ role: "assistant", content: prefill.text });
  const system = toSystem(target.systemPrompt, call.turns);
  const fields2 = {
    max_tokens: target.maxTokens ?? defaultMaxTokens,
    ...target.temperature === null ? {} : { temperature: target.temperature },
    metadata: { user_id: call.endUserId },
    ...toRecord(target.options["extraBody"]),
    ...toPassed(call.passThrough),
    ...system === "" ? {} : { system },
    model: target.model ?? "",
    messages,
    stream: true
  };
  return toStreamRequest(`${target.baseUrl}/v1/messages`, toHeaders(target), toAllowed(fields2, getVersion(target)));
}

// backend/src/providers/anthropic/adapter.ts
var anthropicAdapter = {
  abilities,
  toRequest,
  createDecoder,
  toFailure: toHttpFailure2,
  toStopRequest: () => null,
  toFeedbackRequest: () => null,
  toReattachRequest: () => null,
  toFetchAnswerRequest: () => null,
  parseFetchedAnswer: () => null,
  toRemoveTurnRequest: () => null,
  canContinue
};

// backend/src/providers/dify/abilities.ts
var abilities2 = { isStateful: true, needsStopRequest: true, readOnMs: 1e3 };

// backend/src/providers/dify/id-teller.ts
var fields = [
  ["conversationId", "conversation_id"],
  ["messageId", "message_id"],
  ["taskId", "task_id"],
  ["runId", "workflow_run_id"]
];
function createIdTeller() {
  let known = {};
  return {
    read(event, emit) {
      const news = fields.filter(([name, field]) => {
        const value = toText2(event[field]);
        return value !== "" && known[name] !== value;
      });
      if (news.length === 0) return;
      known = { ...known, ...Object.fromEntries(news.map(([name, field]) => [name, toText2(event[field])])) };
      emit({ type: "ids", ids: known });
    }
  };
}

// backend/src/providers/dify/map-error.ts
var rejected = { code: "upstream_rejected", isRetryable: false };
var missing = { code: "upstream_not_found", isRetryable: false };
var rateLimited = { code: "upstream_rate_limited", isRetryable: true };
var verdicts2 = {
  invalid_param: rejected,
  bad_request: rejected,
  not_chat_app: missing,
  app_unavailable: missing,
  conversation_completed: rejected,
  provider_not_initialize: { code: "upstream_auth", isRetryable: false },
  provider_quota_exceeded: { code: "upstream_quota", isRetryable: false },
  model_currently_not_support: missing,
  completion_request_error: { code: "upstream_failed", isRetryable: false },
  unauthorized: { code: "upstream_auth", isRetryable: false },
  not_found: missing,
  too_many_requests: rateLimited,
  rate_limit_error: rateLimited,
  internal_server_error: { code: "upstream_failed", isRetryable: true }
};
function mapStreamError3(data) {
  const status = toCount(data["status"]);
  const byStatus = status >= 400 ? mapStatus(status) : { code: "upstream_failed", isRetryable: true };
  const verdict = verdicts2[toText2(data["code"])] ?? byStatus;
  return toFailure(verdict.code, { isRetryable: verdict.isRetryable, message: toText2(data["message"]) });
}
function mapWorkflowError(message) {
  if (/quota|insufficient balance/i.test(message)) return toFailure("upstream_quota", { message });
  if (/rate.?limit|too many requests/i.test(message)) return toFailure("upstream_rate_limited", { message });
  return toFailure("upstream_failed", { message });
}
function toHttpFailure3(response) {
  const { status, headers, body } = response;
  const value = parseJson(body);
  const verdict = (isRecord(value) ? verdicts2[toText2(value["code"])] : void 0) ?? mapStatus(status);
  const retryAfterMs = findRetryAfterMs(headers, value);
  return toFailure(verdict.code, {
    status,
    isRetryable: verdict.isRetryable,
    message: toResponseMessage(status, body),
    ...retryAfterMs === void 0 ? {} : { retryAfterMs }
  });
}

// backend/src/providers/dify/map-human-input.ts
var fieldTypes = {
  paragraph: "paragraph",
  number: "number",
  select: "select",
  checkbox: "checkbox"
};
function toField(input) {
  const key = toText2(input["output_variable_name"]) || toText2(input["variable"]);
  const options = Array.isArray(input["options"]) ? input["options"].filter((one) => typeof one === "string") : [];
  const defaultValue = toPreview(toRecord(input["default"])["value"] ?? input["default_value"], 500);
  const maxLength = toCount(input["max_length"]);
  return {
    key,
    label: toText2(input["label"]) || key,
    type: fieldTypes[toText2(input["type"])] ?? "text",
    isRequired: input["required"] === true,
    ...options.length > 0 ? { options } : {},
    ...defaultValue === "" ? {} : { defaultValue },
    ...maxLength > 0 ? { maxLength } : {}
  };
}
function mapHumanInput(data) {
  const fields2 = toRecords(data["inputs"]).map(toField);
  const options = toRecords(data["actions"]).map((action) => {
    const key = toText2(action["id"]);
    return { key, label: toText2(action["title"]) || key };
  });
  const title = toText2(data["form_content"]) || toText2(data["node_title"]) || "The workflow waits for your input.";
  return { kind: fields2.length > 0 ? "form" : "select", title, options, fields: fields2 };
}

// backend/src/providers/dify/map-step.ts
var maxDetailCharacters = 500;
var silentTypes = /* @__PURE__ */ new Set(["start", "end", "answer"]);
var kinds = {
  "knowledge-retrieval": "retrieval",
  tool: "tool",
  agent: "tool",
  "http-request": "tool",
  code: "tool"
};
var statuses = {
  failed: "failed",
  exception: "failed",
  stopped: "stopped"
};
function withDetail(step, detail) {
  return detail === "" ? step : { ...step, detail };
}
function mapNode(event, data) {
  const type = toText2(data["node_type"]);
  const stepId = toText2(data["id"]) || toText2(data["node_id"]);
  if (stepId === "" || silentTypes.has(type)) return null;
  const isEnded = event.endsWith("_finished") || event.endsWith("_completed");
  const durationMs = Math.round(toCount(data["elapsed_time"]) * 1e3);
  const step = {
    name: toText2(data["title"]) || type || "node",
    kind: kinds[type] ?? "node",
    status: isEnded ? statuses[toText2(data["status"])] ?? "done" : "running",
    ...isEnded && durationMs > 0 ? { durationMs } : {}
  };
  const isRetry = event === "node_retry";
  const detail = toPreview(isEnded || isRetry ? data["error"] : "", maxDetailCharacters);
  return { stepId: `node-${stepId}`, step: withDetail(step, detail) };
}
function mapThought(data) {
  const tool = toText2(data["tool"]);
  const id = toText2(data["id"]);
  if (tool === "" || id === "") return null;
  const isDone = toText2(data["observation"]) !== "";
  const step = {
    name: tool.replaceAll(";", ", "),
    kind: tool.startsWith("dataset_") ? "retrieval" : "tool",
    status: isDone ? "done" : "running"
  };
  return { stepId: `thought-${id}`, step: withDetail(step, toPreview(data["tool_input"], maxDetailCharacters)) };
}
function mapAgentLog(data) {
  const id = toText2(data["id"]);
  const name = toText2(data["label"]);
  if (id === "" || name === "") return null;
  const status = toText2(data["status"]);
  const step = {
    name,
    kind: "tool",
    status: status === "start" ? "running" : status === "failed" ? "failed" : "done"
  };
  return { stepId: `log-${id}`, step: withDetail(step, toPreview(data["error"], maxDetailCharacters)) };
}

// backend/src/providers/dify/map-usage.ts
function mapUsage2(metadata) {
  const usage = metadata["usage"];
  if (!isRecord(usage)) return null;
  return { inputTokens: toCount(usage["prompt_tokens"]), outputTokens: toCount(usage["completion_tokens"]) };
}

// backend/src/providers/dify/decode.ts
function createDecoder2(call, mode) {
  return createEventDecoder(createMessageReader2(call, mode?.isReattached === true));
}
function createMessageReader2(call, isReattached) {
  const ids = createIdTeller();
  let isWorkflow = false;
  let isWorkflowFinished = false;
  let isMessageEnded = false;
  let isPaused = false;
  let hasAsked = false;
  let workflowFailure = null;
  function emitText(delta, emit) {
    if (!isReattached) emit({ type: "text", delta });
  }
  function replaceText(text, emit) {
    if (isReattached) return;
    emit({ type: "superseded", reason: "The agent replaced its answer." });
    emit({ type: "text", delta: text });
  }
  function emitStep(step, emit) {
    if (step) emit({ type: "step", ...step });
  }
  function ask(data, emit) {
    if (hasAsked) return;
    hasAsked = true;
    emit({ type: "input-request", requestId: `input-${call.answerId}`, request: mapHumanInput(data) });
  }
  function finish(reason, emit) {
    if (!isReattached || isPaused) {
      emit({ type: "finish", reason });
      return;
    }
    const message = "The run ended while nobody listened; its answer has to be fetched.";
    emit({ type: "failure", failure: toFailure("upstream_truncated", { message }) });
  }
  function readMessageEnd(data, emit) {
    isMessageEnded = true;
    const metadata = toRecord(data["metadata"]);
    for (const resource of toRecords(metadata["retriever_resources"])) {
      const title = toText2(resource["document_name"]) || toText2(resource["dataset_name"]);
      const sourceId = toText2(resource["segment_id"]) || toText2(resource["document_id"]) || title;
      if (sourceId !== "") emit({ type: "source", sourceId, title });
    }
    const usage = mapUsage2(metadata);
    if (usage) emit({ type: "usage", usage });
    finish("stop", emit);
  }
  function readWorkflowFinished(data, emit) {
    isWorkflow = true;
    isWorkflowFinished = true;
    if (data["status"] === "failed") workflowFailure = mapWorkflowError(toText2(data["error"]));
    else if (isReattached) finish("stop", emit);
  }
  function readPaused(data, emit) {
    isPaused = true;
    ask(toRecord(toRecords(data["reasons"])[0]), emit);
    finish("other", emit);
  }
  function readMessageFile(event, emit) {
    const url = toText2(event["url"]);
    if (url === "" || event["belongs_to"] === "user") return;
    emit({ type: "source", sourceId: toText2(event["id"]) || url, title: toText2(event["type"]) || "file", url });
  }
  function readEvent(name, event, emit) {
    const data = toRecord(event["data"]);
    switch (name) {
      case "message":
      case "agent_message":
        emitText(toText2(event["answer"]), emit);
        return;
      case "text_chunk":
        emitText(toText2(data["text"]), emit);
        return;
      case "message_replace":
        replaceText(toText2(event["answer"]), emit);
        return;
      case "text_replace":
        replaceText(toText2(data["text"]), emit);
        return;
      case "reasoning_chunk":
        if (!isReattached) emit({ type: "reasoning", delta: toText2(data["reasoning"]) });
        return;
      case "agent_thought":
        emitStep(mapThought(event), emit);
        return;
      case "agent_log":
        emitStep(mapAgentLog(data), emit);
        return;
      case "message_file":
        readMessageFile(event, emit);
        return;
      case "message_end":
        readMessageEnd(event, emit);
        return;
      case "error":
        workflowFailure = null;
        emit({ type: "failure", failure: mapStreamError3(event) });
        return;
      default:
        readWorkflowEvent(name, data, emit);
    }
  }
  function readWorkflowEvent(name, data, emit) {
    switch (name) {
      case "workflow_started":
        isWorkflow = true;
        return;
      case "workflow_finished":
        readWorkflowFinished(data, emit);
        return;
      case "human_input_required":
        ask(data, emit);
        return;
      case "workflow_paused":
        readPaused(data, emit);
        return;
      default:
        if (/^(node_(started|finished|retry)|(iteration|loop)_(started|completed))$/.test(name)) {
          emitStep(mapNode(name, data), emit);
        }
    }
  }
  return {
    read(event, emit) {
      const value = parseJson(event.data);
      if (!isRecord(value)) return false;
      ids.read(value, emit);
      readEvent(toText2(value["event"]) || event.event, value, emit);
      return true;
    },
    afterPiece(emit) {
      if (workflowFailure) emit({ type: "failure", failure: workflowFailure });
      workflowFailure = null;
    },
    end(emit) {
      if (isWorkflowFinished && !isMessageEnded) finish("stop", emit);
    },
    isFinished: () => isPaused || isMessageEnded && (isWorkflowFinished || !isWorkflow)
  };
}

// backend/src/providers/dify/parse-fetched-answer.ts
function parseFetchedAnswer(body, ids) {
  const rows = toRecords(toRecord(parseJson(body))["data"]);
  const row = rows.find((one) => ids.messageId !== void 0 && one["id"] === ids.messageId);
  if (!row || row["status"] === "error") return null;
  const text = toText2(row["answer"]);
  return text === "" ? null : { text };
}

// backend/src/providers/transcript.ts
var labels = { system: "System", user: "User", assistant: "Assistant", tool: "Tool" };
function getQuestion(call) {
  return call.turns.at(-1)?.content ?? "";
}
function toTranscript(turns) {
  const earlier = turns.slice(0, -1).filter((turn) => turn.content.trim() !== "");
  const question = turns.at(-1)?.content ?? "";
  if (earlier.length === 0) return question;
  const lines = earlier.map((turn) => `${labels[turn.role]}: ${turn.content}`);
  return ["Earlier in this conversation:", ...lines, "The message to answer now:", question].join("\n\n");
}

// backend/src/providers/dify/to-request.ts
function toRequest2(call) {
  const { target, upstream } = call;
  const isKnown = upstream.conversationId !== void 0 && upstream.conversationId !== "";
  const needsHistory = !isKnown || call.passThrough["carryHistory"] === true;
  const workflowId = toText2(target.options["workflowId"]);
  const body = {
    inputs: toRecord(target.options["inputs"]),
    query: needsHistory ? toTranscript(call.turns) : getQuestion(call),
    response_mode: "streaming",
    conversation_id: upstream.conversationId ?? "",
    user: call.endUserId,
    auto_generate_name: false,
    ...workflowId === "" ? {} : { workflow_id: workflowId }
  };
  return toStreamRequest(`${target.baseUrl}/chat-messages`, toBearerHeaders(target.apiKey), body);
}
function toStopRequest(call, ids) {
  if (ids.taskId === void 0) return null;
  const url = `${call.target.baseUrl}/chat-messages/${encodeURIComponent(ids.taskId)}/stop`;
  return toJsonRequest(url, toBearerHeaders(call.target.apiKey), { user: call.endUserId });
}
var ratings = { good: "like", bad: "dislike" };
function toFeedbackRequest(target, feedback) {
  const { ids, rating, endUserId } = feedback;
  if (ids.messageId === void 0) return null;
  const url = `${target.baseUrl}/messages/${encodeURIComponent(ids.messageId)}/feedbacks`;
  const body = { rating: rating === null ? null : ratings[rating], user: endUserId };
  return toJsonRequest(url, toBearerHeaders(target.apiKey), body);
}
function toGet(target, path, query, accept2) {
  return {
    method: "GET",
    url: `${target.baseUrl}${path}?${new URLSearchParams(query).toString()}`,
    headers: { accept: accept2, ...toBearerHeaders(target.apiKey) }
  };
}
function toReattachRequest(call, ids) {
  if (ids.runId === void 0) return null;
  const path = `/workflow/${encodeURIComponent(ids.runId)}/events`;
  return toGet(call.target, path, { user: call.endUserId }, "text/event-stream");
}
function toFetchAnswerRequest(call, ids) {
  const conversationId = ids.conversationId ?? call.upstream.conversationId;
  if (conversationId === void 0 || ids.messageId === void 0) return null;
  const query = { conversation_id: conversationId, user: call.endUserId, limit: "20" };
  return toGet(call.target, "/messages", query, "application/json");
}

// backend/src/providers/dify/adapter.ts
var difyAdapter = {
  abilities: abilities2,
  toRequest: toRequest2,
  createDecoder: createDecoder2,
  toFailure: toHttpFailure3,
  toStopRequest,
  toFeedbackRequest,
  toReattachRequest,
  toFetchAnswerRequest,
  parseFetchedAnswer,
  toRemoveTurnRequest: () => null,
  canContinue: () => false
};

// backend/src/providers/fastgpt/abilities.ts
var abilities3 = { isStateful: true, needsStopRequest: true, readOnMs: 3e3 };

// backend/src/providers/fastgpt/map-error.ts
var auth = { code: "upstream_auth", isRetryable: false };
var quota = { code: "upstream_quota", isRetryable: false };
var verdicts3 = {
  "400": { code: "upstream_rejected", isRetryable: false },
  "401": auth,
  "403": auth,
  "404": { code: "upstream_not_found", isRetryable: false },
  "409": { code: "upstream_busy", isRetryable: true },
  "429": { code: "upstream_rate_limited", isRetryable: true },
  "510": quota,
  "511": auth,
  "513": { code: "upstream_rejected", isRetryable: false },
  "514": auth,
  "504000": auth,
  "506000": auth,
  "506001": auth,
  "506002": quota,
  unAuthorization: auth,
  insufficientQuota: quota,
  unAuthModel: auth,
  unAuthFile: { code: "upstream_rejected", isRetryable: false },
  unAuthApiKey: auth,
  unAuthChat: auth,
  chatIsGenerating: { code: "upstream_busy", isRetryable: true }
};
function findVerdict3(data) {
  const code = data["code"];
  const key = typeof code === "number" ? String(code) : toText2(code);
  return verdicts3[key] ?? verdicts3[toText2(data["statusText"])];
}
function mapStreamError4(data) {
  const verdict = findVerdict3(data) ?? { code: "upstream_failed", isRetryable: true };
  return toFailure(verdict.code, {
    isRetryable: verdict.isRetryable,
    message: toText2(data["message"]) || toText2(data["statusText"])
  });
}
function toHttpFailure4(response) {
  const { status, headers, body } = response;
  const value = parseJson(body);
  const verdict = (isRecord(value) ? findVerdict3(value) : void 0) ?? mapStatus(status);
  const retryAfterMs = findRetryAfterMs(headers, value);
  return toFailure(verdict.code, {
    status,
    isRetryable: verdict.isRetryable,
    message: toResponseMessage(status, body),
    ...retryAfterMs === void 0 ? {} : { retryAfterMs }
  });
}

// backend/src/providers/fastgpt/map-finish.ts
function mapFinish2(reason) {
  if (reason === "length") return "length";
  return reason === "stop" || reason === "" ? "stop" : "other";
}

// backend/src/providers/fastgpt/map-interactive.ts
var fieldTypes2 = {
  textarea: "paragraph",
  JSONEditor: "paragraph",
  numberInput: "number",
  select: "select",
  multipleSelect: "select",
  switch: "checkbox"
};
function toOptionText(option) {
  return typeof option === "string" ? option : toText2(toRecord(option)["value"]);
}
function toField2(input) {
  const key = toText2(input["key"]);
  const options = (Array.isArray(input["list"]) ? input["list"] : []).map(toOptionText).filter((text) => text !== "");
  const value = input["value"] ?? input["defaultValue"];
  const maxLength = toCount(input["maxLength"]);
  return {
    key,
    label: toText2(input["label"]) || key,
    type: fieldTypes2[toText2(input["type"])] ?? "text",
    isRequired: input["required"] === true,
    ...options.length > 0 ? { options } : {},
    ...typeof value === "string" || typeof value === "number" ? { defaultValue: String(value) } : {},
    ...maxLength > 0 ? { maxLength } : {}
  };
}
function toSelect(title, values) {
  return { kind: "select", title, options: values.map((value) => ({ key: value, label: value })), fields: [] };
}
function mapOne(type, params) {
  const title = toText2(params["description"]);
  switch (type) {
    case "userSelect":
    case "agentPlanAskUserSelect": {
      const values = toRecords(params["userSelectOptions"]).map((option) => toText2(option["value"]));
      return toSelect(title, values);
    }
    case "userInput":
    case "agentPlanAskUserForm":
      return { kind: "form", title, options: [], fields: toRecords(params["inputForm"]).map(toField2) };
    case "agentPlanCheck":
      return toSelect(title, ["CONFIRM"]);
    default:
      return null;
  }
}
function mapInteractive(interactive, depth = 0) {
  if (!isRecord(interactive) || depth > 10) return null;
  const params = toRecord(interactive["params"]);
  const found = mapOne(toText2(interactive["type"]), params);
  if (found) return found;
  for (const value of [...Object.values(params), ...Object.values(interactive)]) {
    const inner = mapInteractive(value, depth + 1);
    if (inner) return inner;
  }
  return null;
}

// backend/src/providers/fastgpt/map-usage.ts
function mapUsage3(responses) {
  let inputTokens = 0;
  let outputTokens = 0;
  for (const response of responses) {
    const input = toCount(response["inputTokens"]);
    const output = toCount(response["outputTokens"]);
    inputTokens += input;
    outputTokens += input + output > 0 ? output : toCount(response["tokens"]);
  }
  return inputTokens + outputTokens > 0 ? { inputTokens, outputTokens } : null;
}

// backend/src/providers/fastgpt/to-request.ts
function getVersion2(target) {
  return target.options["apiVersion"] === "v2" ? "v2" : "v1";
}
function hasDetail(target) {
  return target.options["detail"] !== false;
}
function toMessages2(call) {
  const last = call.turns.at(-1);
  if (call.upstream.conversationId === void 0) {
    const messages = call.turns.map((turn) => turn.raw ?? { role: turn.role, content: turn.content });
    const { systemPrompt } = call.target;
    return systemPrompt ? [{ role: "system", content: systemPrompt }, ...messages] : messages;
  }
  if (call.passThrough["carryHistory"] === true) return [{ role: "user", content: toTranscript(call.turns) }];
  return [last?.raw ?? { role: "user", content: last?.content ?? "" }];
}
function toRequest3(call) {
  const { target, upstream } = call;
  const body = {
    ...upstream.conversationId === void 0 ? {} : { chatId: upstream.conversationId },
    ...target.appId === null ? {} : { appId: target.appId },
    stream: true,
    detail: hasDetail(target),
    responseChatItemId: call.answerId,
    ...isRecord(target.options["variables"]) ? { variables: target.options["variables"] } : {},
    messages: toMessages2(call)
  };
  const url = `${target.baseUrl}/${getVersion2(target)}/chat/completions`;
  return toStreamRequest(url, toBearerHeaders(target.apiKey), body);
}

// backend/src/providers/fastgpt/workflow-steps.ts
var maxDetailCharacters2 = 500;
var silentTypes2 = /* @__PURE__ */ new Set(["workflowStart", "systemConfig", "userGuide", "pluginInput"]);
var retrievalTypes = /* @__PURE__ */ new Set(["datasetSearchNode", "datasetConcatNode"]);
function toDurationMs2(response) {
  const seconds = toCount(response["runningTime"]);
  return seconds > 0 ? { durationMs: Math.round(seconds * 1e3) } : {};
}
function createWorkflowSteps() {
  const nodes = [];
  const tools = /* @__PURE__ */ new Map();
  const sources = /* @__PURE__ */ new Set();
  function put(node, change, emit) {
    node.step = { ...node.step, ...change };
    emit({ type: "step", stepId: node.stepId, step: node.step });
  }
  function endRunning(status, emit) {
    for (const node of nodes) if (node.step.status === "running") put(node, { status }, emit);
  }
  function openNode(name, kind, emit) {
    const node = { stepId: `node-${nodes.length + 1}`, step: { name, kind, status: "running" } };
    nodes.push(node);
    put(node, {}, emit);
    return node;
  }
  function emitSources(response, emit) {
    for (const quote of toRecords(response["quoteList"])) {
      const sourceId = toText2(quote["id"]) || toText2(quote["sourceId"]);
      const title = toText2(quote["sourceName"]);
      if (sourceId === "" || title === "" || sources.has(sourceId)) continue;
      sources.add(sourceId);
      emit({ type: "source", sourceId, title });
    }
  }
  return {
    /** `flowNodeStatus` */
    readStatus(data, emit) {
      const name = toText2(data["name"]);
      const running = nodes.find((node) => node.step.status === "running");
      if (name === "" || running?.step.name === name) return;
      endRunning("done", emit);
      openNode(name, "node", emit);
    },
    /** One item of `flowNodeResponse` (live: the node may not have been announced) or of `flowResponses` (all over). */
    readResponse(response, isLive, emit) {
      emitSources(response, emit);
      const name = toText2(response["moduleName"]);
      const kind = retrievalTypes.has(toText2(response["moduleType"])) ? "retrieval" : "node";
      const known = nodes.find((one) => one.step.name === name && one.step.durationMs === void 0);
      const mayOpen = isLive && name !== "" && !silentTypes2.has(toText2(response["moduleType"]));
      const node = known ?? (mayOpen ? openNode(name, kind, emit) : void 0);
      const isFailed2 = toText2(response["errorText"]) !== "" || isRecord(response["error"]);
      if (node) put(node, { ...toDurationMs2(response), kind, status: isFailed2 ? "failed" : "done" }, emit);
    },
    /** `toolCall`, `toolParams`, `toolResponse` */
    readTool(event, data, emit) {
      const id = toText2(data["id"]);
      if (id === "") return;
      const known = tools.get(id);
      const name = toText2(data["toolName"]) || known?.name || toText2(data["functionName"]) || "tool";
      const params = (known?.params ?? "") + toText2(data["params"]);
      tools.set(id, { name, params });
      if (event === "toolParams") return;
      const isDone = event === "toolResponse";
      const detail = toPreview(isDone ? data["response"] : params, maxDetailCharacters2);
      const step = { name, kind: "tool", status: isDone ? "done" : "running" };
      emit({ type: "step", stepId: `tool-${id}`, step: detail === "" ? step : { ...step, detail } });
    },
    /** The answer is complete, or it failed: nothing runs any more. */
    end: endRunning
  };
}

// backend/src/providers/fastgpt/decode.ts
function createDecoder3(call) {
  return createEventDecoder(createWorkflowReader(call));
}
function createWorkflowReader(call) {
  const steps = createWorkflowSteps();
  const responses = [];
  let hasIds = false;
  let isDone = false;
  let hasResponses = false;
  function emitIds(emit) {
    if (hasIds) return;
    hasIds = true;
    const { conversationId } = call.upstream;
    emit({ type: "ids", ids: { messageId: call.answerId, ...conversationId === void 0 ? {} : { conversationId } } });
  }
  function finish(reason, emit) {
    steps.end("done", emit);
    emit({ type: "finish", reason: mapFinish2(reason) });
  }
  function readAnswer(chunk, emit) {
    const choice = toRecords(chunk["choices"])[0];
    const delta = toRecord(choice?.["delta"]);
    emit({ type: "reasoning", delta: toText2(delta["reasoning_content"]) });
    emit({ type: "text", delta: toText2(delta["content"]) });
    const reason = toText2(choice?.["finish_reason"]);
    if (reason !== "") finish(reason, emit);
  }
  function readError(data, text, emit) {
    steps.end("failed", emit);
    emit({ type: "failure", failure: mapStreamError4(isRecord(data) ? data : { message: text }) });
  }
  function readResponses(list, isLive, emit) {
    responses.push(...list);
    for (const response of list) steps.readResponse(response, isLive, emit);
    const usage = mapUsage3(responses);
    if (usage) emit({ type: "usage", usage });
  }
  function readNamed(event, data, emit) {
    switch (event) {
      case "":
      case "answer":
      case "fastAnswer":
        readAnswer(toRecord(data), emit);
        return;
      case "flowNodeStatus":
        steps.readStatus(toRecord(data), emit);
        return;
      case "flowNodeResponse":
        readResponses([toRecord(data)], true, emit);
        return;
      case "flowResponses":
        hasResponses = true;
        readResponses(toRecords(data), false, emit);
        return;
      case "toolCall":
      case "toolParams":
      case "toolResponse":
        steps.readTool(event, toRecord(toRecord(data)["tool"]), emit);
        return;
      case "interactive": {
        const request = mapInteractive(toRecord(data)["interactive"] ?? data);
        if (request) emit({ type: "input-request", requestId: `input-${call.answerId}`, request });
        return;
      }
      default:
    }
  }
  function isError(event, data) {
    if (event === "error") return true;
    return event === "" && isRecord(data) && data["choices"] === void 0 && toText2(data["message"]) !== "";
  }
  return {
    read(event, emit) {
      if (event.data.trim() === "[DONE]") {
        isDone = true;
        finish("", emit);
        return true;
      }
      const data = parseJson(event.data);
      if (isError(event.event, data)) {
        readError(data, event.data, emit);
        return true;
      }
      if (data === void 0) return false;
      emitIds(emit);
      readNamed(event.event, data, emit);
      return true;
    },
    // The last figures: version 1 sends them in one piece after `[DONE]`, version 2 ends with the connection.
    isFinished: () => isDone && (hasResponses || !hasDetail(call.target))
  };
}

// backend/src/providers/fastgpt/parse-fetched-answer.ts
function toAnswerText(record) {
  return toRecords(record["value"]).map((item) => toText2(toRecord(item["text"])["content"])).join("");
}
function parseFetchedAnswer2(body, ids) {
  const reply = toRecord(parseJson(body));
  const record = toRecords(toRecord(reply["data"])["list"]).find(
    (one) => one["obj"] === "AI" && ids.messageId !== void 0 && one["dataId"] === ids.messageId
  );
  const text = record ? toAnswerText(record) : "";
  return text === "" ? null : { text };
}

// backend/src/providers/fastgpt/to-side-request.ts
function findPlace(target, chatId) {
  return target.appId === null || target.appId === "" || chatId === void 0 ? null : { appId: target.appId, chatId };
}
function toPost(target, path, body) {
  return toJsonRequest(target.baseUrl + path, toBearerHeaders(target.apiKey), body);
}
function toStopRequest2(call, ids) {
  const place = findPlace(call.target, ids.conversationId ?? call.upstream.conversationId);
  return place && toPost(call.target, "/v2/chat/stop", place);
}
var thumbs = { good: { userGoodFeedback: "yes" }, bad: { userBadFeedback: "yes" } };
function toFeedbackRequest2(target, feedback) {
  const place = findPlace(target, feedback.ids.conversationId);
  if (!place || feedback.ids.messageId === void 0) return null;
  const thumb = feedback.rating === null ? {} : thumbs[feedback.rating];
  const body = { ...place, dataId: feedback.ids.messageId, ...thumb };
  return toPost(target, "/core/chat/feedback/updateUserFeedback", body);
}
function toFetchAnswerRequest2(call, ids) {
  const place = findPlace(call.target, ids.conversationId ?? call.upstream.conversationId);
  const body = { ...place, offset: 0, pageSize: 10, loadCustomFeedbacks: false };
  return place && toPost(call.target, "/core/chat/record/getPaginationRecords", body);
}
function toRemoveTurnRequest(call, ids) {
  const place = findPlace(call.target, ids.conversationId ?? call.upstream.conversationId);
  if (!place) return null;
  const query = new URLSearchParams({ ...place, contentId: ids.messageId ?? call.answerId });
  return {
    method: "DELETE",
    url: `${call.target.baseUrl}/core/chat/record/delete?${query.toString()}`,
    headers: { accept: "application/json", ...toBearerHeaders(call.target.apiKey) }
  };
}

// backend/src/providers/fastgpt/adapter.ts
var fastgptAdapter = {
  abilities: abilities3,
  toRequest: toRequest3,
  createDecoder: createDecoder3,
  toFailure: toHttpFailure4,
  toStopRequest: toStopRequest2,
  toFeedbackRequest: toFeedbackRequest2,
  toReattachRequest: () => null,
  toFetchAnswerRequest: toFetchAnswerRequest2,
  parseFetchedAnswer: parseFetchedAnswer2,
  toRemoveTurnRequest,
  canContinue: () => false
};

// backend/src/providers/openai-responses/abilities.ts
var abilities4 = { isStateful: false, needsStopRequest: true, readOnMs: 0 };

// backend/src/providers/openai-responses/map-finish.ts
function mapFinish3(response, hasToolCalls) {
  switch (toText2(toRecord(response["incomplete_details"])["reason"])) {
    case "max_output_tokens":
      return "length";
    case "content_filter":
      return "content-filter";
    case "":
      return hasToolCalls ? "tool-calls" : "stop";
    default:
      return "other";
  }
}

// backend/src/providers/openai-responses/map-step.ts
var retrievals = /* @__PURE__ */ new Set(["web_search_call", "file_search_call"]);
function mapStep2(item, isDone) {
  const type = toText2(item["type"]);
  if (!type.endsWith("_call") || type === "function_call" || type === "custom_tool_call") return null;
  const status = toText2(item["status"]);
  const isFailed2 = status === "failed" || status === "incomplete";
  return {
    name: toText2(item["name"]) || type.replace(/_call$/, "").replaceAll("_", " "),
    kind: retrievals.has(type) ? "retrieval" : "tool",
    status: isFailed2 ? "failed" : isDone ? "done" : "running"
  };
}

// backend/src/providers/openai-responses/map-usage.ts
function mapUsage4(response) {
  const usage = response["usage"];
  if (!isRecord(usage)) return null;
  const reasoningTokens = toCount(toRecord(usage["output_tokens_details"])["reasoning_tokens"]);
  return {
    inputTokens: toCount(usage["input_tokens"]),
    outputTokens: toCount(usage["output_tokens"]),
    ...reasoningTokens > 0 ? { reasoningTokens } : {}
  };
}

// backend/src/providers/openai-responses/decode.ts
function createDecoder4(_call) {
  return createEventDecoder(createResponseReader());
}
function createResponseReader() {
  const calls = /* @__PURE__ */ new Map();
  let responseId = "";
  let sequence = null;
  let toldSequence = null;
  let hasToolCalls = false;
  let isEnded = false;
  function readItem(item, isDone, emit) {
    const id = toText2(item["id"]);
    const type = toText2(item["type"]);
    if (type === "function_call" || type === "custom_tool_call") {
      if (isDone) endCall(id, toText2(item["arguments"]) || toText2(item["input"]), emit);
      else startCall(id, item, emit);
      return;
    }
    const step = mapStep2(item, isDone);
    if (step) emit({ type: "step", stepId: id, step });
  }
  function startCall(id, item, emit) {
    const call = { callId: toText2(item["call_id"]) || id, name: toText2(item["name"]), input: "" };
    calls.set(id, call);
    hasToolCalls = true;
    emit({ type: "tool-input-start", toolCallId: call.callId, toolName: call.name });
  }
  function addInput(id, delta, emit) {
    const call = calls.get(id);
    if (!call || delta === "") return;
    call.input += delta;
    emit({ type: "tool-input-delta", toolCallId: call.callId, delta });
  }
  function endCall(id, input, emit) {
    const call = calls.get(id);
    if (!call) return;
    calls.delete(id);
    emit({ type: "tool-input", toolCallId: call.callId, toolName: call.name, input: toToolInput(input || call.input) });
  }
  function readAnnotation(annotation, emit) {
    const url = toText2(annotation["url"]);
    const title = toText2(annotation["title"]) || toText2(annotation["filename"]) || url;
    const sourceId = url || toText2(annotation["file_id"]);
    if (sourceId !== "") emit({ type: "source", sourceId, title, ...url === "" ? {} : { url } });
  }
  function readEnd(response, emit) {
    isEnded = true;
    const usage = mapUsage4(response);
    if (usage) emit({ type: "usage", usage });
    emit({ type: "finish", reason: mapFinish3(response, hasToolCalls) });
  }
  function readFailure(data, emit) {
    isEnded = true;
    const response = toRecord(data["response"]);
    const error = isRecord(response["error"]) ? response["error"] : data;
    emit({ type: "failure", failure: mapStreamError(error) });
  }
  function readEvent(type, data, emit) {
    const itemId = toText2(data["item_id"]);
    switch (type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        emit({ type: "text", delta: toText2(data["delta"]) });
        return;
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        emit({ type: "reasoning", delta: toText2(data["delta"]) });
        return;
      case "response.reasoning_summary_part.added":
        if (data["summary_index"] !== 0) emit({ type: "reasoning", delta: "\n\n" });
        return;
      case "response.output_item.added":
      case "response.output_item.done":
        readItem(toRecord(data["item"]), type.endsWith("done"), emit);
        return;
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        addInput(itemId, toText2(data["delta"]), emit);
        return;
      case "response.function_call_arguments.done":
      case "response.custom_tool_call_input.done":
        endCall(itemId, toText2(data["arguments"]) || toText2(data["input"]), emit);
        return;
      case "response.output_text.annotation.added":
        readAnnotation(toRecord(data["annotation"]), emit);
        return;
      default:
        readStatus(type, data, emit);
    }
  }
  function readStatus(type, data, emit) {
    switch (type) {
      case "response.completed":
      case "response.incomplete":
        readEnd(toRecord(data["response"]), emit);
        return;
      case "error":
      case "response.failed":
      case "response.cancelled":
        readFailure(data, emit);
        return;
      default:
    }
  }
  return {
    read(event, emit) {
      if (event.data.trim() === "[DONE]") return true;
      const data = parseJson(event.data);
      if (!isRecord(data)) return false;
      const id = toText2(toRecord(data["response"])["id"]);
      if (id !== "" && responseId === "") responseId = id;
      if (typeof data["sequence_number"] === "number") sequence = data["sequence_number"];
      readEvent(toText2(data["type"]) || event.event, data, emit);
      return true;
    },
    afterPiece(emit) {
      if (sequence === null || sequence === toldSequence) return;
      toldSequence = sequence;
      emit({ type: "ids", ids: { ...responseId === "" ? {} : { messageId: responseId }, sequence } });
    },
    isFinished: () => isEnded
  };
}

// backend/src/providers/openai/to-request.ts
var reserved = /* @__PURE__ */ new Set(["carryHistory", "model", "messages", "stream", "stream_options", "n"]);
function getHost(target) {
  return new URL(target.baseUrl).hostname;
}
function isOpenAi(target) {
  return getHost(target) === "api.openai.com";
}
function isAzure(target) {
  return getHost(target).endsWith(".openai.azure.com");
}
function toAuthHeaders(target) {
  if (isAzure(target) && target.apiKey !== null) return { "api-key": target.apiKey };
  return toBearerHeaders(target.apiKey);
}
function toMessage2(turn) {
  return turn.raw ?? { role: turn.role, content: turn.content };
}
function getMaxTokensField(target) {
  const field = toText2(target.options["maxTokensField"]);
  if (field !== "") return field;
  return isOpenAi(target) || isAzure(target) ? "max_completion_tokens" : "max_tokens";
}
function toContinuation(call, messages) {
  const prefill = toPrefill(call.continueFrom);
  if (!prefill) return {};
  const isPrefix = call.target.options["canContinue"] === "prefix" || getHost(call.target).endsWith("deepseek.com");
  messages.push({ role: "assistant", content: prefill.text, ...isPrefix ? { prefix: true } : {} });
  return isPrefix ? {} : { continue_final_message: true, add_generation_prompt: false };
}
function toRequest4(call) {
  const { target } = call;
  const messages = call.turns.map(toMessage2);
  if (target.systemPrompt) messages.unshift({ role: "system", content: target.systemPrompt });
  const continuation = toContinuation(call, messages);
  const passed = Object.entries(call.passThrough).filter(([field]) => !reserved.has(field));
  const body = {
    ...target.temperature === null ? {} : { temperature: target.temperature },
    ...target.maxTokens === null ? {} : { [getMaxTokensField(target)]: target.maxTokens },
    ...isOpenAi(target) ? { safety_identifier: call.endUserId } : {},
    ...toRecord(target.options["extraBody"]),
    ...Object.fromEntries(passed),
    ...continuation,
    model: target.model ?? "",
    messages,
    stream: true
  };
  if (target.options["streamUsage"] !== false) {
    body["stream_options"] = { include_usage: true, ...isOpenAi(target) ? { include_obfuscation: false } : {} };
  }
  const apiVersion = toText2(target.options["apiVersion"]);
  const query = apiVersion === "" ? "" : `?api-version=${encodeURIComponent(apiVersion)}`;
  return toStreamRequest(`${target.baseUrl}/chat/completions${query}`, toAuthHeaders(target), body);
}

// backend/src/providers/openai-responses/to-input.ts
function toContent2(content, textType) {
  if (!Array.isArray(content)) return toText2(content);
  return toRecords(content).flatMap((part) => {
    switch (part["type"]) {
      case "text":
        return [{ type: textType, text: toText2(part["text"]) }];
      case "image_url": {
        const image = toRecord(part["image_url"]);
        return [{ type: "input_image", image_url: toText2(image["url"]), detail: toText2(image["detail"]) || "auto" }];
      }
      case "file":
        return [{ type: "input_file", ...toRecord(part["file"]) }];
      default:
        return [];
    }
  });
}
function toFunctionCall(call) {
  const called = toRecord(call["function"]);
  return {
    type: "function_call",
    call_id: toText2(call["id"]),
    name: toText2(called["name"]),
    arguments: toText2(called["arguments"])
  };
}
function toRawItems(role, raw) {
  if (role === "tool") {
    return [{ type: "function_call_output", call_id: toText2(raw["tool_call_id"]), output: toText2(raw["content"]) }];
  }
  const calls = toRecords(raw["tool_calls"]).map(toFunctionCall);
  const content = toContent2(raw["content"], role === "assistant" ? "output_text" : "input_text");
  return content === "" ? calls : [{ role, content }, ...calls];
}
function toInput(turns) {
  return turns.flatMap(
    (turn) => isRecord(turn.raw) ? toRawItems(turn.role, turn.raw) : [{ role: turn.role, content: turn.content }]
  );
}

// backend/src/providers/openai-responses/to-request.ts
function isBackground(target) {
  return target.options["isBackground"] === true;
}
function toTool2(tool) {
  return tool["type"] === "function" ? { type: "function", ...toRecord(tool["function"]) } : { ...tool };
}
function toToolChoice2(choice) {
  const name = toText2(toRecord(toRecord(choice)["function"])["name"]);
  return name === "" ? choice : { type: "function", name };
}
function toTextFormat(format) {
  const record = toRecord(format);
  return { format: { type: record["type"], ...toRecord(record["json_schema"]) } };
}
var renamed = {
  tools: (value) => ({ tools: toRecords(value).map(toTool2) }),
  tool_choice: (value) => ({ tool_choice: toToolChoice2(value) }),
  response_format: (value) => ({ text: toTextFormat(value) }),
  reasoning_effort: (value) => ({ reasoning: { effort: value } }),
  max_tokens: (value) => ({ max_output_tokens: value }),
  max_completion_tokens: (value) => ({ max_output_tokens: value })
};
var same = ["temperature", "top_p", "parallel_tool_calls", "metadata", "service_tier", "prompt_cache_key", "top_logprobs"];
function toPassed2(passThrough) {
  return Object.entries(passThrough).reduce((fields2, [field, value]) => {
    if (same.includes(field)) return { ...fields2, [field]: value };
    return { ...fields2, ...renamed[field]?.(value) };
  }, {});
}
function toRequest5(call) {
  const { target } = call;
  const body = {
    ...target.temperature === null ? {} : { temperature: target.temperature },
    ...target.maxTokens === null ? {} : { max_output_tokens: target.maxTokens },
    ...target.systemPrompt ? { instructions: target.systemPrompt } : {},
    ...isOpenAi(target) ? { safety_identifier: call.endUserId, stream_options: { include_obfuscation: false } } : {},
    ...toRecord(target.options["extraBody"]),
    ...toPassed2(call.passThrough),
    model: target.model ?? "",
    input: toInput(call.turns),
    stream: true,
    store: isBackground(target),
    ...isBackground(target) ? { background: true } : {}
  };
  return toStreamRequest(`${target.baseUrl}/responses`, toAuthHeaders(target), body);
}
function toResponseUrl(target, responseId) {
  return `${target.baseUrl}/responses/${encodeURIComponent(responseId)}`;
}
function toStopRequest3(call, ids) {
  if (!isBackground(call.target) || ids.messageId === void 0) return null;
  return toJsonRequest(`${toResponseUrl(call.target, ids.messageId)}/cancel`, toAuthHeaders(call.target), {});
}
function toReattachRequest2(call, ids) {
  if (!isBackground(call.target) || ids.messageId === void 0) return null;
  const after = ids.sequence === void 0 ? "" : `&starting_after=${ids.sequence}`;
  return {
    method: "GET",
    url: `${toResponseUrl(call.target, ids.messageId)}?stream=true${after}`,
    headers: { accept: "text/event-stream", ...toAuthHeaders(call.target) }
  };
}

// backend/src/providers/openai-responses/adapter.ts
var openaiResponsesAdapter = {
  abilities: abilities4,
  toRequest: toRequest5,
  createDecoder: createDecoder4,
  toFailure: toHttpFailure,
  toStopRequest: toStopRequest3,
  toFeedbackRequest: () => null,
  toReattachRequest: toReattachRequest2,
  toFetchAnswerRequest: () => null,
  parseFetchedAnswer: () => null,
  toRemoveTurnRequest: () => null,
  canContinue: () => false
};

// backend/src/providers/openai/abilities.ts
var abilities5 = { isStateful: false, needsStopRequest: false, readOnMs: 2e3 };

// backend/src/providers/openai/map-finish.ts
var reasons2 = {
  stop: "stop",
  eos: "stop",
  end_turn: "stop",
  length: "length",
  model_length: "length",
  max_tokens: "length",
  content_filter: "content-filter",
  tool_calls: "tool-calls",
  function_call: "tool-calls"
};
function mapFinish4(reason) {
  return reasons2[reason] ?? "other";
}

// backend/src/providers/openai/map-usage.ts
function mapUsage5(chunk) {
  const usage = isRecord(chunk["usage"]) ? chunk["usage"] : toRecord(chunk["x_groq"])["usage"];
  if (!isRecord(usage)) return null;
  const reasoningTokens = toCount(toRecord(usage["completion_tokens_details"])["reasoning_tokens"]);
  return {
    inputTokens: toCount(usage["prompt_tokens"]),
    outputTokens: toCount(usage["completion_tokens"]),
    ...reasoningTokens > 0 ? { reasoningTokens } : {}
  };
}

// backend/src/providers/openai/think-splitter.ts
var openTag = "<think>";
var closeTag = "</think>";
function countHeldBack(text, tag) {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
function createThinkSplitter(options) {
  let state = options.startsWithReasoning ? "thinking" : "start";
  let held = "";
  function readStart(text, emit) {
    const trimmed = text.trimStart();
    if (trimmed.startsWith(openTag)) {
      state = "thinking";
      readThinking(trimmed.slice(openTag.length), emit);
    } else if (openTag.startsWith(trimmed)) {
      held = text;
    } else {
      state = "text";
      emit({ type: "text", delta: text });
    }
  }
  function readThinking(text, emit) {
    const at = text.indexOf(closeTag);
    if (at === -1) {
      const heldBack = countHeldBack(text, closeTag);
      held = text.slice(text.length - heldBack);
      emit({ type: "reasoning", delta: text.slice(0, text.length - heldBack) });
      return;
    }
    emit({ type: "reasoning", delta: text.slice(0, at) });
    state = "after";
    readAfter(text.slice(at + closeTag.length), emit);
  }
  function readAfter(text, emit) {
    const trimmed = text.trimStart();
    if (trimmed === "") return;
    state = "text";
    emit({ type: "text", delta: trimmed });
  }
  return {
    push(delta, emit) {
      if (state === "text") {
        emit({ type: "text", delta });
        return;
      }
      const text = held + delta;
      held = "";
      if (state === "start") readStart(text, emit);
      else if (state === "thinking") readThinking(text, emit);
      else readAfter(text, emit);
    },
    /** Gives out what was held back as a possible tag. */
    end(emit) {
      const text = held;
      held = "";
      emit({ type: state === "thinking" ? "reasoning" : "text", delta: text });
    }
  };
}

// backend/src/providers/openai/decode.ts
var failedReasons = /* @__PURE__ */ new Set(["insufficient_system_resource", "error", "abort"]);
function createDecoder5(call) {
  return createEventDecoder(createChunkReader(call));
}
function createChunkReader(call) {
  const splitter = createThinkSplitter({ startsWithReasoning: call.target.options["startsWithReasoning"] === true });
  const toolCalls = createToolCalls({ answerId: call.answerId });
  const prefill = toPrefill(call.continueFrom);
  let hasIds = false;
  let hasFinished = false;
  let isDone = false;
  let usage = null;
  function emitUsage(emit) {
    if (usage) emit({ type: "usage", usage });
    usage = null;
  }
  function emitText(delta, emit) {
    splitter.push(prefill ? prefill.dropRepeat(delta) : delta, emit);
  }
  function readContent(content, emit) {
    if (typeof content === "string") {
      if (content !== "") emitText(content, emit);
      return;
    }
    for (const part of toRecords(content)) {
      if (part["type"] === "thinking") emit({ type: "reasoning", delta: toThinkingText(part["thinking"]) });
      else emitText(toText2(part["text"]), emit);
    }
  }
  function readDelta(delta, emit) {
    const reasoning = toText2(delta["reasoning_content"]) || toText2(delta["reasoning"]);
    if (reasoning !== "") emit({ type: "reasoning", delta: reasoning });
    readContent(delta["content"], emit);
    const refusal = toText2(delta["refusal"]);
    if (refusal !== "") emitText(refusal, emit);
    toRecords(delta["tool_calls"]).forEach((toolCall, position) => toolCalls.push(toolCall, position, emit));
    if (isRecord(delta["function_call"])) toolCalls.push({ index: 0, function: delta["function_call"] }, 0, emit);
  }
  function finish(reason, emit) {
    if (hasFinished) return;
    hasFinished = true;
    splitter.end(emit);
    toolCalls.end(emit);
    if (failedReasons.has(reason)) emit(toFailurePart("upstream_failed", { message: `The agent stopped: ${reason}.` }));
    else emit({ type: "finish", reason: mapFinish4(reason) });
  }
  function readChunk(chunk, emit) {
    const id = toText2(chunk["id"]);
    if (!hasIds && id !== "") {
      hasIds = true;
      emit({ type: "ids", ids: { messageId: id } });
    }
    usage = mapUsage5(chunk) ?? usage;
    const choices2 = toRecords(chunk["choices"]);
    const choice = choices2.find((one) => (one["index"] ?? 0) === 0);
    if (choice) readDelta(toRecord(choice["delta"]), emit);
    const reason = toText2(choice?.["finish_reason"]);
    if (reason !== "") finish(reason, emit);
    if (hasFinished || choices2.length === 0) emitUsage(emit);
  }
  return {
    read(event, emit) {
      if (event.data.trim() === "[DONE]") {
        isDone = true;
        finish("", emit);
        emitUsage(emit);
        return true;
      }
      const chunk = parseJson(event.data);
      if (event.event === "error" || isRecord(chunk) && isErrorChunk(chunk)) {
        emit({ type: "failure", failure: mapStreamError(isRecord(chunk) ? chunk : { message: event.data }) });
        return true;
      }
      if (!isRecord(chunk)) return false;
      readChunk(chunk, emit);
      return true;
    },
    end(emit) {
      if (!hasFinished) splitter.end(emit);
      emitUsage(emit);
    },
    isFinished: () => isDone
  };
}
function isErrorChunk(chunk) {
  const error = chunk["error"];
  return isRecord(error) || typeof error === "string" && error !== "" || chunk["object"] === "error";
}
function toThinkingText(thinking) {
  if (typeof thinking === "string") return thinking;
  return toRecords(thinking).map((part) => toText2(part["text"])).join("");
}

// backend/src/providers/openai/adapter.ts
function canContinue2(target) {
  const flag = target.options["canContinue"];
  return flag === true || flag === "vllm" || flag === "prefix";
}
var openaiAdapter = {
  abilities: abilities5,
  toRequest: toRequest4,
  createDecoder: createDecoder5,
  toFailure: toHttpFailure,
  toStopRequest: () => null,
  toFeedbackRequest: () => null,
  toReattachRequest: () => null,
  toFetchAnswerRequest: () => null,
  parseFetchedAnswer: () => null,
  toRemoveTurnRequest: () => null,
  canContinue: canContinue2
};

// backend/src/providers/find-adapter.ts
var adapters = {
  openai: openaiAdapter,
  "openai-responses": openaiResponsesAdapter,
  anthropic: anthropicAdapter,
  fastgpt: fastgptAdapter,
  dify: difyAdapter
};
function getAdapter(provider) {
  return adapters[provider];
}

// backend/src/providers/answer-clocks.ts
function startAnswerClocks(deps) {
  const { clock, limits } = deps;
  let deadlineMs = clock.monotonicMs() + limits.firstContentMs;
  let meaning = "upstream_no_content";
  let expired = null;
  let cancel = clock.setTimer(limits.firstContentMs, check);
  function check() {
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs > 0) {
      cancel = clock.setTimer(leftMs, check);
      return;
    }
    expired = meaning;
    deps.onExpired();
  }
  function setDeadline(delayMs, next) {
    const isNearer = clock.monotonicMs() + delayMs < deadlineMs;
    deadlineMs = clock.monotonicMs() + delayMs;
    meaning = next;
    if (!isNearer) return;
    cancel();
    cancel = clock.setTimer(delayMs, check);
  }
  return {
    sawContent() {
      if (meaning !== "finish") setDeadline(limits.idleMs, "upstream_idle");
    },
    sawFinish: (readOnMs) => setDeadline(readOnMs, "finish"),
    expired: () => expired,
    stop: () => cancel()
  };
}

// backend/src/providers/read-answer-body.ts
var maxBodyCharacters = 65536;
var tellingCharacters = 6;
async function readAnswerBody(stream) {
  const isSuccess = stream.status >= 200 && stream.status < 300;
  if (isSuccess && /^text\/event-stream\b/i.test(stream.headers["content-type"] ?? "")) {
    return { kind: "events", text: stream.text };
  }
  const iterator = stream.text[Symbol.asyncIterator]();
  let body = "";
  while (body.length < maxBodyCharacters) {
    const next = await iterator.next();
    if (next.done) break;
    body += next.value;
    const begin = body.trimStart();
    if (isSuccess && begin.length >= tellingCharacters && /^((event|retry|data|id)?:)/.test(begin)) {
      return { kind: "events", text: continueWith(body, iterator) };
    }
  }
  return { kind: "other", body: body.slice(0, maxBodyCharacters) };
}
async function* continueWith(first, rest) {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

// backend/src/providers/stream-answer.ts
var lingerMs = 100;
async function* streamAnswer(deps, call, options) {
  const abandon = new AbortController();
  const onAbort = () => abandon.abort();
  options.signal.addEventListener("abort", onAbort, { once: true });
  if (options.signal.aborted) abandon.abort();
  const clocks = startAnswerClocks({ clock: deps.clock, limits: options.clocks, onExpired: onAbort });
  const attempt = { adapter: getAdapter(call.target.provider), call, clocks, finish: null };
  try {
    const request = options.request ?? attempt.adapter.toRequest(call);
    const { connectMs } = options.clocks;
    const stream = await deps.client.openStream(request, { signal: abandon.signal, connectMs });
    options.onConnected?.();
    yield* readParts(attempt, stream, options.request !== void 0);
  } catch (error) {
    if (options.signal.aborted) return;
    yield [attempt.finish ?? toErrorPart(attempt, error)];
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    clocks.stop();
    abandon.abort();
  }
}
async function* readParts(attempt, stream, isReattached) {
  const { adapter, call } = attempt;
  const body = await readAnswerBody(stream);
  if (body.kind === "other") {
    const failure = adapter.toFailure({ status: stream.status, headers: stream.headers, body: body.body });
    yield [toScrubbedPart(failure, call)];
    return;
  }
  const decoder = adapter.createDecoder(call, { isReattached });
  let isOver = false;
  for await (const text of body.text) {
    if (isOver) continue;
    const { batch: batch2, hasFailed: hasFailed2 } = takeParts(attempt, decoder.push(text));
    if (batch2.length > 0) yield batch2;
    if (hasFailed2) return;
    isOver = decoder.isFinished();
    if (isOver) attempt.clocks.sawFinish(lingerMs);
  }
  const { batch, hasFailed } = takeParts(attempt, isOver ? [] : decoder.end());
  if (hasFailed) yield batch;
  else yield [...batch, attempt.finish ?? { type: "failure", failure: toFailure("upstream_truncated") }];
}
function takeParts(attempt, parts) {
  const batch = [];
  let hasFailed = false;
  let hasContent = false;
  for (const part of parts) {
    if (part.type === "finish") {
      attempt.finish = part;
      attempt.clocks.sawFinish(Math.max(attempt.adapter.abilities.readOnMs, lingerMs));
      continue;
    }
    hasFailed ||= part.type === "failure";
    hasContent ||= isContentPart(part);
    batch.push(part.type === "failure" ? toScrubbedPart(part.failure, attempt.call) : part);
  }
  if (hasContent) attempt.clocks.sawContent();
  return { batch, hasFailed };
}
function toErrorPart(attempt, error) {
  const expired = attempt.clocks.expired();
  if (expired !== null && expired !== "finish") return { type: "failure", failure: toFailure(expired) };
  if (!(error instanceof AppError)) throw error;
  const { code, message, retryAfterMs } = error;
  const { isRetryable } = errorCatalogue[code];
  const failure = { code, message, isRetryable, ...retryAfterMs === void 0 ? {} : { retryAfterMs } };
  return toScrubbedPart(failure, attempt.call);
}
function toScrubbedPart(failure, call) {
  const key = call.target.apiKey ?? "";
  const message = key === "" ? failure.message : failure.message.replaceAll(key, "[key]");
  return { type: "failure", failure: { ...failure, message } };
}

// backend/src/stream-log/memory-stream-log.ts
function openMemoryStreamLog(deps) {
  const logs = /* @__PURE__ */ new Map();
  function append(request) {
    const log = logs.get(request.generationId);
    const last = request.frames.at(-1);
    if (!log || log.isClosed || log.fence !== request.fence || log.lastSeq !== request.expectedLastSeq) return "refused";
    if (!last) return "appended";
    for (const frame of request.frames) log.frames.push(frame);
    log.lastSeq = last.seq;
    log.isClosed = last.isTerminal;
    for (const viewer of log.viewers) viewer.onFrames(request.frames);
    if (log.isClosed) endViewers(log);
    return "appended";
  }
  function endViewers(log) {
    const viewers = [...log.viewers];
    log.viewers.clear();
    for (const viewer of viewers) viewer.onEnd();
  }
  function readAfter(log, afterSeq) {
    if (afterSeq < log.baseSeq || afterSeq > log.lastSeq) return null;
    return log.frames.slice(afterSeq - log.baseSeq);
  }
  function drop(generationId) {
    const log = logs.get(generationId);
    if (!log) return;
    logs.delete(generationId);
    endViewers(log);
  }
  return {
    async open(generationId, fence, baseSeq) {
      if (logs.has(generationId)) return false;
      logs.set(generationId, {
        fence,
        baseSeq,
        lastSeq: baseSeq,
        isClosed: false,
        frames: [],
        viewers: /* @__PURE__ */ new Set(),
        cancelExpiry: null
      });
      return true;
    },
    async append(requests) {
      return requests.map(append);
    },
    async seal(generationId, fence) {
      const log = logs.get(generationId);
      if (!log) return null;
      if (fence > log.fence) log.fence = fence;
      return log.lastSeq;
    },
    async findState(generationId) {
      const log = logs.get(generationId);
      return log ? { firstSeq: log.baseSeq + 1, lastSeq: log.lastSeq, isClosed: log.isClosed } : null;
    },
    async read(generationId, afterSeq) {
      const log = logs.get(generationId);
      return log ? readAfter(log, afterSeq) : null;
    },
    async subscribe(generationId, afterSeq, viewer) {
      const log = logs.get(generationId);
      const replay = log ? readAfter(log, afterSeq) : null;
      if (!log || !replay) return null;
      if (replay.length > 0) viewer.onFrames(replay);
      if (log.isClosed) viewer.onEnd();
      else log.viewers.add(viewer);
      return () => {
        log.viewers.delete(viewer);
      };
    },
    async expireAfter(generationId, ttlMs) {
      const log = logs.get(generationId);
      if (!log) return;
      log.cancelExpiry?.();
      log.cancelExpiry = deps.clock.setTimer(ttlMs, () => drop(generationId));
    },
    async close() {
      for (const [generationId, log] of logs) {
        log.cancelExpiry?.();
        drop(generationId);
      }
    }
  };
}

// backend/src/users/outage-cache.ts
import { LRUCache as LRUCache2 } from "lru-cache";
function createOutageCache(deps, options) {
  const entries = new LRUCache2({ max: options.maxEntries });
  async function load(key, loader) {
    const value = await loader();
    if (value === null) entries.delete(key);
    else entries.set(key, { value, loadedAtMs: deps.clock.monotonicMs() });
    return value;
  }
  return {
    async find(key, loader) {
      const entry = entries.get(key);
      const ageMs = entry === void 0 ? Infinity : deps.clock.monotonicMs() - entry.loadedAtMs;
      if (entry !== void 0 && ageMs < options.freshMs) return entry.value;
      try {
        return await load(key, loader);
      } catch (error) {
        const isAway = error instanceof AppError && error.code === "database_unavailable";
        if (isAway && entry !== void 0 && ageMs < options.staleMs) return entry.value;
        throw error;
      }
    },
    delete: (key) => {
      entries.delete(key);
    },
    deleteWhere(isMeant) {
      for (const [key, entry] of entries.entries()) if (isMeant(entry.value)) entries.delete(key);
    }
  };
}

// backend/src/users/secret-token.ts
import { createHash as createHash4, randomBytes as randomBytes4 } from "node:crypto";
var BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
var BASE62_LENGTH = 43;
function createToken() {
  return randomBytes4(32).toString("base64url");
}
function createApiKeySecret() {
  let rest = BigInt(`0x${randomBytes4(32).toString("hex")}`);
  let digits = "";
  for (let index = 0; index < BASE62_LENGTH; index += 1) {
    digits = (BASE62[Number(rest % 62n)] ?? "") + digits;
    rest /= 62n;
  }
  return `lc_${digits}`;
}
function toTokenHash(token) {
  return createHash4("sha256").update(token).digest("hex");
}

// backend/src/users/user.ts
var userColumns = ["users.id", "users.email", "users.name", "users.role"];

// backend/src/users/api-keys.ts
var FRESH_MS = 15e3;
var STALE_MS = 6e4;
var USED_EVERY_MS = 6e4;
var PREFIX_LENGTH = 9;
var MAX_LISTED2 = 1e3;
function toApiKey(row) {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null
  };
}
function createApiKeys(deps) {
  const { database: database2, clock } = deps;
  const cache = createOutageCache(deps, {
    maxEntries: 2e4,
    freshMs: FRESH_MS,
    staleMs: STALE_MS
  });
  async function loadKey(hash2) {
    const row = await database2.kysely.selectFrom("api_keys").innerJoin("users", "users.id", "api_keys.user_id").select([...userColumns, "api_keys.id as key_id", "api_keys.last_used_at"]).where("key_hash", "=", hash2).where("revoked_at", "is", null).where("users.is_active", "=", true).executeTakeFirst();
    if (row === void 0) return null;
    const nowMs = clock.nowMs();
    if (nowMs - (row.last_used_at?.getTime() ?? 0) >= USED_EVERY_MS) {
      const changes = { last_used_at: new Date(nowMs) };
      await database2.kysely.updateTable("api_keys").set(changes).where("id", "=", row.key_id).execute();
    }
    return { id: row.key_id, user: { id: row.id, email: row.email, name: row.name, role: row.role } };
  }
  return {
    async createApiKey(userId, name) {
      const secret = createApiKeySecret();
      const row = {
        id: deps.createId(),
        name,
        prefix: secret.slice(0, PREFIX_LENGTH),
        created_at: new Date(clock.nowMs()),
        last_used_at: null
      };
      await database2.kysely.insertInto("api_keys").values({ ...row, user_id: userId, key_hash: toTokenHash(secret) }).execute();
      return { apiKey: toApiKey(row), secret };
    },
    async listApiKeys(userId) {
      const rows = await database2.kysely.selectFrom("api_keys").select(["id", "name", "prefix", "created_at", "last_used_at"]).where("user_id", "=", userId).where("revoked_at", "is", null).orderBy("created_at", "desc").limit(MAX_LISTED2).execute();
      return rows.map(toApiKey);
    },
    async revokeApiKey(userId, apiKeyId) {
      const result = await database2.kysely.updateTable("api_keys").set({ revoked_at: new Date(clock.nowMs()) }).where("id", "=", apiKeyId).where("user_id", "=", userId).where("revoked_at", "is", null).executeTakeFirst();
      cache.deleteWhere((key) => key.id === apiKeyId);
      if (result.numUpdatedRows === 0n) throw new AppError("api_key_not_found");
    },
    async findApiKeyUser(secret) {
      const hash2 = toTokenHash(secret);
      const key = await cache.find(hash2, () => loadKey(hash2));
      return key?.user ?? null;
    }
  };
}

// backend/src/users/user-repository.ts
function toEmailKey(email2) {
  return email2.trim().toLowerCase();
}
async function hasUsers(deps) {
  const row = await deps.database.kysely.selectFrom("users").select("id").limit(1).executeTakeFirst();
  return row !== void 0;
}

// backend/src/users/authenticate-password.ts
async function authenticatePassword(deps, credentials) {
  const row = await deps.database.kysely.selectFrom("users").select([...userColumns, "users.password_hash", "users.is_active"]).where("email", "=", toEmailKey(credentials.email)).executeTakeFirst();
  const isRight = await deps.passwords.isPassword(credentials.password, row?.password_hash ?? null);
  if (row === void 0 || !isRight || !row.is_active) return null;
  return { id: row.id, email: row.email, name: row.name, role: row.role };
}

// backend/src/users/create-user.ts
import { sql as sql4 } from "kysely";

// backend/src/users/new-password.ts
var MIN_LENGTH = 12;
var MAX_LENGTH = 1024;
function assertNewPassword(password2) {
  const length = [...password2].length;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw new AppError("invalid_request", {
      message: `A password must have at least ${String(MIN_LENGTH)} characters.`,
      details: { field: "password", minLength: MIN_LENGTH }
    });
  }
}

// backend/src/users/create-user.ts
var EMAIL = /^[^@\s]+@[^@\s]+$/;
async function toRow(deps, user, role) {
  const email2 = toEmailKey(user.email);
  if (!EMAIL.test(email2)) throw new AppError("invalid_request", { message: "That is not an e-mail address." });
  assertNewPassword(user.password);
  const name = user.name?.trim() ?? "";
  return {
    id: deps.createId(),
    email: email2,
    name: name === "" ? email2 : name,
    password_hash: await deps.passwords.hashPassword(user.password),
    role
  };
}
async function insertUser(kysely, row) {
  try {
    return await kysely.insertInto("users").values(row).returning(userColumns).executeTakeFirstOrThrow();
  } catch (error) {
    if (findViolatedUnique(error) === null) throw error;
    throw new AppError("conflict", { message: `There is already a user ${row.email}.`, cause: error });
  }
}
async function createFirstAdmin(deps, user) {
  const row = await toRow(deps, user, "admin");
  return deps.database.transaction(async (trx) => {
    await sql4`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`.execute(trx);
    const anyone = await trx.selectFrom("users").select("id").limit(1).executeTakeFirst();
    if (anyone !== void 0) throw new AppError("set_up_closed");
    return insertUser(trx, row);
  });
}
async function ensureAdmin(deps, user) {
  const row = await toRow(deps, user, "admin");
  const result = await deps.database.kysely.insertInto("users").values(row).onConflict((conflict) => conflict.column("email").doNothing()).executeTakeFirst();
  return { isCreated: result.numInsertedOrUpdatedRows === 1n };
}

// backend/src/users/login-sessions.ts
var FRESH_MS2 = 15e3;
var STALE_MS2 = 6e4;
var SEEN_EVERY_MS = 6e4;
function createLoginSessions(deps, options) {
  const { database: database2, clock } = deps;
  const cache = createOutageCache(deps, { maxEntries: 2e4, freshMs: FRESH_MS2, staleMs: STALE_MS2 });
  async function markSeen(id) {
    const nowMs = clock.nowMs();
    await database2.kysely.updateTable("login_sessions").set({ last_seen_at: new Date(nowMs), idle_expires_at: new Date(nowMs + options.idleMs) }).where("id", "=", id).execute();
  }
  async function loadLoginSession(tokenHash) {
    const now = new Date(clock.nowMs());
    const row = await database2.kysely.selectFrom("login_sessions").innerJoin("users", "users.id", "login_sessions.user_id").select([...userColumns, "login_sessions.id as session_id", "login_sessions.last_seen_at"]).where("token_hash", "=", tokenHash).where("users.is_active", "=", true).where("idle_expires_at", ">", now).where("expires_at", ">", now).executeTakeFirst();
    if (row === void 0) return null;
    const writeAfterMs = Math.min(SEEN_EVERY_MS, options.idleMs / 4);
    if (now.getTime() - row.last_seen_at.getTime() >= writeAfterMs) await markSeen(row.session_id);
    return { id: row.session_id, user: { id: row.id, email: row.email, name: row.name, role: row.role } };
  }
  return {
    async openLoginSession(userId) {
      const token = createToken();
      const id = deps.createId();
      const nowMs = clock.nowMs();
      const expiresAt = new Date(nowMs + options.absoluteMs);
      await database2.kysely.insertInto("login_sessions").values({
        id,
        user_id: userId,
        token_hash: toTokenHash(token),
        created_at: new Date(nowMs),
        last_seen_at: new Date(nowMs),
        idle_expires_at: new Date(nowMs + options.idleMs),
        expires_at: expiresAt
      }).execute();
      return { id, token, expiresAt };
    },
    findLoginSession(token) {
      const tokenHash = toTokenHash(token);
      return cache.find(tokenHash, () => loadLoginSession(tokenHash));
    },
    async endLoginSession(token) {
      const tokenHash = toTokenHash(token);
      await database2.kysely.deleteFrom("login_sessions").where("token_hash", "=", tokenHash).execute();
      cache.delete(tokenHash);
    },
    async endLoginSessionsOf(userId) {
      await database2.kysely.deleteFrom("login_sessions").where("user_id", "=", userId).execute();
      cache.deleteWhere((loginSession) => loginSession.user.id === userId);
    },
    async deleteExpired() {
      const now = new Date(clock.nowMs());
      const result = await database2.kysely.deleteFrom("login_sessions").where((where) => where.or([where("expires_at", "<=", now), where("idle_expires_at", "<=", now)])).executeTakeFirst();
      return Number(result.numDeletedRows);
    }
  };
}

// backend/src/users/create-users-door.ts
function createUsersDoor(deps, options) {
  let isSetUp = false;
  return {
    ...createLoginSessions(deps, options.loginSession),
    ...createApiKeys(deps),
    async hasAdmin() {
      isSetUp ||= await hasUsers(deps);
      return isSetUp;
    },
    async authenticatePassword(email2, password2) {
      const user = await authenticatePassword(deps, { email: email2, password: password2 });
      if (user === null) throw new AppError("invalid_credentials");
      return user;
    },
    async setUpAdmin({ token, ...user }) {
      if (await hasUsers(deps)) throw new AppError("set_up_closed");
      if (!deps.setUpToken.isToken(token)) throw new AppError("set_up_token_invalid");
      return createFirstAdmin(deps, user);
    }
  };
}

// backend/src/users/password-hasher.ts
import { hash, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
var COST = { memoryCost: 65536, timeCost: 3, parallelism: 1 };
function createPasswordHasher(options = { maxConcurrent: 2 }) {
  const limit = pLimit(options.maxConcurrent);
  let decoy = null;
  const hashPassword = (password2) => limit(() => hash(password2, COST));
  return {
    hashPassword,
    async isPassword(password2, storedHash) {
      decoy ??= hashPassword("nobody has this password");
      const decoyHash = await decoy;
      const isRight = await limit(() => verify(storedHash ?? decoyHash, password2));
      return isRight && storedHash !== null;
    }
  };
}

// backend/src/users/set-up-token.ts
import { createHash as createHash5, timingSafeEqual as timingSafeEqual2 } from "node:crypto";
function createSetUpToken() {
  const token = createToken();
  const toDigest2 = (text) => createHash5("sha256").update(text).digest();
  return { token, isToken: (candidate) => timingSafeEqual2(toDigest2(candidate), toDigest2(token)) };
}

// backend/src/app.ts
var deadAfterMs = 5e3;
var overloadDelayMs = 500;
var pagesDir = fileURLToPath(new URL("../../frontend/dist", import.meta.url));
async function openApp({ config: config2, lock: lock2, createCommandRunner }) {
  const clock = systemClock;
  const createId = createUuidV7;
  const bootId = createId();
  const logger = createLogger({ level: config2.logLevel, instanceId: bootId });
  const secret = getSecretKey(config2);
  const failpoints = createFailpoints(config2.failpoint);
  const database2 = await openDatabase(config2, { logger });
  await migrateDatabase(database2, allMigrations, { logger, appVersion });
  const secretBox = createSecretBox(deriveKey(secret, "agent-keys"));
  const passwords = createPasswordHasher();
  const setUpToken = createSetUpToken();
  const users = createUsersDoor({ database: database2, clock, createId, passwords, setUpToken }, config2);
  if (config2.admin) await ensureAdmin({ database: database2, createId, passwords }, { ...config2.admin, name: "Admin" });
  const urlGuard = createUrlGuard({ allowedHosts: config2.outboundAllowedHosts });
  const outbound = createOutboundClient({ urlGuard, logger, gatherMs: config2.generation.flushMs });
  const simulator = config2.isDemoEnabled ? await openDemoUpstream() : null;
  const allow = (url2) => {
    const { hostname: hostname2, port: port2 } = new URL(url2);
    urlGuard.allowHostPort(hostname2, Number(port2));
  };
  if (simulator) allow(simulator.url);
  if (config2.providerKeys.ollamaUrl !== null) allow(config2.providerKeys.ollamaUrl);
  const agentStore = { database: database2, secretBox };
  await wireInAgents(agentStore, "demo", simulator ? createDemoAgents((provider) => simulator.baseUrl(provider)) : []);
  await wireInAgents(agentStore, "environment", await findEnvironmentAgents({ outbound }, config2.providerKeys));
  const agents2 = createAgentRepository(agentStore);
  const agentHealth = createAgentHealth({ clock });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const streamLog = openMemoryStreamLog({ clock });
  const instance = await openInstance({
    database: database2,
    clock,
    createId,
    logger,
    version: appVersion,
    everyMs: config2.heartbeatMs
  });
  const eventLoop = watchEventLoop();
  const endUserKey = deriveKey(secret, "end-user-ids");
  const toEndUserId = (userId) => createHmac("sha256", endUserKey).update(userId).digest("hex").slice(0, 32);
  async function findAgent(agentId) {
    const found = await agents2.findAgentTarget(agentId);
    return found && { id: found.agent.id, name: found.agent.name, target: found.target };
  }
  async function getAgent(agentId) {
    const id = agentId ?? (await agents2.listAgents())[0]?.id;
    if (id === void 0) throw new AppError("agent_not_found", { message: "No agent is set up yet." });
    const { agent, target } = await agents2.getActiveTarget(id);
    return { id: agent.id, name: agent.name, target };
  }
  const generationMetrics = createGenerationMetrics(registry, () => generations.countRunning());
  const generations = openGenerationRoom({
    config: config2.generation,
    clock,
    createId,
    logger: logger.child({ room: "generation" }),
    failpoints,
    database: database2,
    streamLog,
    outbound,
    instanceId: () => instance.id,
    getAdapter,
    streamAnswer: (call, options) => streamAnswer({ client: outbound, clock }, call, { ...options, clocks: config2.generation }),
    getAgent,
    findAgent,
    hasSession: (userId, sessionId) => hasSession({ database: database2 }, userId, sessionId),
    toEndUserId,
    isOverloaded: () => eventLoop.delayMs() > overloadDelayMs,
    random: Math.random,
    onEnded: (running, delivery) => {
      agentHealth.record(running.job.agent.id, delivery, running.timing.firstContentMs);
      generationMetrics.record(running.job.agent.target.provider, delivery, running.timing.firstContentMs);
    }
  });
  const isLost = config2.databaseUrl === null ? () => true : void 0;
  if (isLost) await generations.adoptLost(isLost);
  const maintenance = openMaintenance({
    clock,
    logger,
    everyMs: config2.heartbeatMs,
    generations,
    watch: config2.databaseUrl === null ? null : createOwnerWatch({ database: database2, clock, deadAfterMs })
  });
  const drain = { isDraining: false, isRefusing: false };
  const listAgents = () => agents2.listAgents();
  const findAgentHealth = (agentId) => agentHealth.find(agentId);
  const routes = createGenerationRoutes({
    config: config2,
    clock,
    createId,
    generations,
    getAgent,
    listAgents,
    logger
  });
  const http = await openHttpServer({
    config: config2,
    logger,
    clock,
    createId,
    database: database2,
    serverSecret: deriveKey(secret, "csrf"),
    metricsRegistry: registry,
    pagesDir,
    version: appVersion,
    instanceId: instance.id,
    users,
    agents: { listAgents, findAgentHealth },
    requireAgent: async (agentId) => {
      await agents2.getActiveTarget(agentId);
    },
    forwardFeedback: (userId, messageId, rating) => {
      forwardFeedback(
        { database: database2, logger, outbound, findAgent, getAdapter, toEndUserId },
        { userId, messageId, rating }
      ).catch((error) => logger.warn({ err: error }, "feedback was not forwarded"));
    },
    cli: { token: lock2?.token ?? null, runCommand: createCommandRunner({ config: config2, database: database2, logger, secretBox }) },
    opsToken: null,
    drain: { isDraining: () => drain.isDraining, isRefusing: () => drain.isRefusing },
    isMigrated: () => true,
    isStarted: () => true,
    extraRoutes: routes.plugins
  });
  await http.listen({ host: config2.host, port: config2.port, backlog: 4096 });
  const { port } = http.server.address();
  lock2?.setPort(port);
  const url = `http://${config2.host.includes(":") ? `[${config2.host}]` : config2.host}:${port}`;
  const publicUrl = config2.publicUrl ?? url;
  async function close() {
    drain.isDraining = true;
    await instance.markDraining().catch((error) => logger.warn({ err: error }, "draining could not be told"));
    await new Promise((resolve) => setTimeout(resolve, config2.drain.acceptMs));
    drain.isRefusing = true;
    maintenance.close();
    await generations.close({ finishMs: config2.drain.finishMs });
    await http.close();
    routes.close();
    eventLoop.close();
    await instance.close().catch((error) => logger.warn({ err: error }, "the end could not be told"));
    await streamLog.close();
    await outbound.close();
    await simulator?.close();
    await database2.close();
    lock2?.release();
  }
  const setUpUrl = await users.hasAdmin() ? null : `${publicUrl}/set-up?token=${setUpToken.token}`;
  return { url, setUpUrl, close };
}
async function openDemoUpstream() {
  const { openSimulator } = await import("./open-simulator-JRU6HT7A.js");
  const simulator = await openSimulator();
  return { url: simulator.url, baseUrl: (provider) => simulator.baseUrl(provider), close: () => simulator.close() };
}

// backend/src/config/config-error.ts
var ConfigError = class extends Error {
  problems;
  constructor(problems) {
    const lines = problems.map((each) => `  ${each.variable} ${each.rule}. Example: ${each.variable}=${each.example}`);
    super(`The configuration is not usable:
${lines.join("\n")}
All settings: docs/CONFIG.md`);
    this.name = "ConfigError";
    this.problems = problems;
  }
};

// backend/src/config/setting-parsers.ts
var LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;
function isLoopbackHost(host) {
  return LOOPBACK.test(host);
}
function findUrl(text, protocols) {
  if (!URL.canParse(text)) return void 0;
  const url = new URL(text);
  return protocols.includes(url.protocol) && url.hostname !== "" ? url : void 0;
}
function parseWebUrl(text) {
  const url = findUrl(text, ["http:", "https:"]);
  if (url === void 0 || url.search !== "" || url.hash !== "") return void 0;
  return url.href.replace(/\/$/, "");
}
function parsePostgresUrl(text) {
  return findUrl(text, ["postgres:", "postgresql:"]) === void 0 ? void 0 : text;
}
function parseOllamaHost(text) {
  const url = findUrl(/^https?:\/\//.test(text) ? text : `http://${text}`, ["http:", "https:"]);
  if (url === void 0) return void 0;
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.port === "" && url.protocol === "http:") url.port = "11434";
  return url.origin;
}
function parseEmail(text) {
  return /^[^@\s]+@[^@\s]+$/.test(text) && text.length <= 254 ? text.toLowerCase() : void 0;
}
function createLengthParser(min) {
  return (text) => text.length >= min ? text : void 0;
}
function parseText(text) {
  return text;
}

// backend/src/config/setting.ts
var FLAGS = /* @__PURE__ */ new Map([
  ["1", true],
  ["true", true],
  ["on", true],
  ["yes", true],
  ["0", false],
  ["false", false],
  ["off", false],
  ["no", false]
]);
function createIntegerSetting(options) {
  const { min, max, ...rest } = options;
  return {
    ...rest,
    rule: `a whole number from ${String(min)} to ${String(max)}`,
    example: options.example ?? String(options.default ?? min),
    defaultText: options.defaultText ?? String(options.default ?? "none"),
    parse(text) {
      const value = Number(text);
      return /^\d+$/.test(text) && value >= min && value <= max ? value : void 0;
    }
  };
}
function createFlagSetting(options) {
  return {
    ...options,
    rule: "1, true, on, yes, 0, false, off or no",
    example: options.example ?? "1",
    parse: (text) => FLAGS.get(text.toLowerCase())
  };
}
function createTextSetting(options) {
  return { ...options, defaultText: options.defaultText ?? options.default ?? "none" };
}
function createChoiceSetting(options) {
  const { choices: choices2, ...rest } = options;
  return {
    ...rest,
    rule: `one of ${choices2.join(", ")}`,
    example: options.example ?? choices2[0] ?? "",
    defaultText: options.defaultText ?? options.default ?? "none",
    parse: (text) => choices2.find((choice) => choice === text)
  };
}
function createListSetting(options) {
  return {
    ...options,
    default: [],
    defaultText: "none",
    parse: (text) => text.split(",").map((part) => part.trim()).filter((part) => part !== "")
  };
}

// backend/src/config/settings.ts
var MINUTE_MS = 6e4;
var DAY_MS = 24 * 60 * MINUTE_MS;
function createDurationSetting(variable, defaultMs, description, limits = {}) {
  const { minMs: min = 1, maxMs: max = DAY_MS } = limits;
  return createIntegerSetting({ variable, description, min, max, default: defaultMs });
}
var server = {
  mode: createChoiceSetting({
    variable: "LLMCHAT_MODE",
    description: "Which rules apply. Production refuses unsafe settings and brings no demo agents.",
    choices: ["embedded", "production"],
    default: null,
    defaultText: "production when DATABASE_URL is set or HOST is not loopback, else embedded",
    example: "production"
  }),
  host: createTextSetting({
    variable: "HOST",
    description: "The address to listen on. 0.0.0.0 is every network this machine is in.",
    rule: "a host name or an IP address",
    example: "0.0.0.0",
    default: "127.0.0.1",
    parse: (text) => /^[A-Za-z0-9.:_-]+$/.test(text) ? text : void 0
  }),
  port: createIntegerSetting({
    variable: "PORT",
    description: "The port to listen on; 0 takes any free one.",
    min: 0,
    max: 65535,
    default: 3001
  }),
  publicUrl: createTextSetting({
    variable: "PUBLIC_URL",
    description: "The address people use, as the browser shows it. Required in production, there with https.",
    rule: "an http or https address without query",
    example: "https://chat.corp.example",
    default: null,
    defaultText: "made from HOST and PORT",
    parse: parseWebUrl
  }),
  allowInsecureHttp: createFlagSetting({
    variable: "ALLOW_INSECURE_HTTP",
    description: "Lets production do without an https PUBLIC_URL: cookies then travel unprotected.",
    default: false,
    defaultText: "0"
  }),
  trustedProxies: createListSetting({
    variable: "TRUSTED_PROXIES",
    description: "Proxies whose X-Forwarded-* headers are believed.",
    rule: "IP addresses or networks, separated by commas",
    example: "10.0.0.0/8,127.0.0.1"
  }),
  secretKey: createTextSetting({
    variable: "SECRET_KEY",
    description: "Seals the agents\u2019 API keys and signs CSRF tokens; the same on every instance. Losing it loses the keys. Required in production. Make one with: openssl rand -base64 48",
    rule: "at least 32 characters, made at random",
    example: "(the output of: openssl rand -base64 48)",
    default: null,
    defaultText: "a file made in DATA_DIR on the first run",
    parse: createLengthParser(32)
  }),
  dataDir: createTextSetting({
    variable: "DATA_DIR",
    description: "The folder of the embedded database, its lock and the secret key. Only one process may use it.",
    rule: "a path",
    example: "/var/lib/llmchat",
    default: "./data",
    parse: parseText
  }),
  logLevel: createChoiceSetting({
    variable: "LOG_LEVEL",
    description: "The least important log lines that are written.",
    choices: ["debug", "info", "warn", "error", "silent"],
    default: "info"
  })
};
var database = {
  databaseUrl: createTextSetting({
    variable: "DATABASE_URL",
    description: "PostgreSQL 15 or later; the database needs a UTF-8 character type (not plain C).",
    rule: "a postgresql:// address",
    example: "postgresql://llmchat:password@db.corp.example:5432/llmchat",
    default: null,
    defaultText: "the embedded database in DATA_DIR",
    parse: parsePostgresUrl
  }),
  databasePoolMax: createIntegerSetting({
    variable: "DATABASE_POOL_MAX",
    description: "Connections of one instance to PostgreSQL. All instances together must stay below max_connections.",
    min: 2,
    max: 1e3,
    default: 50
  })
};
var people = {
  adminEmail: createTextSetting({
    variable: "ADMIN_EMAIL",
    description: "An administrator made at start when there is none of this address. Needs ADMIN_PASSWORD.",
    rule: "an e-mail address",
    example: "admin@corp.example",
    default: null,
    parse: parseEmail
  }),
  adminPassword: createTextSetting({
    variable: "ADMIN_PASSWORD",
    description: "The first password of ADMIN_EMAIL. A later change of it here changes nothing.",
    rule: "at least 12 characters",
    example: "(a password of your own)",
    default: null,
    parse: createLengthParser(12)
  }),
  loginIdleMs: createDurationSetting(
    "LOGIN_IDLE_MS",
    7 * DAY_MS,
    "A browser that was not used for so long must sign in again.",
    { maxMs: 366 * DAY_MS }
  ),
  loginAbsoluteMs: createDurationSetting("LOGIN_ABSOLUTE_MS", 30 * DAY_MS, "A login ends after so long in any case.", {
    maxMs: 366 * DAY_MS
  }),
  loginAttemptsPerMinute: createIntegerSetting({
    variable: "LOGIN_ATTEMPTS_PER_MINUTE",
    description: "Attempts to sign in, per address and account.",
    min: 1,
    max: 1e5,
    default: 10
  }),
  rateLimitPerMinute: createIntegerSetting({
    variable: "RATE_LIMIT_PER_MINUTE",
    description: "Requests per minute and user, or address where nobody is signed in. 0 is no limit.",
    min: 0,
    max: 1e7,
    default: null,
    defaultText: "1000 in production, else no limit",
    example: "1000"
  })
};
var agents = {
  agentsFile: createTextSetting({
    variable: "AGENTS_FILE",
    description: "Agents imported at every start; see config/agents.example.json.",
    rule: "a path",
    example: "config/agents.json",
    default: null,
    parse: parseText
  }),
  demoAgents: createFlagSetting({
    variable: "DEMO_AGENTS",
    description: "Simulated agents, labelled as such, to try everything without a key.",
    default: null,
    defaultText: "on unless in production"
  }),
  openaiApiKey: createTextSetting({
    variable: "OPENAI_API_KEY",
    description: "When set, OpenAI becomes an agent by itself.",
    rule: "a key",
    example: "(your key)",
    default: null,
    parse: parseText
  }),
  anthropicApiKey: createTextSetting({
    variable: "ANTHROPIC_API_KEY",
    description: "When set, Anthropic becomes an agent by itself.",
    rule: "a key",
    example: "(your key)",
    default: null,
    parse: parseText
  }),
  ollamaUrl: createTextSetting({
    variable: "OLLAMA_HOST",
    description: "Where an Ollama may run; if one answers there, its first model becomes an agent.",
    rule: "a host, host:port or http address",
    example: "127.0.0.1:11434",
    default: null,
    defaultText: "127.0.0.1:11434 unless in production",
    parse: parseOllamaHost
  }),
  outboundAllowedHosts: createListSetting({
    variable: "OUTBOUND_ALLOWED_HOSTS",
    description: "Private addresses that agents may have; all public ones are allowed, private ones refused.",
    rule: "host names, *.suffixes, host:port pairs or IP addresses, separated by commas",
    example: "fastgpt.corp.example,10.1.2.3:3000"
  })
};
var generation = {
  connectMs: createDurationSetting("GENERATION_CONNECT_MS", 1e4, "How long connecting to an agent may take."),
  firstContentMs: createDurationSetting("GENERATION_FIRST_CONTENT_MS", 12e4, "How long until its first content."),
  idleMs: createDurationSetting("GENERATION_IDLE_MS", 6e4, "How long it may then be silent."),
  totalMs: createDurationSetting(
    "GENERATION_TOTAL_MS",
    15 * MINUTE_MS,
    "How long one answer may take with all retries."
  ),
  flushMs: createDurationSetting("GENERATION_FLUSH_MS", 25, "How often new content goes to the log and the viewers."),
  checkpointMs: createDurationSetting(
    "GENERATION_CHECKPOINT_MS",
    2500,
    "How often running answers go to the database."
  ),
  logTtlMs: createDurationSetting(
    "GENERATION_LOG_TTL_MS",
    10 * MINUTE_MS,
    "How long the log of an ended answer is kept."
  ),
  maxRunning: createIntegerSetting({
    variable: "GENERATION_MAX_RUNNING",
    description: "Answers under way at once in one instance; further messages are answered 503 for now.",
    min: 1,
    max: 1e5,
    default: 2e3
  }),
  retryAttempts: createIntegerSetting({
    variable: "GENERATION_RETRY_ATTEMPTS",
    description: "Further attempts after a failure of which nothing was shown yet.",
    min: 0,
    max: 10,
    default: 2
  })
};
var operation = {
  heartbeatMs: createDurationSetting(
    "HEARTBEAT_MS",
    1500,
    "How often an instance shows in the database that it lives."
  ),
  drainAcceptMs: createDurationSetting(
    "DRAIN_ACCEPT_MS",
    0,
    "On a stop: how long new requests are still accepted (5000 on Kubernetes).",
    { minMs: 0 }
  ),
  drainFinishMs: createDurationSetting("DRAIN_MS", 1e4, "On a stop: how long running answers may go on.", {
    minMs: 0
  }),
  drainForceMs: createDurationSetting("DRAIN_FORCE_MS", 15e3, "On a stop: when the process ends in any case."),
  ssePingMs: createDurationSetting("SSE_PING_MS", 15e3, "How often a silent stream gets a sign of life."),
  sseMaxBufferBytes: createIntegerSetting({
    variable: "SSE_MAX_BUFFER_BYTES",
    description: "A viewer that is so far behind is disconnected; it resumes by itself.",
    min: 1024,
    max: 1073741824,
    default: 262144
  }),
  bodyLimitBytes: createIntegerSetting({
    variable: "BODY_LIMIT_BYTES",
    description: "The largest request body.",
    min: 1024,
    max: 1073741824,
    default: 2097152
  }),
  failpoint: createTextSetting({
    variable: "FAILPOINT",
    description: "For tests alone: the process dies at this write, as if the power went. See base/failpoints.ts.",
    rule: "a failpoint, or failpoint@N for its N-th pass",
    example: "commit:before",
    default: null,
    parse: (text) => /^[a-z]+:(before|after)(@[1-9]\d{0,5})?$/.test(text) ? text : void 0
  })
};
var settings = { ...server, ...database, ...people, ...agents, ...generation, ...operation };
var settingSections = [
  { title: "Server", settings: Object.values(server) },
  { title: "Database", settings: Object.values(database) },
  { title: "People", settings: Object.values(people) },
  { title: "Agents", settings: Object.values(agents) },
  { title: "Answers", settings: Object.values(generation) },
  { title: "Operation", settings: Object.values(operation) }
];

// backend/src/config/create-config.ts
var OLLAMA_DEFAULT = "http://127.0.0.1:11434";
var PRODUCTION_RATE_PER_MINUTE = 1e3;
var Reader = class {
  problems = [];
  #environment;
  constructor(environment) {
    this.#environment = environment;
  }
  read = (setting) => {
    const text = this.#environment[setting.variable]?.trim() ?? "";
    if (text === "") return setting.default;
    const value = text === setting.example && text.startsWith("(") ? void 0 : setting.parse(text);
    if (value !== void 0) return value;
    this.refuse(setting, `must be ${setting.rule}`);
    return setting.default;
  };
  refuse(setting, rule) {
    if (this.problems.some((problem) => problem.variable === setting.variable)) return;
    this.problems.push({ variable: setting.variable, rule, example: setting.example });
  }
};
function toMode(read) {
  const isExposed = read(settings.databaseUrl) !== null || !isLoopbackHost(read(settings.host));
  return read(settings.mode) ?? (isExposed ? "production" : "embedded");
}
function toAdmin(reader) {
  const email2 = reader.read(settings.adminEmail);
  const password2 = reader.read(settings.adminPassword);
  if (email2 !== null && password2 !== null) return { email: email2, password: password2 };
  if (email2 !== null) reader.refuse(settings.adminPassword, "must be set together with ADMIN_EMAIL");
  if (password2 !== null) reader.refuse(settings.adminEmail, "must be set together with ADMIN_PASSWORD");
  return null;
}
function toRateLimit(read, mode) {
  const limit = read(settings.rateLimitPerMinute) ?? (mode === "production" ? PRODUCTION_RATE_PER_MINUTE : 0);
  return limit === 0 ? null : limit;
}
function toGeneration(read) {
  return {
    connectMs: read(settings.connectMs),
    firstContentMs: read(settings.firstContentMs),
    idleMs: read(settings.idleMs),
    totalMs: read(settings.totalMs),
    flushMs: read(settings.flushMs),
    checkpointMs: read(settings.checkpointMs),
    logTtlMs: read(settings.logTtlMs),
    maxRunning: read(settings.maxRunning),
    retryAttempts: read(settings.retryAttempts)
  };
}
function refuseUnsafe(reader, config2) {
  if (config2.mode === "production") {
    if (config2.secretKey === null) reader.refuse(settings.secretKey, "must be set in production");
    const isHttps = config2.publicUrl?.startsWith("https://") ?? false;
    if (!isHttps && !reader.read(settings.allowInsecureHttp)) {
      reader.refuse(settings.publicUrl, "must be an https address in production (or set ALLOW_INSECURE_HTTP=1)");
    }
  }
  if (config2.drain.forceMs < config2.drain.acceptMs + config2.drain.finishMs) {
    reader.refuse(settings.drainForceMs, "must not be less than DRAIN_ACCEPT_MS and DRAIN_MS together");
  }
  if (config2.loginSession.absoluteMs < config2.loginSession.idleMs) {
    reader.refuse(settings.loginAbsoluteMs, "must not be less than LOGIN_IDLE_MS");
  }
}
function createConfig(environment) {
  const reader = new Reader(environment);
  const { read } = reader;
  const mode = toMode(read);
  const isProduction = mode === "production";
  const config2 = {
    mode,
    host: read(settings.host),
    port: read(settings.port),
    dataDir: read(settings.dataDir),
    databaseUrl: read(settings.databaseUrl),
    databasePoolMax: read(settings.databasePoolMax),
    publicUrl: read(settings.publicUrl),
    trustedProxies: read(settings.trustedProxies),
    logLevel: read(settings.logLevel),
    admin: toAdmin(reader),
    agentsFile: read(settings.agentsFile),
    isDemoEnabled: read(settings.demoAgents) ?? !isProduction,
    outboundAllowedHosts: read(settings.outboundAllowedHosts),
    rateLimitPerMinute: toRateLimit(read, mode),
    loginAttemptsPerMinute: read(settings.loginAttemptsPerMinute),
    bodyLimitBytes: read(settings.bodyLimitBytes),
    loginSession: { idleMs: read(settings.loginIdleMs), absoluteMs: read(settings.loginAbsoluteMs) },
    generation: toGeneration(read),
    heartbeatMs: read(settings.heartbeatMs),
    drain: {
      acceptMs: read(settings.drainAcceptMs),
      finishMs: read(settings.drainFinishMs),
      forceMs: read(settings.drainForceMs)
    },
    ssePingMs: read(settings.ssePingMs),
    sseMaxBufferBytes: read(settings.sseMaxBufferBytes),
    providerKeys: {
      openai: read(settings.openaiApiKey),
      anthropic: read(settings.anthropicApiKey),
      ollamaUrl: read(settings.ollamaUrl) ?? (isProduction ? null : OLLAMA_DEFAULT)
    },
    secretKey: read(settings.secretKey),
    failpoint: read(settings.failpoint)
  };
  refuseUnsafe(reader, config2);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config2;
}

// backend/src/data-dir/lock-data-dir.ts
import { randomBytes as randomBytes5 } from "node:crypto";
import { linkSync, mkdirSync as mkdirSync2, readFileSync as readFileSync4, renameSync, rmSync, writeFileSync as writeFileSync2 } from "node:fs";
import { hostname } from "node:os";

// backend/src/data-dir/lock-file.ts
import { readFileSync as readFileSync3 } from "node:fs";
import { join as join4 } from "node:path";

// backend/src/data-dir/process-start.ts
import { readFileSync as readFileSync2 } from "node:fs";
function findStatFields(pid) {
  try {
    const stat = readFileSync2(`/proc/${String(pid)}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
function findProcessStart(pid) {
  return findStatFields(pid)?.[19] ?? null;
}
function isProcessAlive(pid) {
  if (findStatFields(pid)?.[0] === "Z") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

// backend/src/data-dir/lock-file.ts
function toLockPath(dataDir) {
  return join4(dataDir, "llmchat.lock");
}
function isHolder(value) {
  if (typeof value !== "object" || value === null) return false;
  const { pid, processStart, hostname: hostname2, port, token } = value;
  return typeof pid === "number" && (processStart === null || typeof processStart === "string") && typeof hostname2 === "string" && (port === null || typeof port === "number") && typeof token === "string";
}
function readLockFile(dataDir) {
  const path = toLockPath(dataDir);
  let text;
  try {
    text = readFileSync3(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    const value = JSON.parse(text);
    if (isHolder(value)) return value;
  } catch {
  }
  throw new Error(`${path} is not readable. If no llmchat process runs on this folder, delete that file.`);
}
function isHolderAlive(holder, hostname2) {
  if (holder.hostname !== hostname2) return true;
  if (!isProcessAlive(holder.pid)) return false;
  const start = findProcessStart(holder.pid);
  return start === null || holder.processStart === null || start === holder.processStart;
}

// backend/src/data-dir/lock-data-dir.ts
var MAX_ATTEMPTS = 5;
function hasCode2(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
function tryCreate(path, holder) {
  try {
    writeFileSync2(path, JSON.stringify(holder), { flag: "wx", mode: 384 });
    return true;
  } catch (error) {
    if (hasCode2(error, "EEXIST")) return false;
    throw error;
  }
}
function removeStale(path, stale) {
  const aside = `${path}.${randomBytes5(6).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode2(error, "ENOENT")) return;
    throw error;
  }
  const isSame = readFileSync4(aside, "utf8").includes(stale.token);
  if (!isSame) linkSync(aside, path);
  rmSync(aside);
}
function refuse2(holder) {
  const isElsewhere = holder.hostname !== hostname();
  const place = isElsewhere ? ` on ${holder.hostname}` : "";
  throw new AppError("conflict", {
    message: `The data folder is in use by process ${String(holder.pid)}${place}.${isElsewhere ? " If that one is gone, delete its llmchat.lock." : ""}`,
    details: { pid: holder.pid, port: holder.port }
  });
}
function lockDataDir(dataDir) {
  mkdirSync2(dataDir, { recursive: true, mode: 448 });
  const path = toLockPath(dataDir);
  const holder = {
    pid: process.pid,
    processStart: findProcessStart(process.pid),
    hostname: hostname(),
    port: null,
    token: randomBytes5(32).toString("base64url")
  };
  for (let attempt = 0; !tryCreate(path, holder); attempt += 1) {
    const present = readLockFile(dataDir);
    if (present === null) continue;
    if (isHolderAlive(present, hostname()) || attempt === MAX_ATTEMPTS) refuse2(present);
    removeStale(path, present);
  }
  return {
    token: holder.token,
    setPort(port) {
      const next = `${path}.next`;
      writeFileSync2(next, JSON.stringify({ ...holder, port }), { mode: 384 });
      renameSync(next, path);
    },
    release() {
      if (readLockFile(dataDir)?.token === holder.token) rmSync(path);
    }
  };
}

// backend/dev-tmp.ts
var config = createConfig(process.env);
var lock = lockDataDir(config.dataDir);
var app = await openApp({ config, lock, createCommandRunner: () => async () => ({ exitCode: 0, output: "" }) });
console.log(app.url, app.setUpUrl);
process.once("SIGTERM", async () => {
  await app.close();
  process.exit(0);
});
