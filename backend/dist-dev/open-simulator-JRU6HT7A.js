// packages/simulator/src/open-simulator.ts
import { createServer } from "node:http";

// packages/simulator/src/http/json-fields.ts
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function findText(object, key) {
  const value = object[key];
  return typeof value === "string" ? value : null;
}
function findNumber(object, key) {
  const value = object[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
function listObjects(object, key) {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
function toObject(object, key) {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
function toContentText(content) {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.filter(isJsonObject).map((part) => findText(part, "text") ?? "").join("");
}

// packages/simulator/src/http/exchange.ts
var MAX_BODY_BYTES = 64 * 1048576;
async function readText(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error("the request body is too large for the simulator");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function parseBody(text) {
  if (text === "") return { body: {}, isBodyValid: true };
  try {
    const parsed = JSON.parse(text);
    return isJsonObject(parsed) ? { body: parsed, isBodyValid: true } : { body: {}, isBodyValid: false };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { body: {}, isBodyValid: false };
  }
}
async function readExchange(request, response) {
  const url = new URL(request.url ?? "/", "http://simulator");
  const parsed = parseBody(await readText(request));
  return {
    request,
    response,
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    ...parsed
  };
}
function findHeader(exchange, name) {
  const value = exchange.request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
function findBearer(exchange) {
  return /^Bearer\s+(.+)$/i.exec(findHeader(exchange, "authorization") ?? "")?.[1] ?? null;
}
function sendReply(response, reply) {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof reply.body === "string";
  const text = isText ? String(reply.body) : JSON.stringify(reply.body);
  const type = isText ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(reply.status, {
    ...type,
    "content-length": String(Buffer.byteLength(text)),
    ...reply.headers
  });
  response.end(text);
}

// packages/simulator/src/plan/planned-fault.ts
var FAULT_NAMES = [
  "status",
  "reset-before-headers",
  "no-response",
  "no-first-token",
  "reset",
  "cut",
  "stall",
  "stall-keepalive",
  "malformed",
  "error",
  "no-done",
  "finish-no-done",
  "no-usage",
  "duplicate-start",
  "html-502",
  "json-error-200",
  "content-filter",
  "length",
  "context-too-long",
  "refuse-prefill",
  "big-event",
  "crlf",
  "comments",
  "unknown-events",
  "after-done",
  "slow-headers",
  "stay-open"
];
var PARAMETER_NAMES = ["retry-after", "retry-after-ms", "retry-after-date", "code", "message", "keep-alive"];
function readModifier(modifier, into) {
  const cut = modifier.indexOf("=");
  const name = cut < 0 ? modifier : modifier.slice(0, cut);
  const value = cut < 0 ? "" : modifier.slice(cut + 1);
  if (name === "once") {
    into.times = 1;
    return null;
  }
  if (name === "times" && /^\d+$/.test(value)) {
    into.times = Number(value);
    return null;
  }
  const window = /^(\d+)\/(\d+)$/.exec(value);
  if (name === "flap" && window !== null) {
    into.flap = { onMs: Number(window[1]), offMs: Number(window[2]) };
    return null;
  }
  if (!PARAMETER_NAMES.includes(name)) return `unknown fault modifier "${modifier}"`;
  into.parameters[name] = value;
  return null;
}
function parseFault(key) {
  const [head = "", ...modifiers] = key.split(";");
  const match = /^([a-z0-9-]+)(?:@(\d+)|=(\d+))?$/.exec(head);
  const name = FAULT_NAMES.find((known) => known === match?.[1]);
  if (match === null || name === void 0) return `unknown fault "${head}"`;
  if ((name === "status" || name === "slow-headers") && match[3] === void 0) return `${name} wants a number`;
  const read = { parameters: {}, times: null, flap: null };
  for (const modifier of modifiers) {
    const problem = readModifier(modifier, read);
    if (problem !== null) return problem;
  }
  return {
    name,
    at: Number(match[2] ?? 0),
    hasPosition: match[2] !== void 0,
    value: Number(match[3] ?? 0),
    parameters: read.parameters,
    times: read.times,
    flap: read.flap,
    key
  };
}
function parseFaults(text) {
  const faults = [];
  const problems = [];
  for (const part of text.split("+")) {
    const parsed = parseFault(part);
    if (typeof parsed === "string") problems.push(parsed);
    else faults.push(parsed);
  }
  return { faults, problems };
}

// packages/simulator/src/plan.ts
var DEFAULT_PLAN = {
  tokens: null,
  ttftMs: 50,
  gapMs: 5,
  seed: null,
  corpus: "words",
  reasoning: 0,
  steps: 0,
  tools: 0,
  interactive: "none",
  mode: "chat",
  order: "message-end-first",
  usage: "normal",
  heartbeatMs: null,
  quirk: null,
  faults: []
};
var DEFAULT_TOKENS = 60;
var PlanProblem = class extends Error {
};
function toCount(key, value) {
  if (!/^\d{1,9}$/.test(value)) throw new PlanProblem(`${key} wants a whole number, not "${value}"`);
  return Number(value);
}
function toMs(key, value) {
  if (!/^\d{1,9}(\.\d+)?$/.test(value)) throw new PlanProblem(`${key} wants milliseconds, not "${value}"`);
  return Number(value);
}
function toChoice(key, value, choices) {
  const found = choices.find((choice) => choice === value);
  if (found === void 0) throw new PlanProblem(`${key} wants one of ${choices.join(", ")}, not "${value}"`);
  return found;
}
var CORPORA = ["words", "ascii", "demo"];
var QUIRKS = ["deepseek", "qwen", "groq", "mistral", "kimi", "vllm", "ollama", "azure", "think-tags"];
function toMode(value) {
  const choice = toChoice("mode", value, ["chat", "agent", "workflow", "agent-chat", "advanced-chat"]);
  if (choice === "agent-chat") return "agent";
  return choice === "advanced-chat" ? "workflow" : choice;
}
var SETTERS = {
  tokens: (value, settings) => settings.tokens = toCount("tokens", value),
  ttft: (value, settings) => settings.ttftMs = toMs("ttft", value),
  gap: (value, settings) => settings.gapMs = toMs("gap", value),
  seed: (value, settings) => settings.seed = toCount("seed", value),
  corpus: (value, settings) => settings.corpus = toChoice("corpus", value, CORPORA),
  reasoning: (value, settings) => settings.reasoning = toCount("reasoning", value),
  steps: (value, settings) => settings.steps = toCount("steps", value),
  tools: (value, settings) => settings.tools = toCount("tools", value),
  interactive: (value, settings) => settings.interactive = toChoice("interactive", value, ["none", "select", "form"]),
  mode: (value, settings) => settings.mode = toMode(value),
  order: (value, settings) => settings.order = toChoice("order", value, ["message-end-first", "workflow-finished-first"]),
  usage: (value, settings) => settings.usage = toChoice("usage", value, ["normal", "none"]),
  heartbeat: (value, settings) => settings.heartbeatMs = toMs("heartbeat", value),
  quirk: (value, settings) => settings.quirk = toChoice("quirk", value, QUIRKS)
};
function applyModifiers(settings, modifiers, problems) {
  if (modifiers.length === 0) return;
  if (settings.faults === void 0) {
    problems.push(`${modifiers.join(" ")} needs a fault`);
    return;
  }
  const suffix = modifiers.map((modifier) => `;${modifier}`).join("");
  const parsed = parseFaults(settings.faults.map((fault) => fault.key + suffix).join("+"));
  settings.faults = parsed.faults;
  problems.push(...parsed.problems);
}
function parsePlan(text) {
  const settings = {};
  const problems = [];
  const modifiers = [];
  for (const pair of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const cut = pair.indexOf("=");
    const key = cut < 0 ? pair : pair.slice(0, cut);
    const value = cut < 0 ? "" : pair.slice(cut + 1);
    if (key === "once" || key === "times" || key === "flap") {
      modifiers.push(pair);
      continue;
    }
    if (key === "fault") {
      const parsed = parseFaults(value);
      settings.faults = [...settings.faults ?? [], ...parsed.faults];
      problems.push(...parsed.problems);
      continue;
    }
    const set = Object.hasOwn(SETTERS, key) ? SETTERS[key] : void 0;
    if (set === void 0) {
      problems.push(`unknown key "${key}"`);
      continue;
    }
    try {
      set(value, settings);
    } catch (error) {
      if (!(error instanceof PlanProblem)) throw error;
      problems.push(error.message);
    }
  }
  applyModifiers(settings, modifiers, problems);
  return { settings, problems };
}
function toPlan(settingsByPriority) {
  return Object.assign({}, DEFAULT_PLAN, ...[...settingsByPriority].reverse());
}

// packages/simulator/src/plan/select-plan.ts
function findDirective(prompt) {
  const found = Array.from(prompt.matchAll(/\[\[sim\s+([^\]]*)\]\]/g)).at(-1);
  return found?.[1] ?? null;
}
function findPlanSuffix(name) {
  const suffix = /^[^:]*:(.*)$/.exec(name ?? "")?.[1];
  return suffix?.includes("=") === true ? suffix : null;
}
function selectPlan(sources) {
  const texts = [
    findDirective(sources.prompt),
    findPlanSuffix(sources.model),
    findPlanSuffix(sources.apiKey),
    sources.header,
    sources.defaultPlan
  ];
  const parsed = texts.filter((text) => text !== null).map(parsePlan);
  return {
    plan: toPlan(parsed.map((part) => part.settings)),
    problems: parsed.flatMap((part) => part.problems)
  };
}

// packages/simulator/src/text/stable-hash.ts
function toStableHash(text) {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  }
  return hash >>> 0;
}
function toDerivedSeed(seed, salt) {
  return toStableHash(`${salt}/${String(seed >>> 0)}`);
}
function toHexDigits(key, salt, length) {
  let digits = "";
  for (let part = 0; digits.length < length; part += 1) {
    const hash = toStableHash(`${salt}.${String(part)}/${String(key)}`);
    digits += (Math.imul(hash ^ hash >>> 15, 739982445) >>> 0).toString(16).padStart(8, "0");
  }
  return digits.slice(0, length);
}
function toDerivedUuid(key, salt) {
  const digits = toHexDigits(key, salt, 32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20)
  ].join("-");
}
function toFixedCreatedAt(seed) {
  return 177e7 + seed % 1e6;
}
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = state + 1831565813 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
}

// packages/simulator/src/run/planned-text.ts
function toWanted(request, seed) {
  const { plan } = request;
  const fallback = plan.corpus === "demo" ? Number.MAX_SAFE_INTEGER : DEFAULT_TOKENS;
  return {
    seed,
    tokens: plan.tokens ?? fallback,
    corpus: plan.corpus,
    prompt: request.prompt
  };
}
function findRest(tokens, prefill) {
  let rest = prefill;
  for (const [index, token] of tokens.entries()) {
    if (rest.length < token.length) {
      return token.startsWith(rest) ? [token.slice(rest.length), ...tokens.slice(index + 1)] : null;
    }
    if (!rest.startsWith(token)) return null;
    rest = rest.slice(token.length);
  }
  return rest === "" ? [] : null;
}
function listAnswerTokens(cache, request) {
  const wanted = toWanted(request, request.seed);
  const whole = cache.list(wanted).slice(0, wanted.tokens);
  if (request.prefill === "") return whole;
  const rest = findRest(whole, request.prefill);
  if (rest !== null) return rest;
  return cache.list(toWanted(request, toDerivedSeed(request.seed, request.prefill))).slice(0, wanted.tokens);
}
function listReasoningTokens(cache, request) {
  const { plan, seed } = request;
  if (plan.reasoning === 0 || request.prefill !== "") return [];
  const corpus = plan.corpus === "ascii" ? "ascii" : "words";
  const tokens = cache.list({
    seed: toDerivedSeed(seed, "reasoning"),
    tokens: plan.reasoning,
    corpus
  });
  return tokens.slice(0, plan.reasoning);
}
function toPlannedText(cache, request) {
  const reasoning = listReasoningTokens(cache, request);
  const answer2 = listAnswerTokens(cache, request);
  const { faults } = request;
  const filterAt = faults.at("content-filter");
  const lengthAt = Math.min(faults.at("length"), request.maxTokens ?? Number.POSITIVE_INFINITY);
  const planned = reasoning.length + answer2.length;
  const end = Math.min(filterAt, lengthAt);
  const isPlannedEnd = faults.has("length") || faults.has("content-filter");
  if (end >= planned && !isPlannedEnd) return { reasoning, answer: answer2, finish: "stop" };
  return {
    reasoning: reasoning.slice(0, end),
    answer: answer2.slice(0, Math.max(0, end - reasoning.length)),
    finish: filterAt <= lengthAt ? "content-filter" : "length"
  };
}

// packages/simulator/src/run/admit-generation.ts
var HTML_502 = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
function toRetryHeaders(fault) {
  const headers = {};
  const { parameters } = fault;
  if (parameters["retry-after"] !== void 0) headers["retry-after"] = parameters["retry-after"];
  if (parameters["retry-after-ms"] !== void 0) headers["retry-after-ms"] = parameters["retry-after-ms"];
  if (parameters["retry-after-date"] !== void 0) {
    headers["retry-after"] = new Date(Date.now() + Number(parameters["retry-after-date"]) * 1e3).toUTCString();
  }
  return headers;
}
function findEarlyReply(faults, request) {
  const { toErrorReply } = request;
  const status = faults.find("status");
  if (status !== null) {
    const message = status.parameters["message"] ?? `simulated status ${String(status.value)}`;
    const code = status.parameters["code"] ?? null;
    const reply = toErrorReply({
      status: status.value,
      reason: "by-status",
      message,
      code
    });
    return {
      ...reply,
      status: status.value,
      headers: { ...reply.headers, ...toRetryHeaders(status) }
    };
  }
  if (faults.has("html-502"))
    return {
      status: 502,
      headers: { "content-type": "text/html" },
      body: HTML_502
    };
  if (faults.has("json-error-200")) {
    const message = faults.find("json-error-200")?.parameters["message"] ?? "simulated error with status 200";
    return {
      ...toErrorReply({
        status: 500,
        reason: "by-status",
        message,
        code: null
      }),
      status: 200
    };
  }
  if (faults.has("context-too-long")) {
    return toErrorReply({
      status: 400,
      reason: "context-too-long",
      message: "",
      code: null
    });
  }
  if (faults.has("refuse-prefill") && request.prefill !== null) {
    return toErrorReply({
      status: 400,
      reason: "prefill-refused",
      message: "",
      code: null
    });
  }
  return null;
}
function strikesEarly(faults, request, ticket) {
  const { response } = request.exchange;
  if (faults.has("reset-before-headers")) {
    ticket.end("faulted");
    response.socket?.resetAndDestroy();
    return true;
  }
  if (faults.has("no-response")) {
    response.once("close", () => {
      ticket.end("aborted");
    });
    return true;
  }
  const reply = findEarlyReply(faults, request);
  if (reply === null) return false;
  ticket.end("faulted");
  sendReply(response, reply);
  return true;
}
function delayHeaders(context, request, ticket, delayMs, next) {
  const { response } = request.exchange;
  if (delayMs === 0) {
    next();
    return;
  }
  let isGone = false;
  const noteGone = () => {
    isGone = true;
    ticket.end("aborted");
  };
  response.once("close", noteGone);
  const wake = () => {
    response.off("close", noteGone);
    if (!isGone) next();
  };
  context.ticker.schedule({ wake }, context.ticker.nowMs() + delayMs);
}
function admitGeneration(context, request, onAdmitted) {
  const ticket = context.counters.open(request.provider);
  const { prompt, model, apiKey } = request;
  const header = findHeader(request.exchange, "x-sim-plan");
  const selected = selectPlan({
    prompt,
    model,
    apiKey,
    header,
    defaultPlan: context.defaultPlan
  });
  if (selected.problems.length > 0) {
    ticket.end("faulted");
    const message = `simulator plan: ${selected.problems.join("; ")}`;
    sendReply(
      request.exchange.response,
      request.toErrorReply({
        status: 400,
        reason: "bad-request",
        message,
        code: null
      })
    );
    return;
  }
  const plan = request.resumed?.plan ?? selected.plan;
  const seed = request.resumed?.seed ?? plan.seed ?? toStableHash(prompt);
  const faults = context.gate.admit(plan.faults, seed);
  delayHeaders(context, request, ticket, faults.find("slow-headers")?.value ?? 0, () => {
    if (strikesEarly(faults, request, ticket)) return;
    const { maxTokens } = request;
    const prefill = request.prefill ?? "";
    const text = toPlannedText(context.tokens, {
      plan,
      seed,
      prompt,
      prefill,
      maxTokens,
      faults
    });
    const promptTokens = Math.max(1, Math.ceil((prompt.length + prefill.length) / 4));
    onAdmitted({
      plan,
      seed,
      idKey: context.ids.next(seed),
      faults,
      ticket,
      text,
      promptTokens
    });
  });
}

// packages/simulator/src/run/stream-output.ts
function openStreamOutput(response, head) {
  const socket = response.socket;
  const canChunk = response.req.httpVersion !== "1.0" && socket !== null;
  response.writeHead(200, canChunk ? { ...head.headers, "transfer-encoding": "chunked" } : head.headers);
  let areHeadersSent = head.isLate !== true;
  if (areHeadersSent) response.flushHeaders();
  let isOver = false;
  return {
    write(frames) {
      if (isOver || response.destroyed) return true;
      if (!areHeadersSent) {
        areHeadersSent = true;
        response.flushHeaders();
      }
      if (!canChunk) return response.write(frames);
      return socket.write(`${Buffer.byteLength(frames).toString(16)}\r
${frames}\r
`);
    },
    end() {
      isOver = true;
      response.end();
    },
    reset() {
      isOver = true;
      response.socket?.resetAndDestroy();
    },
    onDrain(listener) {
      if (canChunk) {
        socket.on("drain", listener);
        response.once("close", () => socket.off("drain", listener));
      } else response.on("drain", listener);
    },
    onGone(listener) {
      response.once("close", () => {
        if (!isOver) {
          isOver = true;
          listener();
        }
      });
    }
  };
}

// packages/simulator/src/run/decorate-frames.ts
var BIG_EVENT_BYTES = 1048576;
function isToken(beat) {
  return beat.kind === "answer" || beat.kind === "reasoning";
}
function createFrameDecorator(faults, source) {
  const hasComments = faults.has("comments");
  const hasUnknown = faults.has("unknown-events");
  const isCrlf = faults.has("crlf");
  let isBigEventDue = faults.has("big-event");
  if (!hasComments && !hasUnknown && !isCrlf && !isBigEventDue) return null;
  let count = 0;
  return (beat) => {
    let frame = beat.frame;
    if (isBigEventDue && isToken(beat)) {
      isBigEventDue = false;
      frame = frame.replace(/\}\n\n$/, `,"padding":"${"x".repeat(BIG_EVENT_BYTES)}"}

`);
    }
    if (hasUnknown && count % 3 === 0) frame = source.unknownFrame + frame;
    if (hasComments) frame = `: comment ${String(count)}

${frame}`;
    count += 1;
    return isCrlf ? frame.replaceAll("\n", "\r\n") : frame;
  };
}

// packages/simulator/src/run/stream-run.ts
var POSITIONED_FAULTS = ["malformed", "duplicate-start", "error", "cut", "reset", "stall", "stall-keepalive"];
function listDueFaults(faults) {
  const due = POSITIONED_FAULTS.filter(
    (name) => faults.has(name) && (name !== "duplicate-start" || faults.find(name)?.hasPosition === true)
  ).map((name) => ({ name, at: faults.at(name) }));
  if (faults.has("no-first-token")) due.push({ name: "no-first-token", at: 0 });
  return due.sort((left, right) => left.at - right.at);
}
var StreamRun = class {
  progress = {
    isStopped: false,
    answerTokens: 0,
    reasoningTokens: 0,
    frames: 0
  };
  /** All frames so far, without decorations, when the run keeps them. */
  frames = [];
  options;
  outputs = /* @__PURE__ */ new Set();
  decorate;
  dueFaults;
  heartbeat = {
    wake: (nowMs) => this.beatHeart(nowMs)
  };
  beats;
  pending = null;
  dueMs = 0;
  heartbeatMs;
  isScheduled = false;
  isStalled = false;
  isBlocked = false;
  isHeartScheduled = false;
  joined = "";
  outcome = null;
  constructor(options) {
    this.options = options;
    this.heartbeatMs = options.heartbeatMs;
    this.beats = options.source.createBeats(this.progress);
    this.decorate = createFrameDecorator(options.faults, options.source);
    this.dueFaults = listDueFaults(options.faults);
  }
  get isEnded() {
    return this.outcome !== null;
  }
  /** Sends all later frames to this output as well; its client's leaving ends the run unless the run survives. */
  attach(output) {
    this.outputs.add(output);
    output.onGone(() => {
      this.outputs.delete(output);
      if (this.isEnded) return;
      this.options.onClientGone();
      if (!this.options.survivesClient) this.end("aborted");
    });
    if (!this.options.survivesClient) {
      output.onDrain(() => {
        this.isBlocked = false;
        this.wake(this.options.ticker.nowMs());
      });
    }
  }
  start() {
    const nowMs = this.options.ticker.nowMs();
    this.dueMs = nowMs + this.options.ttftMs;
    this.scheduleHeart(nowMs);
    this.advance(nowMs);
  }
  /** Ends the tokens now and sends the closing frames. */
  stop() {
    if (this.isEnded) return;
    this.progress.isStopped = true;
    this.isStalled = false;
    this.isBlocked = false;
    this.pending = null;
    this.advance(this.options.ticker.nowMs());
  }
  /** Ends the run at once and without closing frames. */
  abort() {
    this.end("aborted");
  }
  wake(nowMs) {
    this.isScheduled = false;
    this.advance(nowMs);
  }
  advance(nowMs) {
    while (!this.isEnded && !this.isStalled && !this.isBlocked) {
      const beat = this.pending ?? this.pull();
      if (beat === null) {
        this.end(this.progress.isStopped ? "stopped" : "finished");
        return;
      }
      this.pending = beat;
      if (this.strikes(beat)) continue;
      const isTimed = beat.kind === "answer" || beat.kind === "reasoning" || beat.kind === "step";
      if (isTimed && this.dueMs > nowMs) {
        this.scheduleNext();
        return;
      }
      this.pending = null;
      if (isTimed) this.dueMs += this.options.gapMs;
      this.send(beat, isTimed && this.options.gapMs > 0 && this.dueMs <= nowMs);
    }
  }
  pull() {
    const next = this.beats.next();
    return next.done === true ? null : next.value;
  }
  scheduleNext() {
    this.flush();
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.options.ticker.schedule(this, this.dueMs);
  }
  send(beat, canJoin) {
    const { faults } = this.options;
    if (beat.kind === "done" && (faults.has("no-done") || faults.has("finish-no-done"))) return;
    if (beat.kind === "usage" && faults.has("no-usage")) return;
    if (beat.kind === "answer") this.progress.answerTokens += 1;
    else if (beat.kind === "reasoning") this.progress.reasoningTokens += 1;
    this.progress.frames += 1;
    const frame = this.decorate === null ? beat.frame : this.decorate(beat);
    if (this.options.keepsFrames) this.frames.push(beat.frame);
    this.joined += frame;
    if (!canJoin) this.flush();
    if (beat.kind === "open" && this.progress.frames === 1 && this.hasDoubledStart()) this.write(frame);
    if (beat.kind === "done" && faults.has("after-done")) this.write(this.options.source.afterDoneFrame);
    if (beat.kind === "finish" && faults.has("finish-no-done")) this.end("finished");
  }
  hasDoubledStart() {
    return this.options.faults.find("duplicate-start")?.hasPosition === false;
  }
  flush() {
    if (this.joined === "") return;
    const frames = this.joined;
    this.joined = "";
    this.write(frames);
  }
  write(frames) {
    if (frames === "") return;
    for (const output of this.outputs) {
      if (!output.write(frames) && !this.options.survivesClient) this.isBlocked = true;
    }
  }
  strikes(beat) {
    const fault = this.dueFaults[0];
    if (fault === void 0 || this.progress.isStopped) return false;
    if (this.progress.answerTokens + this.progress.reasoningTokens < fault.at) return false;
    if (beat.kind === "open" && !this.strikesBeforeOpening(fault)) return false;
    this.dueFaults.shift();
    this.flush();
    this.strike(fault.name);
    return true;
  }
  strikesBeforeOpening(fault) {
    if (fault.name === "error") return fault.at === 0 && this.options.source.errorsAfterOpening !== true;
    return fault.name === "no-first-token";
  }
  strike(name) {
    const { source, faults } = this.options;
    if (name === "malformed") this.write(source.malformedFrame);
    else if (name === "duplicate-start") this.restart();
    else if (name === "error") this.fail();
    else if (name === "cut" || name === "reset") this.breakConnection(name);
    else this.stall(name === "stall-keepalive" || faults.find(name)?.parameters["keep-alive"] !== void 0, name);
  }
  restart() {
    this.progress.answerTokens = 0;
    this.progress.reasoningTokens = 0;
    this.pending = null;
    this.beats = this.options.source.createBeats(this.progress);
  }
  fail() {
    const fault = this.options.faults.find("error");
    const message = fault?.parameters["message"] ?? "simulated in-stream error";
    const code = fault?.parameters["code"] ?? null;
    for (const frame of this.options.source.toErrorFrames(this.progress, code, message)) {
      this.progress.frames += 1;
      if (this.options.keepsFrames) this.frames.push(frame);
      this.write(frame);
    }
    this.end("failed");
  }
  breakConnection(name) {
    this.closeOutputs(name);
    if (!this.options.survivesClient) this.end("broken");
  }
  closeOutputs(how) {
    for (const output of this.outputs) {
      if (how === "reset") output.reset();
      else output.end();
    }
    this.outputs.clear();
  }
  stall(keepsAlive, name) {
    this.isStalled = true;
    const given = Number(this.options.faults.find(name)?.parameters["keep-alive"] ?? 0);
    if (!keepsAlive) {
      this.heartbeatMs = 0;
      return;
    }
    if (given > 0) this.heartbeatMs = given;
    if (this.heartbeatMs === 0) this.heartbeatMs = 1e3;
    this.scheduleHeart(this.options.ticker.nowMs());
  }
  scheduleHeart(nowMs) {
    if (this.isHeartScheduled || this.heartbeatMs <= 0) return;
    this.isHeartScheduled = true;
    this.options.ticker.schedule(this.heartbeat, nowMs + this.heartbeatMs);
  }
  beatHeart(nowMs) {
    this.isHeartScheduled = false;
    if (this.isEnded || this.heartbeatMs <= 0) return;
    this.flush();
    this.write(this.options.source.keepAliveFrame);
    this.scheduleHeart(nowMs);
  }
  end(outcome) {
    if (this.isEnded) return;
    this.flush();
    this.outcome = outcome;
    if (!this.options.faults.has("stay-open")) this.closeOutputs("end");
    this.options.onEnd(outcome);
  }
};

// packages/simulator/src/run/start-run.ts
function createRun(context, request, onEnd) {
  const { admitted } = request;
  const { plan, faults, ticket } = admitted;
  const run = new StreamRun({
    ticker: context.ticker,
    source: request.source,
    faults,
    ttftMs: plan.ttftMs,
    gapMs: plan.gapMs,
    heartbeatMs: plan.heartbeatMs ?? request.heartbeatMs,
    survivesClient: request.survivesClient,
    keepsFrames: request.keepsFrames,
    onClientGone: () => {
      ticket.noteClientGone();
    },
    onEnd: (outcome) => {
      ticket.end(outcome === "failed" || outcome === "broken" ? "faulted" : outcome);
      request.onEnd?.(run, outcome);
      onEnd(outcome);
    }
  });
  return run;
}
function openStreamRun(context, request, head) {
  const run = createRun(context, request, () => void 0);
  run.attach(openStreamOutput(request.exchange.response, head));
  return run;
}
function openDetachedRun(context, request) {
  return createRun(context, request, () => void 0);
}
function toMalformedReply(reply) {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    ...reply.headers
  };
  return { ...reply, headers, body: JSON.stringify(reply.body).slice(0, -2) };
}
function openBlockingRun(context, request, answer2) {
  const { response } = request.exchange;
  const { faults } = request.admitted;
  const run = createRun(context, request, (outcome) => {
    if (outcome === "broken" || outcome === "aborted") {
      response.socket?.resetAndDestroy();
      return;
    }
    if (outcome === "failed") {
      const fault = faults.find("error");
      const message = fault?.parameters["message"] ?? "simulated error";
      const code = fault?.parameters["code"] ?? null;
      sendReply(
        response,
        answer2.toErrorReply({
          status: 500,
          reason: "by-status",
          message,
          code
        })
      );
      return;
    }
    const reply = answer2.toReply(run);
    sendReply(response, faults.has("malformed") ? toMalformedReply(reply) : reply);
  });
  const output = {
    write: () => true,
    end: () => {
      if (!run.isEnded) response.socket?.resetAndDestroy();
    },
    reset: () => response.socket?.resetAndDestroy(),
    onDrain: () => void 0,
    onGone: (listener) => {
      response.once("close", () => {
        if (!response.writableFinished) listener();
      });
    }
  };
  run.attach(output);
  return run;
}

// packages/simulator/src/anthropic/anthropic-error.ts
var TYPE_BY_STATUS = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  504: "timeout_error",
  529: "overloaded_error"
};
var MESSAGE_BY_REASON = {
  "context-too-long": "prompt is too long: 214213 tokens > 200000 maximum",
  "prefill-refused": "This model does not support assistant message prefill. The conversation must end with a user message."
};
function toMessage(error) {
  return error.reason === "context-too-long" || error.reason === "prefill-refused" ? MESSAGE_BY_REASON[error.reason] : error.message;
}
function isSpendLimit(code) {
  return code === "enforced_spend_limit_reached" || code === "contract_spend_limit_reached";
}
function toRateLimitHeaders(status) {
  return {
    "anthropic-ratelimit-requests-limit": "1000",
    "anthropic-ratelimit-requests-remaining": status === 429 ? "0" : "999",
    "anthropic-ratelimit-requests-reset": "2027-01-01T00:00:00Z"
  };
}
function toAnthropicErrorReply(error) {
  const type = TYPE_BY_STATUS[error.status] ?? "api_error";
  const details = isSpendLimit(error.code) ? { details: { error_code: error.code } } : {};
  return {
    status: error.status,
    headers: {
      "request-id": "req_simulated",
      ...toRateLimitHeaders(error.status)
    },
    body: {
      type: "error",
      error: { type, message: toMessage(error), ...details },
      request_id: "req_simulated"
    }
  };
}
function toAnthropicErrorFrame(code, message) {
  const error = {
    type: code ?? "overloaded_error",
    message: code === null ? "Overloaded" : message
  };
  return `event: error
data: ${JSON.stringify({ type: "error", error })}

`;
}

// packages/simulator/src/openai/simulated-tools.ts
var NAMES = ["get_weather", "get_time", "search_documents"];
var CITIES = ["Paris", "\u4E0A\u6D77", "Z\xFCrich", "Nairobi"];
function toSimulatedTools(seed, count) {
  return Array.from({ length: count }, (_unused, index) => {
    const input = {
      location: CITIES[(seed + index) % CITIES.length],
      days: index + 1
    };
    const argumentsJson = JSON.stringify(input);
    return {
      callId: `call_${toHexDigits(seed, `tool ${String(index)}`, 24)}`,
      name: NAMES[index % NAMES.length] ?? NAMES[0],
      input,
      argumentsJson,
      pieces: argumentsJson.match(/[^]{1,6}/g) ?? []
    };
  });
}

// packages/simulator/src/anthropic/messages-frames.ts
function toBeat(kind, type, fields) {
  return {
    kind,
    frame: `event: ${type}
data: ${JSON.stringify({ type, ...fields })}

`
  };
}
var PING_FRAME = 'event: ping\ndata: {"type":"ping"}\n\n';
function toMessagesUsage(admitted, progress) {
  if (admitted.plan.usage === "none" || admitted.faults.has("no-usage")) return null;
  const cached = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const input = { input_tokens: admitted.promptTokens, ...cached };
  if (progress !== null)
    return {
      ...input,
      output_tokens: progress.answerTokens + progress.reasoningTokens
    };
  const creation = {
    cache_creation: {
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: 0
    }
  };
  return {
    ...input,
    ...creation,
    output_tokens: 1,
    service_tier: "standard",
    inference_geo: "not_available"
  };
}
function toMessageId(admitted) {
  return `msg_01${toHexDigits(admitted.seed, "message", 22)}`;
}
function toStopReason(admitted, request) {
  const { finish } = admitted.text;
  if (finish === "length") return "max_tokens";
  if (finish === "content-filter") return "refusal";
  return admitted.plan.tools > 0 && !request.isToolResult ? "tool_use" : "end_turn";
}
function toThinkingSignature(admitted) {
  return toHexDigits(admitted.seed, "signature", 64);
}
function listToolBlocks(admitted, request) {
  if (request.isToolResult || admitted.text.finish !== "stop") return [];
  return toSimulatedTools(admitted.seed, admitted.plan.tools).map((tool, index) => ({
    block: {
      type: "tool_use",
      id: `toolu_01${toHexDigits(admitted.seed, `toolu ${String(index)}`, 22)}`,
      name: tool.name,
      input: tool.input
    },
    pieces: ["", ...tool.pieces]
  }));
}
function* toThinkingBeats(admitted, progress) {
  const block = { type: "thinking", thinking: "", signature: "" };
  yield toBeat("block", "content_block_start", {
    index: 0,
    content_block: block
  });
  for (const token of admitted.text.reasoning) {
    yield toBeat("reasoning", "content_block_delta", {
      index: 0,
      delta: { type: "thinking_delta", thinking: token }
    });
    if (progress.isStopped) return;
  }
  const signature = {
    type: "signature_delta",
    signature: toThinkingSignature(admitted)
  };
  yield toBeat("block", "content_block_delta", { index: 0, delta: signature });
  yield toBeat("block", "content_block_stop", { index: 0 });
}
function* toTextBeats(admitted, index, progress) {
  yield toBeat("block", "content_block_start", {
    index,
    content_block: { type: "text", text: "" }
  });
  if (index === 0) yield { kind: "block", frame: PING_FRAME };
  const head = `event: content_block_delta
data: {"type":"content_block_delta","index":${String(index)},"delta":{"type":"text_delta","text":`;
  for (const token of admitted.text.answer) {
    yield { kind: "answer", frame: `${head}${JSON.stringify(token)}}}

` };
    if (progress.isStopped) return;
  }
  yield toBeat("block", "content_block_stop", { index });
}
function* toToolBeats(admitted, request, firstIndex) {
  for (const [offset, { block, pieces }] of listToolBlocks(admitted, request).entries()) {
    const index = firstIndex + offset;
    yield toBeat("step", "content_block_start", {
      index,
      content_block: { ...block, input: {} }
    });
    for (const piece of pieces) {
      yield toBeat("step", "content_block_delta", {
        index,
        delta: { type: "input_json_delta", partial_json: piece }
      });
    }
    yield toBeat("block", "content_block_stop", { index });
  }
}
function* toBlockBeats(admitted, request, progress) {
  const { reasoning, answer: answer2 } = admitted.text;
  let index = 0;
  if (reasoning.length > 0) {
    yield* toThinkingBeats(admitted, progress);
    index += 1;
  } else if (answer2.length === 0) yield { kind: "block", frame: PING_FRAME };
  if (answer2.length > 0) {
    yield* toTextBeats(admitted, index, progress);
    index += 1;
  }
  yield* toToolBeats(admitted, request, index);
}
function toStart(admitted, request) {
  const usage = toMessagesUsage(admitted, null);
  return {
    message: {
      model: request.model,
      id: toMessageId(admitted),
      type: "message",
      role: "assistant",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      ...usage === null ? {} : { usage }
    }
  };
}
function toEnd(admitted, request, progress) {
  const stopReason = toStopReason(admitted, request);
  const details = {
    stop_details: {
      type: "refusal",
      category: "simulated",
      explanation: "a planned refusal"
    }
  };
  const usage = toMessagesUsage(admitted, progress);
  return {
    delta: {
      stop_reason: stopReason,
      stop_sequence: null,
      ...stopReason === "refusal" ? details : {}
    },
    ...usage === null ? {} : { usage }
  };
}
function createMessagesSource(admitted, request) {
  function* createBeats(progress) {
    yield toBeat("open", "message_start", toStart(admitted, request));
    yield* toBlockBeats(admitted, request, progress);
    yield toBeat("finish", "message_delta", toEnd(admitted, request, progress));
    yield toBeat("done", "message_stop", {});
  }
  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toAnthropicErrorFrame(code, message)],
    keepAliveFrame: PING_FRAME,
    unknownFrame: 'event: simulated_unknown\ndata: {"type":"simulated_unknown","value":1}\n\n',
    malformedFrame: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
    afterDoneFrame: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"after done"}}\n\n'
  };
}

// packages/simulator/src/openai/chat-request.ts
function toLastUserPrompt(messages) {
  const last = messages.findLast((message) => message["role"] === "user");
  return last === void 0 ? "" : toContentText(last["content"]);
}
function parseChatRequest(body) {
  const model = findText(body, "model");
  if (model === null) return "you must provide a model parameter";
  const messages = listObjects(body, "messages");
  const last = messages.at(-1);
  if (last === void 0 || !isJsonObject(last)) return "'messages' must be a non-empty array";
  const streamOptions = toObject(body, "stream_options");
  return {
    model,
    prompt: toLastUserPrompt(messages),
    prefill: last["role"] === "assistant" ? toContentText(last["content"]) : null,
    isStream: body["stream"] === true,
    includesUsage: streamOptions["include_usage"] === true,
    includesObfuscation: streamOptions["include_obfuscation"] !== false,
    hasContinuousUsage: streamOptions["continuous_usage_stats"] === true,
    maxTokens: findNumber(body, "max_completion_tokens") ?? findNumber(body, "max_tokens"),
    isToolResult: last["role"] === "tool"
  };
}

// packages/simulator/src/anthropic/messages-request.ts
var OLD_VERSION = "2023-06-01";
var NEW_VERSION = "2026-10-21";
var SAMPLING_FIELDS = ["temperature", "top_p", "top_k"];
function findVersionProblem(exchange) {
  const version = findHeader(exchange, "anthropic-version");
  if (version === null) return "anthropic-version: header is required";
  if (version !== OLD_VERSION && version !== NEW_VERSION)
    return `anthropic-version: "${version}" is not a valid version`;
  const sampling = SAMPLING_FIELDS.find((field) => exchange.body[field] !== void 0);
  if (version === NEW_VERSION && sampling !== void 0) return `${sampling}: Extra inputs are not permitted`;
  return null;
}
function findPrefillProblem(body, model, prefill) {
  if (prefill === null) return null;
  const thinking = findText(toObject(body, "thinking"), "type");
  if (model.includes("4-6")) {
    return "This model does not support assistant message prefill. The conversation must end with a user message.";
  }
  if (thinking === "enabled" || thinking === "adaptive") {
    return "messages: prefill is not supported when thinking is enabled";
  }
  return /\s$/.test(prefill) ? "messages: final assistant content cannot end with trailing whitespace" : null;
}
function hasToolResult(message) {
  return listObjects(message, "content").some((block) => block["type"] === "tool_result");
}
function parseMessagesRequest(exchange) {
  const { body } = exchange;
  const versionProblem = findVersionProblem(exchange);
  if (versionProblem !== null) return versionProblem;
  const model = findText(body, "model");
  if (model === null) return "model: Field required";
  const maxTokens = findNumber(body, "max_tokens");
  if (maxTokens === null) return "max_tokens: Field required";
  const messages = listObjects(body, "messages");
  const last = messages.at(-1);
  if (last === void 0) return "messages: at least one message is required";
  if (messages.some((message) => message["role"] !== "user" && message["role"] !== "assistant")) {
    return "messages: Unexpected role. The Messages API accepts a top-level `system` parameter";
  }
  const prefill = last["role"] === "assistant" ? toContentText(last["content"]) : null;
  const prefillProblem = findPrefillProblem(body, model, prefill);
  if (prefillProblem !== null) return prefillProblem;
  return {
    model,
    prompt: toLastUserPrompt(messages),
    prefill,
    isStream: body["stream"] === true,
    maxTokens,
    isToolResult: hasToolResult(last)
  };
}

// packages/simulator/src/anthropic/anthropic-provider.ts
var MESSAGES_PATH = "/anthropic/v1/messages";
var MODELS_PATH = "/anthropic/v1/models";
function refuse(exchange, status, message) {
  sendReply(exchange.response, toAnthropicErrorReply({ status, reason: "by-status", message, code: null }));
}
function hasKey(exchange) {
  const key = findHeader(exchange, "x-api-key") ?? findBearer(exchange);
  return key !== null && !key.includes("invalid");
}
function toMessage2(admitted, request, progress) {
  const { reasoning, answer: answer2 } = admitted.text;
  const thinking = {
    type: "thinking",
    thinking: reasoning.join(""),
    signature: toThinkingSignature(admitted)
  };
  const usage = toMessagesUsage(admitted, progress);
  return {
    model: request.model,
    id: toMessageId(admitted),
    type: "message",
    role: "assistant",
    content: [
      ...reasoning.length > 0 ? [thinking] : [],
      ...answer2.length > 0 ? [{ type: "text", text: answer2.join("") }] : [],
      ...listToolBlocks(admitted, request).map(({ block }) => block)
    ],
    stop_reason: toStopReason(admitted, request),
    stop_sequence: null,
    ...usage === null ? {} : { usage }
  };
}
function handleMessages(context, exchange) {
  const request = parseMessagesRequest(exchange);
  if (typeof request === "string") {
    context.counters.open("anthropic").end("faulted");
    refuse(exchange, 400, request);
    return;
  }
  const { prompt, model, prefill, maxTokens } = request;
  const toErrorReply = toAnthropicErrorReply;
  const generation = {
    exchange,
    prompt,
    model,
    prefill,
    maxTokens,
    apiKey: null,
    toErrorReply
  };
  admitGeneration(context, { provider: "anthropic", ...generation }, (admitted) => {
    const source = createMessagesSource(admitted, request);
    const run = {
      exchange,
      admitted,
      source,
      heartbeatMs: 0,
      survivesClient: false,
      keepsFrames: false
    };
    if (request.isStream) {
      const headers = {
        "content-type": "text/event-stream; charset=utf-8",
        "request-id": "req_simulated"
      };
      openStreamRun(context, run, { headers }).start();
      return;
    }
    openBlockingRun(context, run, {
      toReply: ({ progress }) => ({
        status: 200,
        body: toMessage2(admitted, request, progress)
      }),
      toErrorReply
    }).start();
  });
}
function createAnthropicProvider(context) {
  return {
    name: "anthropic",
    handle(exchange) {
      const isMessages = exchange.method === "POST" && exchange.path === MESSAGES_PATH;
      if (!isMessages) context.counters.countOther("anthropic");
      if (!hasKey(exchange)) {
        if (isMessages) context.counters.open("anthropic").end("faulted");
        refuse(exchange, 401, "invalid x-api-key");
      } else if (isMessages) {
        handleMessages(context, exchange);
      } else if (exchange.method === "GET" && exchange.path === MODELS_PATH) {
        const model = {
          type: "model",
          id: "sim",
          display_name: "Simulator",
          created_at: "2026-01-01T00:00:00Z"
        };
        sendReply(exchange.response, {
          status: 200,
          body: {
            data: [model],
            has_more: false,
            first_id: "sim",
            last_id: "sim"
          }
        });
      } else {
        refuse(exchange, 404, `Not found: ${exchange.path}`);
      }
    },
    reset: () => void 0
  };
}

// packages/simulator/src/counters.ts
function createZeroCounters() {
  return {
    requests: 0,
    inFlight: 0,
    maxInFlight: 0,
    finished: 0,
    abortedByClient: 0,
    stopped: 0,
    faulted: 0,
    otherRequests: 0
  };
}
function createZeroBook() {
  return {
    total: createZeroCounters(),
    providers: {
      openai: createZeroCounters(),
      "openai-responses": createZeroCounters(),
      anthropic: createZeroCounters(),
      fastgpt: createZeroCounters(),
      dify: createZeroCounters()
    }
  };
}
function createCounterBook() {
  let book = createZeroBook();
  return {
    open(provider) {
      const rows = [book.total, book.providers[provider]];
      let isOpen = true;
      let isClientGone = false;
      const noteClientGone = () => {
        if (isClientGone) return;
        isClientGone = true;
        for (const row of rows) row.abortedByClient += 1;
      };
      for (const row of rows) {
        row.requests += 1;
        row.inFlight += 1;
        row.maxInFlight = Math.max(row.maxInFlight, row.inFlight);
      }
      return {
        noteClientGone,
        end(how) {
          if (!isOpen) return;
          isOpen = false;
          for (const row of rows) {
            row.inFlight -= 1;
            if (how !== "aborted") row[how] += 1;
          }
          if (how === "aborted") noteClientGone();
        }
      };
    },
    countOther(provider) {
      book.total.otherRequests += 1;
      book.providers[provider].otherRequests += 1;
    },
    read: () => structuredClone(book),
    reset() {
      book = createZeroBook();
    }
  };
}

// packages/simulator/src/dify/dify-error.ts
var CODE_BY_STATUS = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  413: "file_too_large",
  415: "unsupported_file_type",
  429: "too_many_requests"
};
function toDifyCode(status) {
  return CODE_BY_STATUS[status] ?? "internal_server_error";
}
function toDifyRefusal(status, code, message) {
  return { status, body: { code, message, status } };
}
function toDifyErrorReply(error) {
  if (error.reason === "context-too-long") {
    const message = "This model's maximum context length is 8192 tokens.";
    return toDifyRefusal(400, "completion_request_error", message);
  }
  if (error.reason === "by-status") {
    return toDifyRefusal(error.status, error.code ?? toDifyCode(error.status), error.message);
  }
  return toDifyRefusal(400, "invalid_param", error.message === "" ? "request refused" : error.message);
}

// packages/simulator/src/dify/app-api.ts
var CONVERSATION_MISSING = toDifyRefusal(404, "not_found", "Conversation Not Exists.");
function toMode2(exchange, defaultPlan) {
  const apiKey = findBearer(exchange);
  const { plan } = selectPlan({
    prompt: "",
    model: null,
    apiKey,
    header: null,
    defaultPlan
  });
  if (plan.mode === "workflow") return "advanced-chat";
  return plan.mode === "agent" ? "agent-chat" : "chat";
}
function toLimit(exchange) {
  const asked = Number(exchange.query.get("limit") ?? 20);
  return Number.isInteger(asked) && asked >= 1 && asked <= 100 ? asked : 20;
}
function findOwn(store, id, user) {
  const conversation = store.conversations.find(id);
  return conversation !== null && conversation.user === user ? conversation : null;
}
function toWireMessage(message, previous) {
  return {
    id: message.ids.messageId,
    conversation_id: message.ids.conversationId,
    parent_message_id: previous?.ids.messageId ?? null,
    inputs: message.inputs,
    query: message.query,
    answer: message.answer,
    status: message.status,
    error: message.error,
    message_files: [],
    feedback: message.rating === null ? null : { rating: message.rating },
    retriever_resources: [],
    agent_thoughts: [],
    created_at: message.createdAt
  };
}
var listMessages = (store, exchange) => {
  const { query } = exchange;
  const conversation = findOwn(store, query.get("conversation_id") ?? "", query.get("user"));
  if (conversation === null) return CONVERSATION_MISSING;
  const limit = toLimit(exchange);
  const firstId = query.get("first_id") ?? "";
  const all = conversation.messages.map((message, index) => toWireMessage(message, conversation.messages[index - 1]));
  const before = firstId === "" ? all.length : all.findIndex((message) => message["id"] === firstId);
  if (before < 0) return toDifyRefusal(404, "not_found", "First Message Not Exists.");
  const start = Math.max(0, before - limit);
  return {
    status: 200,
    body: { limit, has_more: start > 0, data: all.slice(start, before) }
  };
};
var listConversations = (store, exchange) => {
  const limit = toLimit(exchange);
  const user = exchange.query.get("user");
  const all = store.conversations.list().filter((conversation) => conversation.user === user).sort((left, right) => right.changeNumber - left.changeNumber);
  const lastId = exchange.query.get("last_id") ?? "";
  const start = lastId === "" ? 0 : all.findIndex((conversation) => conversation.id === lastId) + 1;
  const data = all.slice(start, start + limit).map((conversation) => ({
    id: conversation.id,
    name: conversation.name,
    inputs: conversation.inputs,
    status: "normal",
    introduction: "",
    created_at: conversation.createdAt,
    updated_at: conversation.createdAt + conversation.changeNumber
  }));
  return {
    status: 200,
    body: { limit, has_more: start + limit < all.length, data }
  };
};
var deleteConversation = (store, exchange, ids) => {
  const conversation = findOwn(store, ids[0] ?? "", findText(exchange.body, "user"));
  if (conversation === null) return CONVERSATION_MISSING;
  store.conversations.delete(conversation.id);
  return { status: 204, body: "" };
};
var rateMessage = (store, exchange, ids) => {
  const message = store.findMessage(ids[0] ?? "");
  if (message === null || message.user !== findText(exchange.body, "user")) {
    return toDifyRefusal(404, "not_found", "Message Not Exists.");
  }
  const { rating } = exchange.body;
  if (rating !== "like" && rating !== "dislike" && rating !== null) {
    return toDifyRefusal(400, "invalid_param", "rating must be like, dislike or null");
  }
  message.rating = rating;
  return { status: 200, body: { result: "success" } };
};
var stopTask = (store, exchange, ids) => {
  const user = findText(exchange.body, "user");
  if (user === null) return toDifyRefusal(400, "invalid_param", "user is required");
  const stored = store.runs.find(ids[0] ?? "");
  if (stored !== null && stored.user === user) stored.run.stop();
  return { status: 200, body: { result: "success" } };
};
var getInfo = (_store, exchange, _ids, defaultPlan) => {
  const mode = toMode2(exchange, defaultPlan);
  const body = {
    name: "Simulated app",
    description: "A simulated Dify app",
    tags: [],
    mode,
    author_name: "simulator"
  };
  return { status: 200, body };
};
var getParameters = () => {
  const off = { enabled: false };
  const image = {
    enabled: true,
    number_limits: 3,
    transfer_methods: ["remote_url", "local_file"]
  };
  return {
    status: 200,
    body: {
      opening_statement: "Hello, I am a simulated Dify app. \u4F60\u597D\uFF01",
      suggested_questions: ["What can you do?", "\u4F60\u80FD\u505A\u4EC0\u4E48\uFF1F"],
      suggested_questions_after_answer: off,
      speech_to_text: off,
      text_to_speech: off,
      retriever_resource: { enabled: true },
      annotation_reply: off,
      user_input_form: [
        {
          "text-input": {
            label: "Name",
            variable: "name",
            required: false,
            max_length: 48,
            default: ""
          }
        }
      ],
      file_upload: { image },
      system_parameters: { file_size_limit: 15, image_file_size_limit: 10 }
    }
  };
};

// packages/simulator/src/run/bounded-store.ts
function createBoundedStore(capacity) {
  const entries = /* @__PURE__ */ new Map();
  return {
    find: (id) => entries.get(id) ?? null,
    set(id, value) {
      entries.set(id, value);
      if (entries.size <= capacity) return;
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    },
    delete(id) {
      entries.delete(id);
    },
    list: () => [...entries.values()],
    clear() {
      entries.clear();
    }
  };
}

// packages/simulator/src/dify/app-store.ts
var MAX_ENTRIES = 5e3;
function createAppStore() {
  const conversations = createBoundedStore(MAX_ENTRIES);
  const runs = createBoundedStore(MAX_ENTRIES);
  let changes = 0;
  return {
    conversations,
    runs,
    touch(conversation) {
      changes += 1;
      conversation.changeNumber = changes;
    },
    findMessage(messageId) {
      for (const conversation of conversations.list()) {
        const message = conversation.messages.find((candidate) => candidate.ids.messageId === messageId);
        if (message !== void 0) return message;
      }
      return null;
    },
    clear() {
      conversations.clear();
      runs.clear();
    }
  };
}

// packages/simulator/src/dify/dify-turn.ts
function toDifyIds(idKey, conversationId) {
  return {
    taskId: toDerivedUuid(idKey, "task"),
    messageId: toDerivedUuid(idKey, "message"),
    conversationId: conversationId === "" ? toDerivedUuid(idKey, "conversation") : conversationId,
    workflowRunId: toDerivedUuid(idKey, "workflow run")
  };
}
function toAnswerText(turn, progress) {
  return turn.admitted.text.answer.slice(0, progress.answerTokens).join("");
}
function toPrice(tokens, unit) {
  return (tokens / 1e3 * unit).toFixed(7);
}
function toUsage(turn, progress) {
  const prompt = turn.admitted.promptTokens;
  const completion = progress.answerTokens + progress.reasoningTokens;
  return {
    prompt_tokens: prompt,
    prompt_unit_price: "0.001",
    prompt_price_unit: "0.001",
    prompt_price: toPrice(prompt, 1e-3),
    completion_tokens: completion,
    completion_unit_price: "0.002",
    completion_price_unit: "0.001",
    completion_price: toPrice(completion, 2e-3),
    total_tokens: prompt + completion,
    total_price: (Number(toPrice(prompt, 1e-3)) + Number(toPrice(completion, 2e-3))).toFixed(7),
    currency: "USD",
    latency: 1.381760165997548
  };
}
function listResources(turn) {
  if (turn.admitted.plan.steps === 0) return [];
  return [
    {
      position: 1,
      dataset_id: toDerivedUuid(1, "dataset"),
      dataset_name: "Simulated documents",
      document_id: toDerivedUuid(1, "document"),
      document_name: "handbook.md",
      segment_id: toDerivedUuid(1, "segment"),
      score: 0.98457545,
      content: "A simulated passage. \u4E00\u6BB5\u6A21\u62DF\u7684\u6587\u5B57\u3002"
    }
  ];
}
function toDifyMetadata(turn, progress) {
  const { plan, faults } = turn.admitted;
  const hasUsage = plan.usage === "normal" && !faults.has("no-usage");
  return {
    ...hasUsage ? { usage: toUsage(turn, progress) } : {},
    retriever_resources: listResources(turn)
  };
}
function toCommonFields(turn) {
  const { taskId, messageId, conversationId } = turn.ids;
  const created = { created_at: toFixedCreatedAt(turn.admitted.seed) };
  return {
    task_id: taskId,
    message_id: messageId,
    conversation_id: conversationId,
    ...created
  };
}
function toDifyFrame(event, fields) {
  return `data: ${JSON.stringify({ event, ...fields })}

`;
}
function createAnswerWriter(turn, event) {
  const fields = JSON.stringify({
    event,
    ...toCommonFields(turn),
    id: turn.ids.messageId
  });
  const head = `data: ${fields.slice(0, -1)},"answer":`;
  return (token) => `${head}${JSON.stringify(token)}}

`;
}
var PING_FRAME2 = "event: ping\n\n";
function toDifyErrorFrame(turn, code, message) {
  const { task_id: _taskId, ...fields } = toCommonFields(turn);
  const status = code === null || code === "internal_server_error" ? 500 : 400;
  return toDifyFrame("error", {
    ...fields,
    status,
    code: code ?? "internal_server_error",
    message
  });
}

// packages/simulator/src/dify/chat-frames.ts
function toSharedFrames(turn) {
  const late = {
    ...toCommonFields(turn),
    id: turn.ids.messageId,
    answer: "after done"
  };
  return {
    keepAliveFrame: PING_FRAME2,
    unknownFrame: toDifyFrame("simulated_unknown", {
      ...toCommonFields(turn),
      value: 1
    }),
    malformedFrame: 'data: {"event":"message","answer":\n\n',
    afterDoneFrame: toDifyFrame("message", late)
  };
}
function toMessageEndFrame(turn, progress) {
  const fields = {
    ...toCommonFields(turn),
    id: turn.ids.messageId,
    metadata: toDifyMetadata(turn, progress),
    files: null
  };
  return toDifyFrame("message_end", fields);
}
function createChatAppSource(turn) {
  const toAnswer = createAnswerWriter(turn, "message");
  function* createBeats(progress) {
    for (const token of turn.admitted.text.answer) {
      if (progress.isStopped) break;
      yield { kind: "answer", frame: toAnswer(token) };
    }
    yield { kind: "done", frame: toMessageEndFrame(turn, progress) };
  }
  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toDifyErrorFrame(turn, code, message)],
    ...toSharedFrames(turn)
  };
}
function toThoughtFrame(turn, position, fields) {
  const id = toDerivedUuid(turn.admitted.idKey, `thought ${String(position)}`);
  const empty = {
    thought: "",
    observation: "",
    tool: "",
    tool_labels: {},
    tool_input: "",
    message_files: []
  };
  return toDifyFrame("agent_thought", {
    ...toCommonFields(turn),
    id,
    position,
    ...empty,
    ...fields
  });
}
function* toToolBeats2(turn, tools) {
  for (const [index, tool] of tools.entries()) {
    const position = index + 1;
    const called = {
      tool: tool.name,
      tool_labels: { [tool.name]: { en_US: tool.name, zh_Hans: tool.name } },
      tool_input: JSON.stringify({ [tool.name]: tool.input }),
      thought: "I should look that up."
    };
    const observation = JSON.stringify({ [tool.name]: "ok" });
    yield { kind: "step", frame: toThoughtFrame(turn, position, {}) };
    yield { kind: "block", frame: toThoughtFrame(turn, position, called) };
    yield {
      kind: "step",
      frame: toThoughtFrame(turn, position, { ...called, observation })
    };
  }
}
function createAgentAppSource(turn) {
  const toAnswer = createAnswerWriter(turn, "agent_message");
  const tools = toSimulatedTools(turn.admitted.seed, turn.admitted.plan.tools);
  function* createBeats(progress) {
    yield* toToolBeats2(turn, tools);
    yield { kind: "block", frame: toThoughtFrame(turn, tools.length + 1, {}) };
    for (const token of turn.admitted.text.answer) {
      if (progress.isStopped) break;
      yield { kind: "answer", frame: toAnswer(token) };
    }
    const thought = toAnswerText(turn, progress);
    yield {
      kind: "block",
      frame: toThoughtFrame(turn, tools.length + 1, { thought })
    };
    yield { kind: "done", frame: toMessageEndFrame(turn, progress) };
  }
  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toDifyErrorFrame(turn, code, message)],
    ...toSharedFrames(turn)
  };
}

// packages/simulator/src/dify/chatflow-frames.ts
var STEP_NODES = [
  {
    id: "retrieval",
    type: "knowledge-retrieval",
    title: "Knowledge retrieval"
  },
  { id: "classifier", type: "question-classifier", title: "\u95EE\u9898\u5206\u7C7B" },
  { id: "request", type: "http-request", title: "HTTP request" }
];
var LLM_NODE = { id: "llm", type: "llm", title: "LLM" };
var ANSWER_NODE = { id: "answer", type: "answer", title: "Answer" };
function listNodes(turn) {
  const steps = Array.from({ length: turn.admitted.plan.steps }, (_unused, index) => {
    const node = STEP_NODES[index % STEP_NODES.length] ?? LLM_NODE;
    return { ...node, id: `${node.id}-${String(index)}` };
  });
  return [{ id: "start", type: "start", title: "Start" }, ...steps, LLM_NODE, ANSWER_NODE];
}
function toRunFields(turn) {
  return { ...toCommonFields(turn), workflow_run_id: turn.ids.workflowRunId };
}
function toStartedFrame(turn) {
  const data = {
    id: turn.ids.workflowRunId,
    workflow_id: toDerivedUuid(1, "workflow"),
    inputs: {
      ...turn.inputs,
      "sys.query": turn.query,
      "sys.user_id": turn.user
    },
    created_at: toFixedCreatedAt(turn.admitted.seed)
  };
  return toDifyFrame("workflow_started", { ...toRunFields(turn), data });
}
function toNodeFrame(turn, nodes, index, outputs) {
  const node = nodes[index] ?? LLM_NODE;
  const data = {
    id: toDerivedUuid(turn.admitted.idKey, `node ${String(index)}`),
    node_id: node.id,
    node_type: node.type,
    title: node.title,
    index: index + 1,
    predecessor_node_id: nodes[index - 1]?.id ?? null,
    inputs: outputs === null ? null : {},
    created_at: toFixedCreatedAt(turn.admitted.seed)
  };
  if (outputs === null) return toDifyFrame("node_started", { ...toRunFields(turn), data });
  const metadata = {
    total_tokens: turn.admitted.promptTokens,
    total_price: "0.0000000",
    currency: "USD"
  };
  const ended = {
    process_data: {},
    outputs,
    status: "succeeded",
    error: null,
    elapsed_time: 0.1
  };
  const fields = {
    ...data,
    ...ended,
    execution_metadata: node.type === "llm" ? metadata : null
  };
  return toDifyFrame("node_finished", { ...toRunFields(turn), data: fields });
}
function toFlowFinishedFrame(turn, progress, status, error) {
  const created = toFixedCreatedAt(turn.admitted.seed);
  const data = {
    id: turn.ids.workflowRunId,
    workflow_id: toDerivedUuid(1, "workflow"),
    status,
    outputs: { answer: toAnswerText(turn, progress) },
    error,
    elapsed_time: 1.5,
    total_tokens: turn.admitted.promptTokens + progress.answerTokens + progress.reasoningTokens,
    total_steps: listNodes(turn).length,
    created_at: created,
    finished_at: created + 2
  };
  return toDifyFrame("workflow_finished", { ...toRunFields(turn), data });
}
function* toPauseBeats(turn) {
  const formToken = toDerivedUuid(turn.admitted.idKey, "form");
  const inputs = [{ type: "paragraph", output_variable_name: "comment", required: true }];
  const actions = [
    { id: "approve", title: "Approve" },
    { id: "refuse", title: "Refuse" }
  ];
  const form = {
    form_id: formToken,
    node_id: "human",
    node_title: "Approval",
    form_content: "Please decide. \u8BF7\u9009\u62E9\u3002"
  };
  const data = { ...form, form_token: formToken, inputs, actions };
  yield {
    kind: "step",
    frame: toDifyFrame("human_input_required", { ...toRunFields(turn), data })
  };
  const paused = {
    workflow_run_id: turn.ids.workflowRunId,
    paused_nodes: ["human"],
    outputs: {},
    status: "paused"
  };
  yield {
    kind: "done",
    frame: toDifyFrame("workflow_paused", {
      ...toRunFields(turn),
      data: paused
    })
  };
}
function* toTokenBeats(turn, progress) {
  const { reasoning, answer: answer2 } = turn.admitted.text;
  for (const [index, token] of reasoning.entries()) {
    const data = {
      reasoning: token,
      node_id: LLM_NODE.id,
      is_final: index === reasoning.length - 1
    };
    yield {
      kind: "reasoning",
      frame: toDifyFrame("reasoning_chunk", { ...toRunFields(turn), data })
    };
    if (progress.isStopped) return;
  }
  const toAnswer = createAnswerWriter(turn, "message");
  for (const token of answer2) {
    yield { kind: "answer", frame: toAnswer(token) };
    if (progress.isStopped) return;
  }
}
function* toClosingBeats(turn, progress) {
  const status = progress.isStopped ? "stopped" : "succeeded";
  const messageEnd = {
    kind: "done",
    frame: toMessageEndFrame(turn, progress)
  };
  const finished = {
    kind: "finish",
    frame: toFlowFinishedFrame(turn, progress, status, null)
  };
  if (turn.admitted.plan.order === "message-end-first") {
    yield messageEnd;
    yield finished;
  } else {
    yield finished;
    yield messageEnd;
  }
}
function createChatflowSource(turn) {
  const nodes = listNodes(turn);
  function* createBeats(progress) {
    yield { kind: "open", frame: toStartedFrame(turn) };
    for (let index = 0; index < nodes.length - 2 && !progress.isStopped; index += 1) {
      yield {
        kind: index === 0 ? "block" : "step",
        frame: toNodeFrame(turn, nodes, index, null)
      };
      yield { kind: "block", frame: toNodeFrame(turn, nodes, index, {}) };
    }
    if (turn.admitted.plan.interactive !== "none") {
      yield* toPauseBeats(turn);
      return;
    }
    if (!progress.isStopped) {
      yield {
        kind: "block",
        frame: toNodeFrame(turn, nodes, nodes.length - 2, null)
      };
      yield* toTokenBeats(turn, progress);
    }
    if (!progress.isStopped) {
      const text = toAnswerText(turn, progress);
      yield {
        kind: "block",
        frame: toNodeFrame(turn, nodes, nodes.length - 2, { text })
      };
      yield {
        kind: "block",
        frame: toNodeFrame(turn, nodes, nodes.length - 1, null)
      };
      yield {
        kind: "block",
        frame: toNodeFrame(turn, nodes, nodes.length - 1, { answer: text })
      };
    }
    yield* toClosingBeats(turn, progress);
  }
  return {
    createBeats,
    toErrorFrames(progress, code, message) {
      const error = toDifyErrorFrame(turn, code, message);
      return progress.frames === 0 ? [error] : [toFlowFinishedFrame(turn, progress, "failed", message), error];
    },
    ...toSharedFrames(turn)
  };
}

// packages/simulator/src/dify/chat-messages.ts
var HEARTBEAT_MS = 1e4;
var DIFY_STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache"
};
function findProblem(body) {
  if (!isJsonObject(body["inputs"])) return "inputs is required in input form";
  if ((findText(body, "query") ?? "") === "") return "query is required";
  if ((findText(body, "user") ?? "") === "") return "user is required";
  const mode = body["response_mode"];
  if (mode !== void 0 && mode !== "streaming" && mode !== "blocking")
    return "response_mode must be streaming or blocking";
  return null;
}
function createSource(turn) {
  const { mode } = turn.admitted.plan;
  if (mode === "workflow") return createChatflowSource(turn);
  return mode === "agent" ? createAgentAppSource(turn) : createChatAppSource(turn);
}
function toBlockingReply(turn, progress) {
  const { taskId, messageId, conversationId } = turn.ids;
  return {
    status: 200,
    body: {
      event: "message",
      task_id: taskId,
      id: messageId,
      message_id: messageId,
      conversation_id: conversationId,
      mode: turn.admitted.plan.mode === "workflow" ? "advanced-chat" : "chat",
      answer: toAnswerText(turn, progress),
      metadata: toDifyMetadata(turn, progress),
      created_at: toFixedCreatedAt(turn.admitted.seed)
    }
  };
}
function createConversation(store, turn) {
  const conversation = {
    id: turn.ids.conversationId,
    user: turn.user,
    name: turn.query.slice(0, 20),
    inputs: turn.inputs,
    createdAt: toFixedCreatedAt(turn.admitted.seed),
    changeNumber: 0,
    messages: []
  };
  store.conversations.set(conversation.id, conversation);
  return conversation;
}
function storeMessage(store, turn) {
  const conversation = store.conversations.find(turn.ids.conversationId) ?? createConversation(store, turn);
  const message = {
    ids: turn.ids,
    user: turn.user,
    inputs: conversation.inputs,
    query: turn.query,
    answer: "",
    status: "normal",
    error: null,
    rating: null,
    createdAt: toFixedCreatedAt(turn.admitted.seed)
  };
  conversation.messages.push(message);
  store.touch(conversation);
  return message;
}
function closeStored(turn, message, stored, outcome) {
  const { progress, frames } = stored.run;
  const error = outcome === "failed" ? "simulated in-stream error" : null;
  message.answer = toAnswerText(turn, progress);
  message.status = error === null ? "normal" : "error";
  message.error = error;
  const status = outcome === "finished" ? "succeeded" : outcome === "stopped" ? "stopped" : "failed";
  stored.finishedFrame = toFlowFinishedFrame(turn, progress, status, error);
  frames.length = 0;
}
function openTurn(context, store, exchange, turn) {
  const { admitted } = turn;
  const isWorkflow = admitted.plan.mode === "workflow";
  const isBlocking = exchange.body["response_mode"] !== "streaming";
  if (isBlocking && admitted.plan.mode === "agent") {
    admitted.ticket.end("faulted");
    const message2 = "Agent Chat App does not support blocking mode";
    sendReply(exchange.response, toDifyRefusal(400, "invalid_param", message2));
    return;
  }
  const message = storeMessage(store, turn);
  const kept = { entry: null };
  const request = {
    exchange,
    admitted,
    source: createSource(turn),
    heartbeatMs: HEARTBEAT_MS,
    survivesClient: true,
    keepsFrames: isWorkflow,
    onEnd: (_run, outcome) => {
      if (kept.entry !== null) closeStored(turn, message, kept.entry, outcome);
    }
  };
  const run = isBlocking ? openBlockingRun(context, request, {
    toReply: (ended) => toBlockingReply(turn, ended.progress),
    toErrorReply: toDifyErrorReply
  }) : openStreamRun(context, request, { headers: DIFY_STREAM_HEADERS });
  const { ids, user } = turn;
  kept.entry = {
    ids,
    user,
    run,
    isWorkflow,
    answerTokens: admitted.text.answer,
    finishedFrame: null
  };
  store.runs.set(ids.taskId, kept.entry);
  run.start();
}
function toTurn(exchange, admitted) {
  const { body } = exchange;
  return {
    admitted,
    ids: toDifyIds(admitted.idKey, findText(body, "conversation_id") ?? ""),
    query: findText(body, "query") ?? "",
    inputs: toObject(body, "inputs"),
    user: findText(body, "user") ?? ""
  };
}
function handleChatMessages(context, store, exchange) {
  const { body } = exchange;
  const refuse4 = (reply) => {
    context.counters.open("dify").end("faulted");
    sendReply(exchange.response, reply);
  };
  const problem = findProblem(body);
  if (problem !== null) {
    refuse4(toDifyRefusal(400, "invalid_param", problem));
    return;
  }
  const conversationId = findText(body, "conversation_id") ?? "";
  if (conversationId !== "" && store.conversations.find(conversationId)?.user !== findText(body, "user")) {
    refuse4(toDifyRefusal(404, "not_found", "Conversation Not Exists."));
    return;
  }
  const request = {
    provider: "dify",
    exchange,
    prompt: findText(body, "query") ?? "",
    model: null,
    apiKey: findBearer(exchange),
    prefill: null,
    maxTokens: null,
    toErrorReply: toDifyErrorReply
  };
  admitGeneration(context, request, (admitted) => {
    openTurn(context, store, exchange, toTurn(exchange, admitted));
  });
}

// packages/simulator/src/dify/workflow-events.ts
function findRun(store, id) {
  const byTask = store.runs.find(id);
  if (byTask !== null) return byTask;
  return store.runs.list().find((stored) => stored.ids.workflowRunId === id) ?? null;
}
function listSnapshotFrames(stored) {
  const { run, ids, answerTokens } = stored;
  const answer2 = answerTokens.slice(0, run.progress.answerTokens).join("");
  const fields = {
    task_id: ids.taskId,
    message_id: ids.messageId,
    conversation_id: ids.conversationId,
    reason: ""
  };
  const isOf = (prefix) => (frame) => frame.startsWith(`data: {"event":"${prefix}`);
  return [
    ...run.frames.filter(isOf("workflow_started")),
    ...answer2 === "" ? [] : [toDifyFrame("message_replace", { ...fields, answer: answer2 })],
    ...run.frames.filter(isOf("node_"))
  ];
}
function handleWorkflowEvents(store, exchange, id) {
  const stored = findRun(store, id);
  if (stored === null || !stored.isWorkflow || stored.user !== exchange.query.get("user")) {
    sendReply(exchange.response, toDifyRefusal(404, "not_found", "Workflow run not found."));
    return;
  }
  const output = openStreamOutput(exchange.response, {
    headers: DIFY_STREAM_HEADERS
  });
  if (stored.run.isEnded) {
    if (stored.finishedFrame !== null) output.write(stored.finishedFrame);
    output.end();
    return;
  }
  if (exchange.query.get("include_state_snapshot") === "true") {
    for (const frame of listSnapshotFrames(stored)) output.write(frame);
  }
  stored.run.attach(output);
}

// packages/simulator/src/dify/dify-provider.ts
var PREFIX = "/dify/v1";
var ROUTES = [
  {
    method: "POST",
    path: /^\/chat-messages\/([^/]+)\/stop$/,
    answer: stopTask
  },
  {
    method: "POST",
    path: /^\/messages\/([^/]+)\/feedbacks$/,
    answer: rateMessage
  },
  { method: "GET", path: /^\/messages$/, answer: listMessages },
  { method: "GET", path: /^\/conversations$/, answer: listConversations },
  {
    method: "DELETE",
    path: /^\/conversations\/([^/]+)$/,
    answer: deleteConversation
  },
  { method: "GET", path: /^\/parameters$/, answer: getParameters },
  { method: "GET", path: /^\/info$/, answer: getInfo }
];
function hasKey2(exchange) {
  const key = findBearer(exchange);
  return key !== null && key.startsWith("app-") && !key.includes("invalid");
}
function createDifyProvider(context) {
  const store = createAppStore();
  function handleOther(exchange, path) {
    const events = exchange.method === "GET" ? /^\/workflow\/([^/]+)\/events$/.exec(path) : null;
    if (events !== null) {
      handleWorkflowEvents(store, exchange, events[1] ?? "");
      return;
    }
    for (const route of ROUTES) {
      const match = route.method === exchange.method ? route.path.exec(path) : null;
      if (match === null) continue;
      sendReply(exchange.response, route.answer(store, exchange, match.slice(1), context.defaultPlan));
      return;
    }
    sendReply(exchange.response, toDifyRefusal(404, "not_found", "The requested URL was not found on the server."));
  }
  return {
    name: "dify",
    handle(exchange) {
      const path = exchange.path.slice(PREFIX.length);
      const isQuestion = exchange.method === "POST" && path === "/chat-messages";
      if (!isQuestion) context.counters.countOther("dify");
      if (!hasKey2(exchange)) {
        if (isQuestion) context.counters.open("dify").end("faulted");
        sendReply(exchange.response, toDifyRefusal(401, "unauthorized", "Access token is invalid"));
      } else if (isQuestion) handleChatMessages(context, store, exchange);
      else handleOther(exchange, path);
    },
    reset() {
      for (const stored of store.runs.list()) stored.run.abort();
      store.clear();
    }
  };
}

// packages/simulator/src/fastgpt/fastgpt-error.ts
var STATUS_TEXT = {
  403: "unAuthorization",
  409: "chatIsGenerating",
  429: "tooManyRequest",
  510: "insufficientQuota",
  511: "unAuthModel",
  513: "unAuthFile",
  514: "unAuthApiKey",
  504e3: "unAuthChat"
};
function toErrorBody(code, message) {
  return {
    code,
    statusText: STATUS_TEXT[code] ?? "error",
    message,
    data: null
  };
}
function toFastgptErrorFrame(code, message) {
  const body = code === null ? { message } : toErrorBody(Number(code), message);
  return `event: error
data: ${JSON.stringify(body)}

`;
}
function toFastgptRefusal(code, message, isStream) {
  if (isStream) return { status: 200, body: toFastgptErrorFrame(String(code), message) };
  return { status: 500, body: toErrorBody(code, message) };
}
function createFastgptErrorReply(isStream) {
  return (error) => {
    if (error.reason === "by-status") {
      return {
        status: error.status,
        body: toErrorBody(Number(error.code ?? error.status), error.message)
      };
    }
    if (error.reason === "context-too-long") {
      return toFastgptRefusal(500, "400 This model's maximum context length is 8192 tokens.", isStream);
    }
    return toFastgptRefusal(500, error.message === "" ? "request refused" : error.message, isStream);
  };
}

// packages/simulator/src/fastgpt/chat-api.ts
var OLD_PATHS = {
  "core/chat/getHistories": "core/chat/history/getHistories",
  "core/chat/updateHistory": "core/chat/history/updateHistory",
  "core/chat/delHistory": "core/chat/history/delHistory",
  "core/chat/clearHistories": "core/chat/history/clearHistories",
  "core/chat/getPaginationRecords": "core/chat/record/getPaginationRecords",
  "core/chat/getResData": "core/chat/record/getResData",
  "core/chat/item/delete": "core/chat/record/delete"
};
function toTime(chat) {
  return new Date(177e10 + chat.changeNumber * 1e3).toISOString();
}
function toPage(items, fields) {
  const offset = findNumber(fields, "offset") ?? 0;
  return items.slice(offset, offset + (findNumber(fields, "pageSize") ?? 20));
}
function findChat(store, fields) {
  return store.find(findText(fields, "chatId") ?? "");
}
var getInit = (store, fields) => {
  const chat = findChat(store, fields);
  const questionGuide = { open: false };
  const chatConfig = {
    questionGuide,
    ttsConfig: { type: "web" },
    whisperConfig: { open: false },
    chatInputGuide: { open: false },
    instruction: "",
    variables: [{ key: "uid", label: "User", type: "input", required: false }],
    fileSelectConfig: { canSelectFile: true, canSelectImg: true, maxFiles: 10 },
    welcomeText: "Hello, I am a simulated FastGPT app. \u4F60\u597D\uFF01"
  };
  const app = {
    chatConfig,
    chatModels: ["simulated-model"],
    name: "Simulated app",
    avatar: "",
    intro: ""
  };
  return {
    chatId: findText(fields, "chatId") ?? "",
    appId: findText(fields, "appId") ?? "",
    ...chat === null ? {} : { title: chat.customTitle === "" ? chat.title : chat.customTitle },
    variables: {},
    app: { ...app, type: "advanced", pluginInputs: [] }
  };
};
var listHistories = (store, fields) => {
  const appId = findText(fields, "appId");
  const chats = store.list().filter((chat) => chat.records.length > 0 && (appId === null || chat.appId === appId)).sort((left, right) => Number(right.isTop) - Number(left.isTop) || right.changeNumber - left.changeNumber);
  const list = toPage(chats, fields).map((chat) => ({
    chatId: chat.chatId,
    updateTime: toTime(chat),
    appId: chat.appId,
    customTitle: chat.customTitle,
    title: chat.title,
    top: chat.isTop
  }));
  return { list, total: chats.length };
};
var updateHistory = (store, fields) => {
  const chat = findChat(store, fields);
  if (chat === null) return null;
  chat.customTitle = findText(fields, "customTitle") ?? chat.customTitle;
  if (typeof fields["top"] === "boolean") chat.isTop = fields["top"];
  return null;
};
var deleteHistory = (store, fields) => {
  store.delete(findText(fields, "chatId") ?? "");
  return null;
};
var clearHistories = (store, fields) => {
  for (const chat of store.list()) if (chat.appId === findText(fields, "appId")) store.delete(chat.chatId);
  return null;
};
function toWireRecord(record) {
  return {
    _id: record.dataId,
    dataId: record.dataId,
    obj: record.obj,
    value: record.value,
    customFeedbacks: [],
    ...record.userGoodFeedback === null ? {} : { userGoodFeedback: record.userGoodFeedback },
    ...record.userBadFeedback === null ? {} : { userBadFeedback: record.userBadFeedback },
    ...record.obj === "AI" ? { llmModuleAccount: 1, totalQuoteList: [], totalRunningTime: 1.2 } : {},
    historyPreviewLength: 2
  };
}
var listRecords = (store, fields) => {
  const records = findChat(store, fields)?.records ?? [];
  const page = toPage([...records].reverse(), fields).reverse();
  return { list: page.map(toWireRecord), total: records.length };
};
function findRecord(store, fields, key) {
  return findChat(store, fields)?.records.find((record) => record.dataId === fields[key]) ?? null;
}
var deleteRecord = (store, fields) => {
  const chat = findChat(store, fields);
  if (chat !== null) chat.records = chat.records.filter((record) => record.dataId !== fields["contentId"]);
  return null;
};
var updateFeedback = (store, fields) => {
  const record = findRecord(store, fields, "dataId");
  if (record === null) return null;
  record.userGoodFeedback = findText(fields, "userGoodFeedback");
  record.userBadFeedback = findText(fields, "userBadFeedback");
  return null;
};
var stopChat = (store, fields) => {
  findChat(store, fields)?.run?.stop();
  return { success: true };
};
var ANSWERS = {
  "GET core/chat/init": getInit,
  "POST core/chat/history/getHistories": listHistories,
  "POST core/chat/history/updateHistory": updateHistory,
  "PUT core/chat/history/updateHistory": updateHistory,
  "DELETE core/chat/history/delHistory": deleteHistory,
  "DELETE core/chat/history/clearHistories": clearHistories,
  "POST core/chat/record/getPaginationRecords": listRecords,
  "GET core/chat/record/getResData": (store, fields) => findRecord(store, fields, "dataId")?.responseData ?? [],
  "DELETE core/chat/record/delete": deleteRecord,
  "POST core/chat/feedback/updateUserFeedback": updateFeedback,
  "POST v2/chat/stop": stopChat
};
function handleChatApi(store, exchange, path) {
  const answer2 = ANSWERS[`${exchange.method} ${OLD_PATHS[path] ?? path}`];
  if (answer2 === void 0) {
    sendReply(exchange.response, {
      status: 404,
      headers: { "content-type": "text/html" },
      body: "404 not found"
    });
    return;
  }
  const fields = {
    ...Object.fromEntries(exchange.query),
    ...exchange.body
  };
  if ((findText(fields, "appId") ?? "") === "") {
    sendReply(exchange.response, toFastgptRefusal(500, "appId is empty", false));
    return;
  }
  const data = answer2(store, fields);
  sendReply(exchange.response, {
    status: 200,
    body: { code: 200, statusText: "", message: "", data }
  });
}

// packages/simulator/src/fastgpt/interactive.ts
function toInteractive(kind) {
  if (kind === "select") {
    const userSelectOptions = [
      { key: "option0", value: "Order status" },
      { key: "option1", value: "\u9000\u8D27\u7533\u8BF7" },
      { key: "option2", value: "Something else" }
    ];
    return {
      type: "userSelect",
      params: { description: "What is it about? \u8BF7\u9009\u62E9\uFF1A", userSelectOptions }
    };
  }
  const common = { value: "", required: true, maxLength: 100 };
  const inputForm = [
    {
      ...common,
      type: "input",
      key: "name",
      label: "Name",
      valueType: "string"
    },
    {
      ...common,
      type: "numberInput",
      key: "amount",
      label: "\u6570\u91CF",
      valueType: "number",
      min: 1,
      max: 9
    },
    {
      ...common,
      type: "select",
      key: "size",
      label: "Size",
      valueType: "string",
      list: [
        { label: "Small", value: "small" },
        { label: "Large", value: "large" }
      ]
    }
  ];
  return {
    type: "userInput",
    params: { description: "Please fill in. \u8BF7\u586B\u5199\uFF1A", inputForm }
  };
}
function parseForm(text) {
  try {
    const parsed = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
function isInteractiveAnswer(interactive, text) {
  const params = toObject(interactive, "params");
  if (interactive["type"] === "userSelect") {
    return listObjects(params, "userSelectOptions").some((option) => option["value"] === text);
  }
  const form = parseForm(text);
  if (form === null) return false;
  return listObjects(params, "inputForm").every((field) => {
    const value = form[findText(field, "key") ?? ""];
    return value !== void 0 && value !== "";
  });
}

// packages/simulator/src/fastgpt/workflow.ts
var STEP_NAMES = ["Knowledge base search", "\u95EE\u9898\u5206\u7C7B", "HTTP request", "Text processing"];
var STEP_TYPES = ["datasetSearchNode", "classifyQuestion", "httpRequest468", "textEditor"];
function listStepNames(request) {
  return Array.from(
    { length: request.admitted.plan.steps },
    (_unused, index) => STEP_NAMES[index % STEP_NAMES.length] ?? STEP_NAMES[0]
  );
}
function listWorkflowTools(request) {
  return toSimulatedTools(request.admitted.seed, request.admitted.plan.tools);
}
function toStepResponse(request, index) {
  return {
    id: `step${String(index)}`,
    nodeId: `step${String(index)}`,
    moduleName: listStepNames(request)[index] ?? "",
    moduleType: STEP_TYPES[index % STEP_TYPES.length],
    totalPoints: 0,
    query: request.prompt,
    runningTime: 0.1
  };
}
function toAnswerNodeResponse(request, progress) {
  const { admitted, interactive, prompt } = request;
  const { text, promptTokens, plan, faults } = admitted;
  if (interactive !== null) {
    const moduleType = interactive["type"] === "userSelect" ? "userSelect" : "formInput";
    return {
      id: "ask",
      nodeId: "ask",
      moduleName: "Question",
      moduleType,
      totalPoints: 0,
      runningTime: 0.1
    };
  }
  const outputTokens = progress.answerTokens + progress.reasoningTokens;
  const usage = {
    tokens: promptTokens + outputTokens,
    inputTokens: promptTokens,
    outputTokens
  };
  const answer2 = text.answer.slice(0, progress.answerTokens).join("");
  return {
    id: "answer",
    nodeId: "answer",
    moduleName: "AI chat",
    moduleType: "chatNode",
    totalPoints: 0.2,
    model: "simulated-model",
    ...plan.usage === "none" || faults.has("no-usage") ? {} : usage,
    query: prompt,
    runningTime: 1.2,
    finishReason: text.finish === "stop" ? "stop" : text.finish === "length" ? "length" : "content_filter",
    historyPreview: [
      { obj: "Human", value: prompt },
      { obj: "AI", value: answer2 }
    ],
    contextTotalLen: 2
  };
}
function listNodeResponses(request, progress) {
  const steps = listStepNames(request).map((_name, index) => toStepResponse(request, index));
  return [...steps, toAnswerNodeResponse(request, progress)];
}
function listAnswerValues(request, progress) {
  const { text } = request.admitted;
  const reasoning = text.reasoning.slice(0, progress.reasoningTokens).join("");
  const answer2 = text.answer.slice(0, progress.answerTokens).join("");
  const tools = listWorkflowTools(request).map((tool) => toToolValue(tool, tool.argumentsJson, toToolResult(tool)));
  if (request.interactive !== null) return [{ type: "interactive", interactive: request.interactive }];
  return [
    ...reasoning === "" ? [] : [{ type: "reasoning", reasoning: { content: reasoning } }],
    ...tools.length === 0 ? [] : [{ type: "tool", tools }],
    { type: "text", text: { content: answer2 } }
  ];
}
function toToolResult(tool) {
  return JSON.stringify({ ok: true, tool: tool.name });
}
function toToolValue(tool, params, response) {
  return {
    id: tool.callId,
    toolName: tool.name,
    toolAvatar: "",
    functionName: tool.name,
    params,
    response
  };
}

// packages/simulator/src/fastgpt/workflow-frames.ts
var CHUNK_HEAD = '{"id":"","object":"","created":0,"model":"","choices":[{"delta":';
var CHUNK_TAIL = ',"index":0,"finish_reason":null}]}\n\n';
function toEventFrame(event, data) {
  return `event: ${event}
data: ${JSON.stringify(data)}

`;
}
function* toToolBeats3(request) {
  for (const tool of listWorkflowTools(request)) {
    yield {
      kind: "step",
      frame: toEventFrame("toolCall", { tool: toToolValue(tool, "", "") })
    };
    for (const piece of tool.pieces) {
      yield {
        kind: "block",
        frame: toEventFrame("toolParams", {
          tool: { id: tool.callId, params: piece }
        })
      };
    }
    yield {
      kind: "step",
      frame: toEventFrame("toolResponse", {
        tool: { id: tool.callId, response: toToolResult(tool) }
      })
    };
  }
}
function* toStepBeats(request, progress) {
  for (const [index, name2] of listStepNames(request).entries()) {
    const frame = request.isDetailed ? toEventFrame("flowNodeStatus", { status: "running", name: name2 }) : "";
    yield { kind: "step", frame };
    if (progress.isStopped) return;
    if (request.isDetailed && request.version === "v2") {
      yield {
        kind: "block",
        frame: toEventFrame("flowNodeResponse", toStepResponse(request, index))
      };
    }
  }
  if (!request.isDetailed) return;
  yield* toToolBeats3(request);
  const name = request.interactive === null ? "AI chat" : "Question";
  yield {
    kind: "block",
    frame: toEventFrame("flowNodeStatus", { status: "running", name })
  };
}
function* toAnswerBeats(request, prefix, progress) {
  const { reasoning, answer: answer2 } = request.admitted.text;
  if (progress.isStopped) return;
  if (request.interactive !== null) {
    const frame = request.isDetailed ? toEventFrame("interactive", { interactive: request.interactive }) : "";
    yield { kind: "step", frame };
    return;
  }
  const reasoningHead = `${prefix}data: ${CHUNK_HEAD}{"role":"assistant","content":"","reasoning_content":`;
  for (const token of reasoning) {
    yield {
      kind: "reasoning",
      frame: `${reasoningHead}${JSON.stringify(token)}}${CHUNK_TAIL}`
    };
    if (progress.isStopped) return;
  }
  const answerHead = `${prefix}data: ${CHUNK_HEAD}{"role":"assistant","content":`;
  for (const token of answer2) {
    yield {
      kind: "answer",
      frame: `${answerHead}${JSON.stringify(token)}}${CHUNK_TAIL}`
    };
    if (progress.isStopped) return;
  }
}
function* toClosingBeats2(request, prefix, progress) {
  const isLive = request.isDetailed && request.version === "v2";
  if (isLive) {
    const report = toAnswerNodeResponse(request, progress);
    yield { kind: "block", frame: toEventFrame("flowNodeResponse", report) };
    yield {
      kind: "block",
      frame: toEventFrame("workflowDuration", { durationSeconds: 1.2 })
    };
  }
  const delta = '{"role":"assistant","content":null}';
  const finish = `${prefix}data: ${CHUNK_HEAD}${delta},"index":0,"finish_reason":"stop"}]}

`;
  yield { kind: "finish", frame: finish };
  yield { kind: "done", frame: `${prefix}data: [DONE]

` };
  if (request.isDetailed && request.version === "v1") {
    yield {
      kind: "tail",
      frame: toEventFrame("flowResponses", listNodeResponses(request, progress))
    };
  }
}
function createWorkflowSource(request) {
  const prefix = request.isDetailed ? "event: answer\n" : "";
  function* createBeats(progress) {
    yield* toStepBeats(request, progress);
    yield* toAnswerBeats(request, prefix, progress);
    yield* toClosingBeats2(request, prefix, progress);
  }
  const toContentFrame = (content) => `${prefix}data: ${CHUNK_HEAD}${JSON.stringify({ role: "assistant", content })}${CHUNK_TAIL}`;
  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toFastgptErrorFrame(code, message)],
    keepAliveFrame: toContentFrame(""),
    unknownFrame: toEventFrame("simulatedUnknown", { value: 1 }),
    malformedFrame: `${prefix}data: ${CHUNK_HEAD}{"content":

`,
    afterDoneFrame: toContentFrame("after done")
  };
}

// packages/simulator/src/fastgpt/chat-completions.ts
var STREAM_HEADERS = {
  "content-type": "text/event-stream;charset=utf-8",
  "access-control-allow-origin": "*",
  "x-accel-buffering": "no",
  "cache-control": "no-cache, no-transform"
};
var HEARTBEAT_MS2 = 1e4;
function toAppId(exchange) {
  const named = findText(exchange.body, "appId");
  if (named !== null && named !== "") return named;
  const key = (findBearer(exchange) ?? "").split(":")[0] ?? "";
  return toHexDigits(toStableHash(key), "app", 24);
}
function toRecord(dataId, obj, value, responseData) {
  return {
    dataId,
    obj,
    value,
    responseData,
    userGoodFeedback: null,
    userBadFeedback: null
  };
}
function toPlainReply(request, run) {
  const values = listAnswerValues(request, run.progress);
  const isText = values.length === 1 && values[0]?.["type"] === "text";
  const text = request.admitted.text.answer.slice(0, run.progress.answerTokens).join("");
  const hasParts = request.isDetailed && !isText;
  const detail = {
    responseData: listNodeResponses(request, run.progress),
    newVariables: {}
  };
  return {
    status: 200,
    body: {
      ...request.isDetailed ? detail : {},
      id: request.chatId,
      model: "",
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 1 },
      choices: [
        {
          message: { role: "assistant", content: hasParts ? values : text },
          finish_reason: "stop",
          index: 0
        }
      ]
    }
  };
}
function toTurn2(exchange, version, store) {
  const { body } = exchange;
  const appId = toAppId(exchange);
  const chatId = findText(body, "chatId") ?? "";
  return {
    exchange,
    version,
    isStream: body["stream"] === true,
    isDetailed: body["detail"] === true,
    appId,
    chatId,
    prompt: toLastUserPrompt(listObjects(body, "messages")),
    chat: chatId === "" ? null : store.getOrCreate(chatId, appId)
  };
}
function storeTurn(turn, chat, request, run) {
  const { admitted } = request;
  const { body } = turn.exchange;
  const userMessage = listObjects(body, "messages").findLast((message) => message["role"] === "user") ?? {};
  const humanId = findText(userMessage, "dataId") ?? toHexDigits(admitted.idKey, "human", 24);
  const answerId = findText(body, "responseChatItemId") ?? toHexDigits(admitted.idKey, "answer", 24);
  const question = [{ type: "text", text: { content: toContentText(userMessage["content"]) } }];
  const responses = listNodeResponses(request, run.progress);
  chat.records.push(toRecord(humanId, "Human", question, []));
  chat.records.push(toRecord(answerId, "AI", listAnswerValues(request, run.progress), responses));
  if (chat.title === "") chat.title = turn.prompt.slice(0, 20);
  const { interactive } = request;
  chat.paused = interactive === null ? null : { interactive, plan: admitted.plan, seed: admitted.seed };
}
function answerTurn(context, store, turn, admitted) {
  const { exchange, version, isDetailed, chatId, prompt, chat } = turn;
  const kind = admitted.plan.interactive;
  const isAnswered = chat?.paused != null && isInteractiveAnswer(chat.paused.interactive, prompt);
  const interactive = kind === "none" || isAnswered ? null : toInteractive(kind);
  const request = {
    admitted,
    version,
    isDetailed,
    chatId,
    prompt,
    interactive
  };
  const onEnd = (run2, outcome) => {
    if (chat === null) return;
    chat.run = null;
    if (outcome !== "finished" && outcome !== "stopped") return;
    storeTurn(turn, chat, request, run2);
    store.touch(chat);
  };
  const source = createWorkflowSource(request);
  const keeping = { survivesClient: true, keepsFrames: false };
  const runRequest = {
    exchange,
    admitted,
    source,
    heartbeatMs: HEARTBEAT_MS2,
    onEnd,
    ...keeping
  };
  const run = turn.isStream ? openStreamRun(context, runRequest, { headers: STREAM_HEADERS }) : openBlockingRun(context, runRequest, {
    toReply: (ended) => toPlainReply(request, ended),
    toErrorReply: createFastgptErrorReply(false)
  });
  if (chat !== null) chat.run = run;
  run.start();
}
function handleFastgptCompletion(context, store, exchange, version) {
  const turn = toTurn2(exchange, version, store);
  const refuse4 = (code, message) => {
    context.counters.open("fastgpt").end("faulted");
    sendReply(exchange.response, toFastgptRefusal(code, message, turn.isStream));
  };
  if (listObjects(exchange.body, "messages").length === 0) {
    refuse4(500, "messages is empty");
    return;
  }
  if (turn.chat?.run != null) {
    refuse4(409, "chatIsGenerating");
    return;
  }
  const paused = turn.chat?.paused ?? null;
  const request = {
    provider: "fastgpt",
    exchange,
    prompt: turn.prompt,
    model: null,
    apiKey: findBearer(exchange),
    prefill: null,
    maxTokens: null,
    toErrorReply: createFastgptErrorReply(turn.isStream)
  };
  const resumed = paused === null ? {} : { resumed: { plan: paused.plan, seed: paused.seed } };
  admitGeneration(context, { ...request, ...resumed }, (admitted) => {
    answerTurn(context, store, turn, admitted);
  });
}

// packages/simulator/src/fastgpt/chat-store.ts
var MAX_CHATS = 5e3;
function createChatStore() {
  const chats = createBoundedStore(MAX_CHATS);
  let changes = 0;
  return {
    find: (chatId) => chats.find(chatId),
    getOrCreate(chatId, appId) {
      const existing = chats.find(chatId);
      if (existing !== null) return existing;
      const chat = {
        chatId,
        appId,
        title: "",
        customTitle: "",
        isTop: false,
        changeNumber: 0,
        records: [],
        run: null,
        paused: null
      };
      chats.set(chatId, chat);
      return chat;
    },
    touch(chat) {
      changes += 1;
      chat.changeNumber = changes;
    },
    delete: (chatId) => {
      chats.delete(chatId);
    },
    list: () => chats.list(),
    clear: () => {
      chats.clear();
    }
  };
}

// packages/simulator/src/fastgpt/fastgpt-provider.ts
var PREFIX2 = "/fastgpt/api/";
function isKnownKey(key) {
  return key !== null && /^(fastgpt|app)-/.test(key) && !key.includes("invalid");
}
function createFastgptProvider(context) {
  const store = createChatStore();
  return {
    name: "fastgpt",
    handle(exchange) {
      const path = exchange.path.slice(PREFIX2.length);
      const version = /^(v[12])\/chat\/completions$/.exec(path)?.[1];
      const isCompletion = exchange.method === "POST" && version !== void 0;
      if (!isCompletion) context.counters.countOther("fastgpt");
      if (!isKnownKey(findBearer(exchange))) {
        if (isCompletion) context.counters.open("fastgpt").end("faulted");
        const isStream = isCompletion && exchange.body["stream"] === true;
        sendReply(exchange.response, toFastgptRefusal(514, "Api key is invalid", isStream));
        return;
      }
      if (isCompletion) handleFastgptCompletion(context, store, exchange, version === "v1" ? "v1" : "v2");
      else handleChatApi(store, exchange, path);
    },
    reset() {
      for (const chat of store.list()) chat.run?.abort();
      store.clear();
    }
  };
}

// packages/simulator/src/http/request-log.ts
var SECRET_HEADERS = ["authorization", "x-api-key", "api-key", "cookie", "proxy-authorization", "x-goog-api-key"];
function toSafeHeaders(exchange) {
  const safe = {};
  for (const [name, value] of Object.entries(exchange.request.headers)) {
    if (value === void 0) continue;
    safe[name] = SECRET_HEADERS.includes(name) ? "[redacted]" : String(value);
  }
  return safe;
}
function createRequestLog(capacity) {
  let entries = [];
  let count = 0;
  return {
    record(exchange) {
      count += 1;
      entries.push({
        number: count,
        method: exchange.method,
        url: exchange.request.url ?? "",
        headers: toSafeHeaders(exchange),
        body: exchange.body
      });
      if (entries.length > capacity) entries.shift();
    },
    list: (last) => last === void 0 ? [...entries] : entries.slice(Math.max(0, entries.length - last)),
    reset() {
      entries = [];
      count = 0;
    }
  };
}

// packages/simulator/src/openai/chat-dialect.ts
var OPENAI = {
  firstDelta: '{"role":"assistant","content":"","refusal":null}',
  toContentDelta: (token) => `{"content":${token}}`,
  toReasoningDelta: (token) => `{"reasoning_content":${token}}`,
  finishDelta: "{}",
  hasObject: true,
  startsWithChoices: false,
  usage: "chunk",
  mergesLastToken: false,
  tools: "pieces",
  lengthReason: "length",
  systemFingerprint: "fp_simulated",
  hasGroqField: false,
  hasAzureFilter: false,
  hasThinkTags: false,
  hasLateHeaders: false
};
var DIALECTS = {
  deepseek: {
    firstDelta: '{"role":"assistant","content":null,"reasoning_content":""}',
    toContentDelta: (token) => `{"content":${token},"reasoning_content":null}`,
    toReasoningDelta: (token) => `{"content":null,"reasoning_content":${token}}`,
    finishDelta: '{"content":"","reasoning_content":null}',
    usage: "finish"
  },
  qwen: {
    firstDelta: '{"content":null,"role":"assistant","reasoning_content":""}',
    toContentDelta: (token) => `{"content":${token},"reasoning_content":null}`,
    toReasoningDelta: (token) => `{"content":null,"reasoning_content":${token}}`,
    finishDelta: '{"content":"","reasoning_content":null}',
    startsWithChoices: true,
    tools: "pieces-empty-id",
    systemFingerprint: null
  },
  groq: {
    firstDelta: '{"role":"assistant","content":""}',
    toReasoningDelta: (token) => `{"reasoning":${token}}`,
    usage: "finish",
    tools: "whole",
    hasGroqField: true
  },
  mistral: {
    firstDelta: '{"role":"assistant","content":""}',
    toContentDelta: (token) => `{"content":[{"type":"text","text":${token}}]}`,
    toReasoningDelta: (token) => `{"content":[{"type":"thinking","thinking":[{"type":"text","text":${token}}]}]}`,
    finishDelta: '{"content":""}',
    usage: "finish",
    tools: "whole-without-index",
    lengthReason: "model_length",
    systemFingerprint: null
  },
  kimi: {
    firstDelta: '{"role":"assistant","content":""}',
    hasObject: false,
    usage: "finish",
    mergesLastToken: true
  },
  vllm: {
    firstDelta: '{"role":"assistant","content":""}',
    toReasoningDelta: (token) => `{"reasoning":${token}}`,
    systemFingerprint: null
  },
  ollama: {
    firstDelta: null,
    toContentDelta: (token) => `{"role":"assistant","content":${token}}`,
    toReasoningDelta: (token) => `{"role":"assistant","content":"","reasoning":${token}}`,
    finishDelta: '{"role":"assistant","content":""}',
    tools: "whole",
    systemFingerprint: "fp_ollama",
    hasLateHeaders: true
  },
  azure: { hasAzureFilter: true },
  "think-tags": {
    firstDelta: '{"role":"assistant","content":""}',
    hasThinkTags: true
  }
};
function toChatDialect(quirk) {
  return quirk === null ? OPENAI : { ...OPENAI, ...DIALECTS[quirk] };
}

// packages/simulator/src/openai/chat-usage.ts
function toChatUsage(figures, quirk) {
  const completion = figures.answer + figures.reasoning;
  const usage = {
    prompt_tokens: figures.prompt,
    completion_tokens: completion,
    total_tokens: figures.prompt + completion
  };
  if (quirk === null || quirk === "azure") {
    usage["prompt_tokens_details"] = { cached_tokens: 0, audio_tokens: 0 };
    usage["completion_tokens_details"] = {
      reasoning_tokens: figures.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0
    };
  }
  if (quirk === "deepseek") {
    usage["prompt_tokens_details"] = { cached_tokens: 0 };
    usage["completion_tokens_details"] = {
      reasoning_tokens: figures.reasoning
    };
    usage["prompt_cache_hit_tokens"] = 0;
    usage["prompt_cache_miss_tokens"] = figures.prompt;
  }
  if (quirk === "groq") {
    usage["queue_time"] = 0.05;
    usage["prompt_time"] = 2e-3;
    usage["completion_time"] = completion / 500;
    usage["total_time"] = completion / 500 + 2e-3;
  }
  return usage;
}

// packages/simulator/src/openai/chunk-writer.ts
function toFixedFields(request) {
  const { dialect, id, chat, admitted } = request;
  return [
    `"id":${JSON.stringify(id)}`,
    ...dialect.hasObject ? ['"object":"chat.completion.chunk"'] : [],
    `"created":${String(toFixedCreatedAt(admitted.seed))}`,
    `"model":${JSON.stringify(chat.model)}`,
    ...admitted.plan.quirk === null ? ['"service_tier":"default"'] : [],
    ...dialect.systemFingerprint === null ? [] : [`"system_fingerprint":"${dialect.systemFingerprint}"`]
  ].join(",");
}
var ChunkWriter = class {
  hasUsage;
  request;
  head;
  tail;
  tokenTail;
  constructor(request) {
    const { dialect, chat, admitted } = request;
    this.request = request;
    this.hasUsage = admitted.plan.usage === "normal" && !admitted.faults.has("no-usage") && (dialect.usage === "finish" || chat.includesUsage);
    const fixed = toFixedFields(request);
    const padding = admitted.plan.quirk === null && chat.includesObfuscation;
    const nullUsage = chat.includesUsage && dialect.usage === "chunk" ? ',"usage":null' : "";
    const rest = `${nullUsage}${padding ? `,"obfuscation":"${toHexDigits(admitted.seed, "pad", 8)}"` : ""}`;
    this.head = dialect.startsWithChoices ? 'data: {"choices":[' : `data: {${fixed},"choices":[`;
    this.tail = dialect.startsWithChoices ? `]${rest},${fixed}}

` : `]${rest}}

`;
    const filter = dialect.hasAzureFilter ? ',"content_filter_results":{}' : "";
    this.tokenTail = `,"logprobs":null,"finish_reason":null${filter}}${this.tail}`;
  }
  toDeltaFrame(delta) {
    return `${this.head}{"index":0,"delta":${delta}${this.tokenTail}`;
  }
  toFinishFrame(delta, reason, extra) {
    return this.withExtra(
      `${this.head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":"${reason}"}${this.tail}`,
      extra
    );
  }
  toUsageFrame(usageJson) {
    return this.withExtra(this.head + this.tail, `,"usage":${usageJson}`);
  }
  /** A later key of the same name wins in JSON, but no real server writes one twice: the null is taken out first. */
  withExtra(frame, extra) {
    if (extra === "") return frame;
    const base = extra.startsWith(',"usage"') ? frame.replace(',"usage":null', "") : frame;
    return `${base.slice(0, -3)}${extra}}

`;
  }
  toUsageJson(progress) {
    const { admitted } = this.request;
    const { answerTokens: answer2, reasoningTokens: reasoning } = progress;
    return JSON.stringify(toChatUsage({ prompt: admitted.promptTokens, answer: answer2, reasoning }, admitted.plan.quirk));
  }
};

// packages/simulator/src/openai/openai-error.ts
var KIND_BY_STATUS = {
  400: { type: "invalid_request_error", code: null },
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  403: {
    type: "invalid_request_error",
    code: "unsupported_country_region_territory"
  },
  404: { type: "invalid_request_error", code: "model_not_found" },
  408: { type: "timeout", code: null },
  422: { type: "invalid_request_error", code: "unprocessable_entity" },
  429: { type: "requests", code: "rate_limit_exceeded" }
};
function toKind(error) {
  const { message } = error;
  if (error.reason === "context-too-long") {
    return {
      type: "invalid_request_error",
      code: "context_length_exceeded",
      message: "This model's maximum context length is 8192 tokens. Please reduce the length of the messages."
    };
  }
  if (error.reason === "prefill-refused") {
    return {
      type: "invalid_request_error",
      code: "invalid_value",
      message: "This model does not support assistant message prefill. The last message must not be an assistant message."
    };
  }
  return {
    ...KIND_BY_STATUS[error.status] ?? { type: "server_error", code: null },
    message
  };
}
function toRateLimitHeaders2(status) {
  return {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": status === 429 ? "0" : "499",
    "x-ratelimit-reset-requests": status === 429 ? "1s" : "120ms"
  };
}
function toOpenaiErrorReply(error, quirk = null) {
  const { type, code, message } = toKind(error);
  const wireCode = quirk === "vllm" ? error.status : error.code ?? code;
  return {
    status: error.status,
    headers: {
      "x-request-id": "req_simulated",
      ...toRateLimitHeaders2(error.status)
    },
    body: {
      error: {
        message,
        type: error.code === "insufficient_quota" ? error.code : type,
        param: null,
        code: wireCode
      }
    }
  };
}
function toOpenaiErrorFrame(code, message) {
  const type = code === null ? "server_error" : code;
  return `data: ${JSON.stringify({ error: { message, type, param: null, code } })}

`;
}

// packages/simulator/src/openai/chat-frames.ts
function toChatId(seed, plan) {
  return plan.quirk === "ollama" ? `chatcmpl-${String(seed % 1e3)}` : `chatcmpl-${toHexDigits(seed, "chat", 28)}`;
}
function toToolDelta(index, tool, dialect) {
  const isWhole = dialect.tools === "whole" || dialect.tools === "whole-without-index";
  const call = {
    name: tool.name,
    arguments: isWhole ? tool.argumentsJson : ""
  };
  return {
    ...dialect.tools === "whole-without-index" ? {} : { index },
    id: tool.callId,
    type: "function",
    function: call
  };
}
function* toToolBeats4(tools, writer, dialect) {
  for (const [index, tool] of tools.entries()) {
    const first = {
      content: null,
      tool_calls: [toToolDelta(index, tool, dialect)]
    };
    yield { kind: "step", frame: writer.toDeltaFrame(JSON.stringify(first)) };
    if (dialect.tools !== "pieces" && dialect.tools !== "pieces-empty-id") continue;
    for (const piece of tool.pieces) {
      const id = dialect.tools === "pieces-empty-id" ? { id: "" } : {};
      const delta = {
        tool_calls: [{ index, ...id, function: { arguments: piece } }]
      };
      yield { kind: "step", frame: writer.toDeltaFrame(JSON.stringify(delta)) };
    }
  }
}
function toFinishReason(request, toolCount) {
  const { finish } = request.admitted.text;
  if (finish === "content-filter") return "content_filter";
  if (finish === "length") return request.dialect.lengthReason;
  return toolCount > 0 ? "tool_calls" : "stop";
}
function* toTokenBeats2(request, writer, progress) {
  const { admitted, chat, dialect } = request;
  const { reasoning, answer: answer2 } = admitted.text;
  const everyUsage = chat.hasContinuousUsage && writer.hasUsage;
  const toBeat2 = (kind, delta) => {
    const frame = writer.toDeltaFrame(delta);
    return {
      kind,
      frame: everyUsage ? writer.withExtra(frame, `,"usage":${writer.toUsageJson(progress)}`) : frame
    };
  };
  const toReasoningDelta = dialect.hasThinkTags ? dialect.toContentDelta : dialect.toReasoningDelta;
  const hasTags = dialect.hasThinkTags && reasoning.length > 0;
  if (hasTags) {
    yield toBeat2("block", dialect.toContentDelta('"<th"'));
    yield toBeat2("block", dialect.toContentDelta('"ink>\\n"'));
  }
  for (const token of reasoning) {
    yield toBeat2("reasoning", toReasoningDelta(JSON.stringify(token)));
    if (progress.isStopped) return;
  }
  if (hasTags) {
    yield toBeat2("block", dialect.toContentDelta('"\\n</thi"'));
    yield toBeat2("block", dialect.toContentDelta('"nk>\\n\\n"'));
  }
  const last = dialect.mergesLastToken ? answer2.length - 1 : answer2.length;
  for (let index = 0; index < last; index += 1) {
    yield toBeat2("answer", dialect.toContentDelta(JSON.stringify(answer2[index])));
    if (progress.isStopped) return;
  }
}
function toAzureFirstFrame() {
  const filter = [
    {
      prompt_index: 0,
      content_filter_results: { hate: { filtered: false, severity: "safe" } }
    }
  ];
  const chunk = {
    choices: [],
    created: 0,
    id: "",
    model: "",
    object: "",
    prompt_filter_results: filter
  };
  return `data: ${JSON.stringify(chunk)}

`;
}
function toAzureLastFrame() {
  const offsets = { check_offset: 0, start_offset: 0, end_offset: 100 };
  const choice = {
    content_filter_offsets: offsets,
    content_filter_results: {},
    finish_reason: null,
    index: 0
  };
  return `data: ${JSON.stringify({ choices: [choice], created: 0, id: "", model: "", object: "" })}

`;
}
function* toOpenBeats(request, writer) {
  const { dialect } = request;
  if (dialect.hasAzureFilter) yield { kind: "open", frame: toAzureFirstFrame() };
  if (dialect.firstDelta === null) return;
  const groq = dialect.hasGroqField ? ',"x_groq":{"id":"req_simulated"}' : "";
  yield {
    kind: "open",
    frame: writer.withExtra(writer.toDeltaFrame(dialect.firstDelta), groq)
  };
}
function* toFinishBeats(request, writer, progress, tools) {
  const { admitted, dialect, chat } = request;
  const merged = dialect.mergesLastToken ? admitted.text.answer.at(-1) : void 0;
  const after = {
    ...progress,
    answerTokens: progress.answerTokens + (merged === void 0 ? 0 : 1)
  };
  const usage = writer.hasUsage && dialect.usage === "finish" ? `,"usage":${writer.toUsageJson(after)}` : "";
  const groqUsage = writer.hasUsage ? `,"usage":${writer.toUsageJson(progress)}` : "";
  const groq = dialect.hasGroqField ? `,"x_groq":{"id":"req_simulated"${groqUsage}}` : "";
  const delta = merged === void 0 ? dialect.finishDelta : dialect.toContentDelta(JSON.stringify(merged));
  const frame = writer.toFinishFrame(delta, toFinishReason(request, tools.length), usage);
  yield { kind: "finish", frame: writer.withExtra(frame, groq) };
  if (dialect.hasAzureFilter) yield { kind: "block", frame: toAzureLastFrame() };
  if (writer.hasUsage && dialect.usage === "chunk" && chat.includesUsage) {
    yield {
      kind: "usage",
      frame: writer.toUsageFrame(writer.toUsageJson(progress))
    };
  }
  yield { kind: "done", frame: "data: [DONE]\n\n" };
}
function createChatSource(admitted, chat) {
  const dialect = toChatDialect(admitted.plan.quirk);
  const request = {
    admitted,
    chat,
    dialect,
    id: toChatId(admitted.seed, admitted.plan)
  };
  const writer = new ChunkWriter(request);
  const tools = chat.isToolResult ? [] : toSimulatedTools(admitted.seed, admitted.plan.tools);
  function* createBeats(progress) {
    yield* toOpenBeats(request, writer);
    yield* toTokenBeats2(request, writer, progress);
    yield* toToolBeats4(tools, writer, dialect);
    yield* toFinishBeats(request, writer, progress, tools);
  }
  return {
    createBeats,
    toErrorFrames: (_progress, code, message) => [toOpenaiErrorFrame(code, message)],
    keepAliveFrame: ": keep-alive\n\n",
    unknownFrame: 'data: {"object":"chat.completion.unknown","simulated":true}\n\n',
    malformedFrame: 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":\n\n',
    afterDoneFrame: writer.toDeltaFrame('{"content":"after done"}')
  };
}

// packages/simulator/src/openai/chat-completions.ts
var FINISH_REASONS = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter"
};
function toMessage3(admitted, chat) {
  const { text, plan } = admitted;
  const reasoningField = plan.quirk === "vllm" || plan.quirk === "groq" ? "reasoning" : "reasoning_content";
  const tools = chat.isToolResult ? [] : toSimulatedTools(admitted.seed, plan.tools);
  const calls = tools.map(({ callId, name, argumentsJson }) => ({
    id: callId,
    type: "function",
    function: { name, arguments: argumentsJson }
  }));
  return {
    role: "assistant",
    content: text.answer.join(""),
    refusal: null,
    annotations: [],
    ...text.reasoning.length > 0 ? { [reasoningField]: text.reasoning.join("") } : {},
    ...calls.length > 0 ? { tool_calls: calls } : {}
  };
}
function toCompletion(admitted, chat, progress) {
  const { text, plan, seed } = admitted;
  const hasTools = !chat.isToolResult && plan.tools > 0 && text.finish === "stop";
  const hasUsage = plan.usage === "normal" && !admitted.faults.has("no-usage");
  const figures = {
    prompt: admitted.promptTokens,
    answer: progress.answerTokens,
    reasoning: progress.reasoningTokens
  };
  const finishReason = hasTools ? "tool_calls" : FINISH_REASONS[text.finish];
  return {
    id: toChatId(seed, plan),
    object: "chat.completion",
    created: toFixedCreatedAt(seed),
    model: chat.model,
    choices: [
      {
        index: 0,
        message: toMessage3(admitted, chat),
        logprobs: null,
        finish_reason: finishReason
      }
    ],
    ...hasUsage ? { usage: toChatUsage(figures, plan.quirk) } : {},
    service_tier: "default",
    system_fingerprint: "fp_simulated"
  };
}
function handleChatCompletion(context, exchange) {
  const chat = parseChatRequest(exchange.body);
  if (typeof chat === "string") {
    context.counters.open("openai").end("faulted");
    const error = {
      status: 400,
      reason: "bad-request",
      message: chat,
      code: null
    };
    sendReply(exchange.response, toOpenaiErrorReply(error));
    return;
  }
  const { prompt, model, prefill, maxTokens } = chat;
  const toErrorReply = toOpenaiErrorReply;
  const request = {
    provider: "openai",
    exchange,
    prompt,
    model,
    prefill,
    maxTokens,
    apiKey: null,
    toErrorReply
  };
  admitGeneration(context, request, (admitted) => {
    const source = createChatSource(admitted, chat);
    const run = {
      exchange,
      admitted,
      source,
      heartbeatMs: 0,
      survivesClient: false,
      keepsFrames: false
    };
    if (chat.isStream) {
      const headers = {
        "content-type": "text/event-stream; charset=utf-8",
        "x-request-id": "req_simulated"
      };
      openStreamRun(context, run, {
        headers,
        isLate: toChatDialect(admitted.plan.quirk).hasLateHeaders
      }).start();
      return;
    }
    openBlockingRun(context, run, {
      toReply: ({ progress }) => ({
        status: 200,
        body: toCompletion(admitted, chat, progress)
      }),
      toErrorReply
    }).start();
  });
}

// packages/simulator/src/openai/openai-provider.ts
var MODELS = ["sim", "sim:corpus=demo", "sim:reasoning=40", "sim:corpus=ascii,tokens=200"];
function refuse2(exchange, status, message) {
  const error = {
    status,
    reason: "by-status",
    message,
    code: status === 404 ? "unknown_url" : null
  };
  sendReply(exchange.response, toOpenaiErrorReply(error));
}
function hasOpenaiKey(exchange) {
  const key = findBearer(exchange) ?? findHeader(exchange, "api-key");
  return key !== null && !key.includes("invalid");
}
function createOpenaiProvider(context) {
  return {
    name: "openai",
    handle(exchange) {
      const isCompletion = exchange.method === "POST" && exchange.path === "/openai/v1/chat/completions";
      if (!isCompletion) context.counters.countOther("openai");
      if (!hasOpenaiKey(exchange)) {
        if (isCompletion) context.counters.open("openai").end("faulted");
        refuse2(exchange, 401, "Incorrect API key provided.");
      } else if (isCompletion) {
        handleChatCompletion(context, exchange);
      } else if (exchange.method === "GET" && exchange.path === "/openai/v1/models") {
        const data = MODELS.map((id) => ({
          id,
          object: "model",
          created: 177e7,
          owned_by: "simulator"
        }));
        sendReply(exchange.response, {
          status: 200,
          body: { object: "list", data }
        });
      } else {
        refuse2(exchange, 404, `Invalid URL (${exchange.method} ${exchange.path})`);
      }
    },
    reset: () => void 0
  };
}

// packages/simulator/src/openai-responses/response-object.ts
function toResponseMaking(admitted, asked) {
  const toId = (prefix) => `${prefix}_${toHexDigits(admitted.idKey, prefix, 48)}`;
  return {
    admitted,
    asked,
    responseId: toId("resp"),
    messageId: toId("msg"),
    reasoningId: toId("rs")
  };
}
function toMessageItem(making, text, status) {
  const content = [{ type: "output_text", annotations: [], logprobs: [], text }];
  return {
    id: making.messageId,
    type: "message",
    status,
    content,
    role: "assistant"
  };
}
function toReasoningItem(making, text) {
  return {
    id: making.reasoningId,
    type: "reasoning",
    summary: [{ type: "summary_text", text }]
  };
}
function listToolItems(making) {
  const { admitted, asked } = making;
  if (asked.isToolResult) return [];
  return toSimulatedTools(admitted.seed, admitted.plan.tools).map((tool, index) => ({
    id: `fc_${toHexDigits(admitted.idKey, `fc ${String(index)}`, 48)}`,
    type: "function_call",
    status: "completed",
    arguments: tool.argumentsJson,
    call_id: tool.callId,
    name: tool.name
  }));
}
function toUsage2(making, progress) {
  const { promptTokens } = making.admitted;
  const outputTokens = progress.answerTokens + progress.reasoningTokens;
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: progress.reasoningTokens },
    total_tokens: promptTokens + outputTokens
  };
}
function listOutput(making, progress) {
  const { reasoning, answer: answer2 } = making.admitted.text;
  const thought = reasoning.slice(0, progress.reasoningTokens).join("");
  const text = answer2.slice(0, progress.answerTokens).join("");
  return [
    ...thought === "" ? [] : [toReasoningItem(making, thought)],
    ...text === "" ? [] : [toMessageItem(making, text, "completed")]
  ];
}
var INCOMPLETE_REASONS = {
  length: "max_output_tokens",
  "content-filter": "content_filter"
};
function toResponseObject(making, status, progress) {
  const { admitted, asked } = making;
  const { finish } = admitted.text;
  const isOver = status !== "queued" && status !== "in_progress";
  const hasUsage = isOver && admitted.plan.usage === "normal" && !admitted.faults.has("no-usage");
  const error = admitted.faults.find("error");
  return {
    id: making.responseId,
    object: "response",
    created_at: toFixedCreatedAt(admitted.seed),
    status,
    background: asked.isBackground,
    error: status === "failed" ? {
      code: error?.parameters["code"] ?? "server_error",
      message: error?.parameters["message"] ?? "simulated in-stream error"
    } : null,
    incomplete_details: status === "incomplete" && finish !== "stop" ? { reason: INCOMPLETE_REASONS[finish] } : null,
    instructions: null,
    max_output_tokens: asked.maxTokens,
    model: asked.model,
    output: isOver ? [...listOutput(making, progress), ...status === "completed" ? listToolItems(making) : []] : [],
    parallel_tool_calls: true,
    previous_response_id: null,
    store: asked.isStored,
    usage: hasUsage ? toUsage2(making, progress) : null,
    metadata: {}
  };
}

// packages/simulator/src/openai-responses/response-frames.ts
function toFrame(sequence, type, fields) {
  return `event: ${type}
data: ${JSON.stringify({ type, sequence_number: sequence, ...fields })}

`;
}
function createBeatMaker(progress) {
  return (kind, type, fields) => ({
    kind,
    frame: toFrame(progress.frames, type, fields)
  });
}
function* toReasoningBeats(making, make, progress) {
  const { reasoning } = making.admitted.text;
  if (reasoning.length === 0) return;
  const place = {
    item_id: making.reasoningId,
    output_index: 0,
    summary_index: 0
  };
  const emptyItem = { id: making.reasoningId, type: "reasoning", summary: [] };
  yield make("block", "response.output_item.added", {
    output_index: 0,
    item: emptyItem
  });
  const emptyPart = { type: "summary_text", text: "" };
  yield make("block", "response.reasoning_summary_part.added", {
    ...place,
    part: emptyPart
  });
  for (const token of reasoning) {
    yield make("reasoning", "response.reasoning_summary_text.delta", {
      ...place,
      delta: token
    });
    if (progress.isStopped) return;
  }
  const text = reasoning.join("");
  yield make("block", "response.reasoning_summary_text.done", {
    ...place,
    text
  });
  yield make("block", "response.reasoning_summary_part.done", {
    ...place,
    part: { type: "summary_text", text }
  });
  yield make("block", "response.output_item.done", {
    output_index: 0,
    item: toReasoningItem(making, text)
  });
}
function createDeltaWriter(making, outputIndex) {
  const type = "response.output_text.delta";
  const head = `event: ${type}
data: {"type":"${type}","content_index":0,"delta":`;
  const padding = making.asked.includesObfuscation ? `,"obfuscation":"${toHexDigits(making.admitted.seed, "pad", 8)}"` : "";
  const tail = `,"item_id":"${making.messageId}","logprobs":[],"output_index":${String(outputIndex)}${padding}`;
  return (token, sequence) => `${head}${JSON.stringify(token)}${tail},"sequence_number":${String(sequence)}}

`;
}
function* toMessageBeats(making, make, progress) {
  const { answer: answer2, reasoning } = making.admitted.text;
  if (answer2.length === 0 || progress.isStopped) return;
  const outputIndex = reasoning.length > 0 ? 1 : 0;
  const place = {
    item_id: making.messageId,
    output_index: outputIndex,
    content_index: 0
  };
  const emptyItem = {
    id: making.messageId,
    type: "message",
    status: "in_progress",
    content: [],
    role: "assistant"
  };
  yield make("block", "response.output_item.added", {
    output_index: outputIndex,
    item: emptyItem
  });
  const emptyPart = {
    type: "output_text",
    annotations: [],
    logprobs: [],
    text: ""
  };
  yield make("block", "response.content_part.added", {
    ...place,
    part: emptyPart
  });
  const toDelta = createDeltaWriter(making, outputIndex);
  for (const token of answer2) {
    yield { kind: "answer", frame: toDelta(token, progress.frames) };
    if (progress.isStopped) return;
  }
  const text = answer2.join("");
  yield make("block", "response.output_text.done", {
    ...place,
    logprobs: [],
    text
  });
  yield make("block", "response.content_part.done", {
    ...place,
    part: { ...emptyPart, text }
  });
  const status = making.admitted.text.finish === "stop" ? "completed" : "incomplete";
  yield make("finish", "response.output_item.done", {
    output_index: outputIndex,
    item: toMessageItem(making, text, status)
  });
}
function* toToolBeats5(making, make, progress) {
  const { text, seed, plan } = making.admitted;
  if (progress.isStopped || text.finish !== "stop") return;
  const tools = toSimulatedTools(seed, plan.tools);
  const firstIndex = (text.reasoning.length > 0 ? 1 : 0) + (text.answer.length > 0 ? 1 : 0);
  for (const [index, item] of listToolItems(making).entries()) {
    const place = {
      item_id: findText(item, "id"),
      output_index: firstIndex + index
    };
    const started = { ...item, status: "in_progress", arguments: "" };
    yield make("step", "response.output_item.added", {
      output_index: place.output_index,
      item: started
    });
    for (const piece of tools[index]?.pieces ?? []) {
      yield make("step", "response.function_call_arguments.delta", {
        ...place,
        delta: piece
      });
    }
    const fullArguments = findText(item, "arguments");
    yield make("block", "response.function_call_arguments.done", {
      ...place,
      arguments: fullArguments
    });
    yield make("block", "response.output_item.done", {
      output_index: place.output_index,
      item
    });
  }
}
function toFinalStatus(making, progress) {
  if (progress.isStopped) return "cancelled";
  return making.admitted.text.finish === "stop" ? "completed" : "incomplete";
}
function createResponseSource(making) {
  function* createBeats(progress) {
    const make = createBeatMaker(progress);
    const toState = (status2) => ({
      response: toResponseObject(making, status2, progress)
    });
    const isBackground = making.asked.isBackground;
    yield make("open", "response.created", toState(isBackground ? "queued" : "in_progress"));
    if (isBackground) yield make("open", "response.queued", toState("queued"));
    yield make("open", "response.in_progress", toState("in_progress"));
    yield* toReasoningBeats(making, make, progress);
    yield* toMessageBeats(making, make, progress);
    yield* toToolBeats5(making, make, progress);
    if (progress.isStopped) return;
    const status = toFinalStatus(making, progress);
    yield make("done", `response.${status}`, toState(status));
  }
  return {
    createBeats,
    errorsAfterOpening: true,
    toErrorFrames(progress, code, message) {
      const wireCode = code ?? "server_error";
      const error = { type: wireCode, code: wireCode, message, param: null };
      return [
        toFrame(progress.frames, "error", { error }),
        toFrame(progress.frames + 1, "response.failed", {
          response: toResponseObject(making, "failed", progress)
        })
      ];
    },
    keepAliveFrame: ": keep-alive\n\n",
    unknownFrame: 'event: response.simulated.unknown\ndata: {"type":"response.simulated.unknown"}\n\n',
    malformedFrame: 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":\n\n',
    afterDoneFrame: 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"after done"}\n\n'
  };
}

// packages/simulator/src/openai-responses/response-request.ts
function parseResponseRequest(body) {
  const model = findText(body, "model");
  if (model === null) return "Missing required parameter: 'model'.";
  const { input } = body;
  const items = listObjects(body, "input");
  const last = items.at(-1);
  if (typeof input !== "string" && last === void 0) return "Missing required parameter: 'input'.";
  const streamOptions = body["stream_options"];
  return {
    model,
    prompt: typeof input === "string" ? input : toLastUserPrompt(items),
    prefill: last?.["role"] === "assistant" ? toContentText(last["content"]) : null,
    isStream: body["stream"] === true,
    isBackground: body["background"] === true,
    isStored: body["store"] !== false,
    includesObfuscation: !isJsonObject(streamOptions) || streamOptions["include_obfuscation"] !== false,
    maxTokens: findNumber(body, "max_output_tokens"),
    isToolResult: last?.["type"] === "function_call_output"
  };
}

// packages/simulator/src/openai-responses/responses-provider.ts
var BASE = "/openai/v1/responses";
var MAX_STORED = 2e3;
var STREAM_HEAD = {
  headers: {
    "content-type": "text/event-stream; charset=utf-8",
    "x-request-id": "req_simulated"
  }
};
function toStatus(stored) {
  const { outcome, making, run } = stored;
  if (outcome === null) return "in_progress";
  if (outcome === "failed") return "failed";
  if (outcome === "aborted" || outcome === "broken") return "cancelled";
  return toFinalStatus(making, run.progress);
}
function refuse3(exchange, status, message) {
  sendReply(exchange.response, toOpenaiErrorReply({ status, reason: "by-status", message, code: null }));
}
function createResponsesProvider(context) {
  const stored = createBoundedStore(MAX_STORED);
  function open(exchange, asked, making) {
    const entry = { outcome: null };
    const request = {
      exchange,
      admitted: making.admitted,
      source: createResponseSource(making),
      heartbeatMs: 0,
      survivesClient: asked.isBackground,
      keepsFrames: asked.isBackground,
      onEnd: (_run, outcome) => {
        entry.outcome = outcome;
      }
    };
    const keep = (run) => {
      if (asked.isStored) stored.set(making.responseId, Object.assign(entry, { making, run }));
      return run;
    };
    if (asked.isStream) {
      keep(openStreamRun(context, request, STREAM_HEAD)).start();
    } else if (asked.isBackground) {
      const run = keep(openDetachedRun(context, request));
      sendReply(exchange.response, {
        status: 200,
        body: toResponseObject(making, "queued", run.progress)
      });
      run.start();
    } else {
      const toReply = (run) => ({
        status: 200,
        body: toResponseObject(making, toFinalStatus(making, run.progress), run.progress)
      });
      keep(
        openBlockingRun(context, request, {
          toReply,
          toErrorReply: toOpenaiErrorReply
        })
      ).start();
    }
  }
  function create(exchange) {
    const asked = parseResponseRequest(exchange.body);
    if (typeof asked === "string" || asked.isBackground && !asked.isStored) {
      context.counters.open("openai-responses").end("faulted");
      refuse3(exchange, 400, typeof asked === "string" ? asked : "background requires store to be true");
      return;
    }
    const { prompt, model, prefill, maxTokens } = asked;
    const request = {
      provider: "openai-responses",
      exchange,
      prompt,
      model,
      prefill,
      maxTokens,
      apiKey: null
    };
    admitGeneration(context, { ...request, toErrorReply: toOpenaiErrorReply }, (admitted) => {
      open(exchange, asked, toResponseMaking(admitted, asked));
    });
  }
  function attach(exchange, entry) {
    if (!entry.making.asked.isBackground) {
      refuse3(exchange, 400, "this response was not created with background=true and cannot be streamed");
      return;
    }
    const after = exchange.query.get("starting_after");
    const output = openStreamOutput(exchange.response, STREAM_HEAD);
    for (const frame of entry.run.frames.slice(after === null ? 0 : Number(after) + 1)) output.write(frame);
    if (entry.run.isEnded) output.end();
    else entry.run.attach(output);
  }
  function handleStored(exchange, entry, action) {
    const reply = () => {
      sendReply(exchange.response, {
        status: 200,
        body: toResponseObject(entry.making, toStatus(entry), entry.run.progress)
      });
    };
    if (exchange.method === "POST" && action === "cancel") {
      if (!entry.making.asked.isBackground) {
        refuse3(exchange, 400, "only background responses can be cancelled");
        return;
      }
      entry.run.stop();
      reply();
    } else if (exchange.method === "GET" && action === void 0) {
      if (exchange.query.get("stream") === "true") attach(exchange, entry);
      else reply();
    } else refuse3(exchange, 404, `Invalid URL (${exchange.method} ${exchange.path})`);
  }
  return {
    name: "openai-responses",
    handle(exchange) {
      const isCreation = exchange.method === "POST" && exchange.path === BASE;
      if (!isCreation) context.counters.countOther("openai-responses");
      if (!hasOpenaiKey(exchange)) {
        if (isCreation) context.counters.open("openai-responses").end("faulted");
        refuse3(exchange, 401, "Incorrect API key provided.");
        return;
      }
      if (isCreation) {
        create(exchange);
        return;
      }
      const [id = "", action] = exchange.path.slice(BASE.length + 1).split("/");
      const entry = stored.find(id);
      if (entry === null) refuse3(exchange, 404, `Response with id '${id}' not found.`);
      else handleStored(exchange, entry, action);
    },
    reset() {
      for (const entry of stored.list()) entry.run.abort();
      stored.clear();
    }
  };
}

// packages/simulator/src/plan/fault-gate.ts
var NO_FAULTS = {
  has: () => false,
  find: () => null,
  at: () => Number.POSITIVE_INFINITY
};
function toActiveFaults(faults) {
  if (faults.length === 0) return NO_FAULTS;
  const find = (name) => faults.find((fault) => fault.name === name) ?? null;
  return {
    find,
    has: (name) => find(name) !== null,
    at: (name) => find(name)?.at ?? Number.POSITIVE_INFINITY
  };
}
function createFaultGate(deps) {
  const strikes = /* @__PURE__ */ new Map();
  let startedAtMs = deps.nowMs();
  function strikesNow(fault, seed) {
    if (fault.flap !== null) {
      const windowMs = fault.flap.onMs + fault.flap.offMs;
      if (windowMs > 0 && (deps.nowMs() - startedAtMs) % windowMs >= fault.flap.onMs) return false;
    }
    if (fault.times === null) return true;
    const key = `${fault.key}#${String(seed)}`;
    const used = strikes.get(key) ?? 0;
    if (used >= fault.times) return false;
    if (strikes.size >= deps.maxCounted) strikes.clear();
    strikes.set(key, used + 1);
    return true;
  }
  return {
    admit: (faults, seed) => toActiveFaults(faults.filter((fault) => strikesNow(fault, seed))),
    reset() {
      strikes.clear();
      startedAtMs = deps.nowMs();
    }
  };
}

// packages/simulator/src/run/id-source.ts
function createIdSource(maxSeeds) {
  const uses = /* @__PURE__ */ new Map();
  let round = 0;
  return {
    next(seed) {
      const used = uses.get(seed) ?? 0;
      if (uses.size >= maxSeeds) {
        uses.clear();
        round += 1;
      }
      uses.set(seed, used + 1);
      return `${String(seed)}.${String(used)}.${String(round)}`;
    },
    reset() {
      uses.clear();
      round = 0;
    }
  };
}

// packages/simulator/src/run/ticker.ts
var TICK_MS = 5;
function openTicker() {
  const buckets = /* @__PURE__ */ new Map();
  let lastSlot = 0;
  let timer = null;
  let isClosed = false;
  const nowMs = () => performance.now();
  function tick() {
    const now = nowMs();
    const slot = Math.floor(now / TICK_MS);
    for (; lastSlot < slot; lastSlot += 1) {
      const due = buckets.get(lastSlot + 1);
      if (due === void 0) continue;
      buckets.delete(lastSlot + 1);
      for (const entry of due) entry.wake(now);
    }
    if (buckets.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  }
  return {
    nowMs,
    schedule(entry, dueMs) {
      if (isClosed) return;
      if (timer === null) {
        lastSlot = Math.floor(nowMs() / TICK_MS);
        timer = setInterval(tick, TICK_MS);
      }
      const slot = Math.max(Math.ceil(dueMs / TICK_MS), lastSlot + 1);
      const bucket = buckets.get(slot);
      if (bucket === void 0) buckets.set(slot, [entry]);
      else bucket.push(entry);
    },
    close() {
      isClosed = true;
      if (timer !== null) clearInterval(timer);
      timer = null;
      buckets.clear();
    }
  };
}

// packages/simulator/src/text/demo-text.ts
var QUOTED_CHARACTERS = 80;
var ENGLISH = {
  greetings: ["Hello! ", "Good to see you! ", "Welcome! "],
  truth: "I am a **simulated agent**: no language model stands behind this answer. A small program wrote it, so that you can try the whole product without a key.",
  quote: (excerpt) => `You wrote: \u201C${excerpt}\u201D`,
  listTitle: "### What you are looking at",
  list: [
    "Text that arrives piece by piece, as from a real agent",
    "**Formatting**: lists, tables, code and formulas",
    "An answer that survives a lost connection: reload the page while I write"
  ],
  tableTitle: "### A table",
  tableIntro: "Since you asked for a table, it comes first:",
  tableRows: [
    ["Part", "State"],
    ["Streaming", "working"],
    ["Language model", "none, simulated"],
    ["Cost of this answer", "0"]
  ],
  codeTitle: "### Some code",
  codeIntro: "Since you asked for code, it comes first:",
  code: "export function greet(name: string): string {\n  return `Hello, ${name}!`\n}",
  important: "**Important:** please do not rely on anything I say; connect a real agent for real answers.",
  formula: "An inline formula, too: $E = mc^2$.",
  closing: "An administrator can add real agents in the settings."
};
var CHINESE = {
  greetings: ["\u4F60\u597D\uFF01", "\u5F88\u9AD8\u5174\u89C1\u5230\u4F60\uFF01", "\u6B22\u8FCE\uFF01"],
  truth: "\u6211\u662F\u4E00\u4E2A**\u6A21\u62DF\u667A\u80FD\u4F53**\uFF1A\u8FD9\u4E2A\u56DE\u7B54\u80CC\u540E\u6CA1\u6709\u4EFB\u4F55\u8BED\u8A00\u6A21\u578B\uFF0C\u5B83\u7531\u4E00\u6BB5\u5C0F\u7A0B\u5E8F\u5199\u6210\uFF0C\u8BA9\u4F60\u4E0D\u9700\u8981\u5BC6\u94A5\u5C31\u80FD\u8BD5\u7528\u6574\u4E2A\u4EA7\u54C1\u3002",
  quote: (excerpt) => `\u4F60\u5199\u9053\uFF1A\u201C${excerpt}\u201D`,
  listTitle: "### \u4F60\u6B63\u5728\u770B\u5230\u4EC0\u4E48",
  list: [
    "\u6587\u5B57\u4E00\u6BB5\u4E00\u6BB5\u5730\u5230\u8FBE\uFF0C\u5C31\u50CF\u771F\u6B63\u7684\u667A\u80FD\u4F53\u4E00\u6837",
    "**\u683C\u5F0F**\uFF1A\u5217\u8868\u3001\u8868\u683C\u3001\u4EE3\u7801\u548C\u516C\u5F0F",
    "\u65AD\u7EBF\u4E5F\u4E0D\u4F1A\u4E22\u5931\u7684\u56DE\u7B54\uFF1A\u53EF\u4EE5\u5728\u6211\u4E66\u5199\u65F6\u5237\u65B0\u9875\u9762"
  ],
  tableTitle: "### \u8868\u683C",
  tableIntro: "\u4F60\u63D0\u5230\u4E86\u8868\u683C\uFF0C\u6240\u4EE5\u5148\u7ED9\u51FA\u8868\u683C\uFF1A",
  tableRows: [
    ["\u90E8\u5206", "\u72B6\u6001"],
    ["\u6D41\u5F0F\u8F93\u51FA", "\u6B63\u5E38"],
    ["\u8BED\u8A00\u6A21\u578B", "\u65E0\uFF08\u6A21\u62DF\uFF09"],
    ["\u672C\u6B21\u8D39\u7528", "0"]
  ],
  codeTitle: "### \u4EE3\u7801",
  codeIntro: "\u4F60\u63D0\u5230\u4E86\u4EE3\u7801\uFF0C\u6240\u4EE5\u5148\u7ED9\u51FA\u4EE3\u7801\uFF1A",
  code: "export function greet(name: string): string {\n  return `\u4F60\u597D\uFF0C${name}\uFF01`\n}",
  important: "**\u91CD\u8981\uFF1A**\u8BF7\u6CE8\u610F\uFF0C\u4E0D\u8981\u4F9D\u8D56\u6211\u8BF4\u7684\u4EFB\u4F55\u5185\u5BB9\uFF1B\u8981\u5F97\u5230\u771F\u5B9E\u7684\u56DE\u7B54\uFF0C\u8BF7\u63A5\u5165\u771F\u6B63\u7684\u667A\u80FD\u4F53\u3002",
  formula: "\u8FD8\u6709\u4E00\u4E2A\u884C\u5185\u516C\u5F0F\uFF1A$E = mc^2$\u3002",
  closing: "\u7BA1\u7406\u5458\u53EF\u4EE5\u5728\u8BBE\u7F6E\u4E2D\u6DFB\u52A0\u771F\u6B63\u7684\u667A\u80FD\u4F53\u3002"
};
function toExcerpt(prompt) {
  const plain = prompt.replace(/\[\[sim [^\]]*\]\]/g, "").replace(/[`*_#<>|$\\[\]~]/g, "").replace(/\s+/g, " ").trim();
  const characters = Array.from(plain);
  return characters.length <= QUOTED_CHARACTERS ? plain : `${characters.slice(0, QUOTED_CHARACTERS).join("")}\u2026`;
}
function toTable(rows) {
  const [head, ...rest] = rows.map((cells) => `| ${cells.join(" | ")} |`);
  return [head ?? "", "|---|---|", ...rest].join("\n");
}
function toDemoAnswer(prompt, seed) {
  const words = /[\u3400-\u9fff]/.test(prompt) ? CHINESE : ENGLISH;
  const asksForTable = /\btables?\b|表格/i.test(prompt);
  const asksForCode = /\bcode\b|代码/i.test(prompt);
  const greeting = words.greetings[toDerivedSeed(seed, "greeting") % words.greetings.length] ?? "";
  const table = [words.tableTitle, asksForTable ? words.tableIntro : "", toTable(words.tableRows)];
  const code = [words.codeTitle, asksForCode ? words.codeIntro : "", `\`\`\`ts
${words.code}
\`\`\``];
  const list = [words.listTitle, words.list.map((line) => `- ${line}`).join("\n")];
  const excerpt = toExcerpt(prompt);
  const sections = [
    ...asksForTable ? table : [],
    ...asksForCode ? code : [],
    ...list,
    ...asksForTable ? [] : table,
    ...asksForCode ? [] : code
  ];
  return [
    greeting + words.truth,
    excerpt === "" ? "" : words.quote(excerpt),
    ...sections,
    words.important,
    words.formula,
    words.closing
  ].filter((block) => block !== "").join("\n\n");
}
function toDemoTokens(prompt, seed) {
  return toDemoAnswer(prompt, seed).match(/ ?[A-Za-z0-9]{1,8}|[\u3400-\u9fff]{1,2}|\n+|[^]/gu) ?? [];
}

// packages/simulator/src/text/vocabulary.ts
var ENGLISH_WORDS = "the of and to in is that for it as was with be by on not he this are or his from at which but have an they you were her she all would there been one so we when them some time very will over then out what about into more other only river mountain answer question window garden paper letter music winter summer bridge market engine signal pattern measure careful steady quiet bright simple honest gentle sudden golden hidden open little large early late several journey harbour library teacher student village station compass lantern weather promise reason memory shadow forest".split(" ");
var ACCENTED_WORDS = [
  "caf\xE9",
  "na\xEFve",
  "fa\xE7ade",
  "Z\xFCrich",
  "se\xF1or",
  "d\xE9j\xE0",
  "\u0160koda",
  "\u043F\u0440\u0438\u0432\u0435\u0442"
];
var CHINESE_WORDS = "\u6211\u4EEC \u4ECA\u5929 \u5929\u6C14 \u5F88\u597D \u8BF7\u95EE \u53EF\u4EE5 \u95EE\u9898 \u56DE\u7B54 \u65F6\u95F4 \u4E16\u754C \u5B66\u4E60 \u5DE5\u4F5C \u57CE\u5E02 \u6CB3\u6D41 \u5C71\u5DDD \u6625\u5929 \u79CB\u5929 \u670B\u53CB \u8001\u5E08 \u5B66\u751F \u7535\u8111 \u7F51\u7EDC \u6570\u636E \u7CFB\u7EDF \u670D\u52A1 \u7A33\u5B9A \u5B89\u5168 \u7B80\u5355 \u8BA4\u771F \u6E29\u548C \u56E0\u4E3A \u6240\u4EE5 \u4F46\u662F \u5982\u679C \u5DF2\u7ECF \u5F00\u59CB \u7EE7\u7EED \u5B8C\u6210 \u91CD\u65B0 \u8FDE\u63A5 \u6D88\u606F \u6587\u5B57 \u58F0\u97F3 \u56FE\u50CF \u65B9\u6CD5 \u7ED3\u679C \u539F\u56E0 \u8FC7\u7A0B \u76EE\u6807 \u672A\u6765".split(" ");
var WIDE_SIGNS = ["\u{1F600}", "\u{1F680}", "\u{1F30D}", "\u{1F389}", "\u{1F469}\u200D\u{1F4BB}", "\u{1F44D}\u{1F3FD}", "\u{1F1E8}\u{1F1F3}", "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}", "\u{20BB7}", "\u{210C1}", "\u{1D11E}", "\u{1F004}"];
var ENGLISH_PUNCTUATION = [",", ".", ";", "?", "!"];
var CHINESE_PUNCTUATION = ["\uFF0C", "\u3002", "\uFF1B", "\uFF1F", "\uFF01"];

// packages/simulator/src/simulated-text.ts
function createTokenSource(seed, corpus) {
  const random = createRandom(toDerivedSeed(seed, corpus));
  const pick = (list) => list[Math.floor(random() * list.length)] ?? "";
  let isFirst = true;
  return () => {
    const kind = random();
    const canPunctuate = !isFirst;
    const space = isFirst ? "" : " ";
    isFirst = false;
    if (kind < 0.08 && canPunctuate) return pick(ENGLISH_PUNCTUATION);
    if (corpus === "ascii" || kind < 0.5) return space + pick(ENGLISH_WORDS);
    if (kind < 0.56 && canPunctuate) return pick(CHINESE_PUNCTUATION);
    if (kind < 0.84) return pick(CHINESE_WORDS);
    if (kind < 0.92) return pick(WIDE_SIGNS);
    return space + pick(ACCENTED_WORDS);
  };
}

// packages/simulator/src/text/token-cache.ts
function createTokenCache(maxEntries) {
  const entries = /* @__PURE__ */ new Map();
  function toEntry(request) {
    const corpus = request.corpus ?? "words";
    if (corpus === "demo")
      return {
        tokens: toDemoTokens(request.prompt ?? "", request.seed),
        next: null
      };
    return { tokens: [], next: createTokenSource(request.seed, corpus) };
  }
  return {
    list(request) {
      const key = `${request.corpus ?? "words"}/${String(request.seed)}/${request.corpus === "demo" ? request.prompt ?? "" : ""}`;
      const entry = entries.get(key) ?? toEntry(request);
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > maxEntries) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      while (entry.next !== null && entry.tokens.length < request.tokens) entry.tokens.push(entry.next());
      return entry.tokens;
    },
    clear() {
      entries.clear();
    }
  };
}

// packages/simulator/src/open-simulator.ts
var BASE_PATHS = {
  openai: "/openai/v1",
  "openai-responses": "/openai/v1",
  anthropic: "/anthropic",
  fastgpt: "/fastgpt/api",
  dify: "/dify/v1"
};
var KEEP_ALIVE_MS = 12e4;
var BACKLOG = 4096;
function createRooms(defaultPlan) {
  const ticker = openTicker();
  const context = {
    ticker,
    counters: createCounterBook(),
    gate: createFaultGate({ nowMs: ticker.nowMs, maxCounted: 1e5 }),
    tokens: createTokenCache(512),
    ids: createIdSource(1e5),
    defaultPlan
  };
  const requestLog = createRequestLog(200);
  const providers = [
    {
      prefix: "/openai/v1/responses",
      provider: createResponsesProvider(context)
    },
    { prefix: "/openai/", provider: createOpenaiProvider(context) },
    { prefix: "/anthropic/", provider: createAnthropicProvider(context) },
    { prefix: "/fastgpt/api/", provider: createFastgptProvider(context) },
    { prefix: "/dify/v1/", provider: createDifyProvider(context) }
  ];
  const reset = () => {
    for (const { provider } of providers) provider.reset();
    context.counters.reset();
    context.gate.reset();
    context.ids.reset();
    context.tokens.clear();
    requestLog.reset();
  };
  return { context, providers, requestLog, reset };
}
function handleControl(rooms, exchange) {
  const { response, query } = exchange;
  const route = `${exchange.method} ${exchange.path}`;
  if (route === "GET /_sim/counters") sendReply(response, { status: 200, body: rooms.context.counters.read() });
  else if (route === "GET /_sim/requests") {
    sendReply(response, {
      status: 200,
      body: rooms.requestLog.list(Number(query.get("last") ?? 200))
    });
  } else if (route === "POST /_sim/reset") {
    rooms.reset();
    sendReply(response, { status: 200, body: { reset: true } });
  } else
    sendReply(response, {
      status: 404,
      body: { error: `unknown path ${route}` }
    });
}
function dispatch(rooms, exchange) {
  if (exchange.path.startsWith("/_sim/")) {
    handleControl(rooms, exchange);
    return;
  }
  const found = rooms.providers.find(({ prefix }) => exchange.path.startsWith(prefix));
  if (found === void 0) {
    sendReply(exchange.response, {
      status: 404,
      body: { error: `unknown path ${exchange.path}` }
    });
    return;
  }
  rooms.requestLog.record(exchange);
  if (exchange.isBodyValid) found.provider.handle(exchange);
  else
    sendReply(exchange.response, {
      status: 400,
      body: { error: { message: "the body is no JSON object" } }
    });
}
async function answer(rooms, request, response) {
  try {
    dispatch(rooms, await readExchange(request, response));
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    if (response.headersSent) response.destroy();
    sendReply(response, {
      status: 500,
      body: { error: { message: `simulator: ${String(error)}` } }
    });
  }
}
async function openSimulator(options = {}) {
  const host = options.host ?? "127.0.0.1";
  const { problems } = parsePlan(options.defaultPlan ?? "");
  if (problems.length > 0) throw new Error(`simulator plan: ${problems.join("; ")}`);
  const rooms = createRooms(options.defaultPlan ?? "");
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void answer(rooms, request, response);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port: options.port ?? 0, backlog: BACKLOG }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the simulator has no TCP address");
  const shownHost = address.family === "IPv6" ? `[${address.address}]` : address.address;
  const url = `http://${shownHost}:${String(address.port)}`;
  return {
    url,
    baseUrl: (provider) => url + BASE_PATHS[provider],
    counters: () => rooms.context.counters.read(),
    requests: () => rooms.requestLog.list(),
    reset: rooms.reset,
    async close() {
      rooms.context.ticker.close();
      await new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    }
  };
}
export {
  openSimulator
};
