// What both k6 scripts share: one person who signs in, chats and looks around.
import { check, sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Rate, Trend } from 'k6/metrics'

const url = __ENV.BASE_URL || 'http://127.0.0.1:3001'
const agentId = __ENV.AGENT_ID || 'openai'
const password = __ENV.PASSWORD || 'everybody has this password'
const tokens = Number(__ENV.TOKENS || 60)
const gapMs = Number(__ENV.GAP_MS || 50)
const ttftMs = Number(__ENV.TTFT_MS || 200)
/** Seconds that a person reads an answer for, by and large, before they go on. */
const pauseS = Number(__ENV.PAUSE_S || 0)

/** Milliseconds. Times of the API alone: an answer takes as long as its agent does. */
const apiMs = new Trend('api_ms', true)
/** From accepting a question to the first content, as the server's `data-timing` event says. */
const firstContentMs = new Trend('chat_first_content_ms', true)
/** The same without what the simulated agent was told to wait. */
const addedFirstContentMs = new Trend('chat_added_first_content_ms', true)
const totalMs = new Trend('chat_total_ms', true)
/** Refused for being too many is a promise kept, not a failure; both are told apart. */
const rateLimited = new Counter('rate_limited')
const failures = new Rate('failures')
const exchanges = new Counter('exchanges')

/** The SLA: p50 < 200 ms, p95 < 500 ms, p99 < 1000 ms, errors < 1 %, at least 50 requests a second. */
export const sla = {
  api_ms: ['p(50)<200', 'p(95)<500', 'p(99)<1000'],
  failures: ['rate<0.01'],
  checks: ['rate>0.99'],
}
export const slaRate = { exchanges: ['rate>=50'] }

/** The statistics that the report shows. */
export const summaryTrendStats = ['avg', 'min', 'med', 'p(50)', 'p(95)', 'p(99)', 'max', 'count']

let isSignedIn = false
/** Seconds until somebody whose sign-in was refused for being too many tries again: as long as they were told. */
let waitSeconds = 1
let csrfToken = ''
let sessionId = ''

function headers() {
  return { 'content-type': 'application/json', 'x-xsrf-token': csrfToken }
}

/** The first failures of a person are told one by one, so that the report's figure can be looked into. */
let toldFailures = 0

function noteOutcome(name, isFine, response) {
  failures.add(!isFine)
  if (isFine || toldFailures === 3) return
  toldFailures += 1
  const { status, error_code: code, error, timings } = response
  const said = /"(?:code|state|reason)":"[^"]*"/g
  const words = (String(response.body || '').match(said) || []).slice(-4).join(' ')
  console.warn(`failed: ${name}, status ${status}, ${Math.round(timings.duration)} ms, k6 ${code} ${error} ${words}`)
}

/** Counts one answer of the API. */
function note(response, name) {
  exchanges.add(1)
  apiMs.add(response.timings.duration, { name })
  if (response.status === 429) {
    rateLimited.add(1)
    return false
  }
  const isFine = check(response, { [`${name} is answered`]: ({ status }) => status >= 200 && status < 300 })
  noteOutcome(name, isFine, response)
  return isFine
}

/** Every virtual user is a person of their own; signing in again and again would measure argon2. */
function signIn() {
  const email = `person-${exec.vu.idInTest}@example.com`
  const body = JSON.stringify({ email, password })
  const response = http.post(`${url}/api/auth/login`, body, { headers: headers(), tags: { name: 'login' } })
  exchanges.add(1)
  if (response.status === 429) {
    rateLimited.add(1)
    waitSeconds = Number(response.headers['Retry-After'] || 1)
    return false
  }
  const isFine = check(response, { 'login is answered': ({ status }) => status === 200 })
  noteOutcome('login', isFine, response)
  if (!isFine) return false
  csrfToken = response.json('csrfToken')
  isSignedIn = true
  return true
}

function toId() {
  return `k6-${exec.vu.idInTest}-${exec.vu.iterationInScenario}-${Math.random().toString(36).slice(2)}`
}

/** A streamed answer. k6 hands it over when it has ended; the server's own figure tells when it began. */
function chat() {
  const seed = 1 + ((exec.vu.idInTest * 1000 + exec.vu.iterationInScenario) % 4_000_000)
  const text = `[[sim tokens=${tokens} gap=${gapMs} ttft=${ttftMs} seed=${seed}]]`
  sessionId = ''
  const id = toId()
  const messages = [{ id: toId(), role: 'user', parts: [{ type: 'text', text }] }]
  const body = JSON.stringify({ id, agentId, messages })
  const response = http.post(`${url}/api/chat`, body, {
    headers: headers(),
    tags: { name: 'chat' },
    timeout: '180s',
  })
  exchanges.add(1)
  if (response.status === 429) {
    rateLimited.add(1)
    return
  }
  const timing = /"data-timing","data":(\{[^}]*\})/.exec(response.body || '')
  const isFine = check(response, {
    'chat is answered': ({ status }) => status === 200,
    'the answer is complete': ({ body: text }) => String(text).includes('"state":"complete"'),
    'the stream ends as promised': ({ body: text }) => String(text).endsWith('data: [DONE]\n\n'),
    'the server tells its time': () => timing !== null,
  })
  noteOutcome('chat', isFine, response)
  // What was refused has no chat to look at.
  if (response.status === 200) sessionId = id
  if (timing === null) return
  const told = JSON.parse(timing[1])
  firstContentMs.add(told.firstContentMs)
  addedFirstContentMs.add(told.firstContentMs - ttftMs)
  totalMs.add(told.totalMs)
}

/** One round of a person: a question, its answer, and a look at the list, the chat and the search. */
export function visit() {
  if (!isSignedIn && !signIn()) {
    // Not all at the same moment again.
    sleep(waitSeconds * (1 + Math.random()))
    return
  }
  chat()
  sleep(pauseS * (0.5 + Math.random()))
  const get = (path, name) => note(http.get(`${url}${path}`, { headers: headers(), tags: { name } }), name)
  get('/api/chat/sessions?limit=30', 'list')
  sleep(0.2 + Math.random() * 0.3)
  if (sessionId !== '') get(`/api/chat/sessions/${sessionId}/messages?limit=50`, 'messages')
  sleep(0.2 + Math.random() * 0.3)
  get('/api/chat/sessions/search?q=sim', 'search')
  get('/api/agents', 'agents')
  sleep(0.5 + Math.random())
}

function toRow(name, { values, thresholds = {} }) {
  const cells = Object.entries(values)
    .map(([key, value]) => `<td>${key}<br><b>${Math.round(value * 1000) / 1000}</b></td>`)
    .join('')
  const verdicts = Object.entries(thresholds)
    .map(([rule, { ok }]) => `<span class="${ok ? 'ok' : 'bad'}">${ok ? 'held' : 'BROKEN'}: ${rule}</span>`)
    .join('<br>')
  return `<tr><th>${name}</th><td>${verdicts}</td>${cells}</tr>`
}

/** A page that needs nothing else. */
function toPage(title, metrics) {
  const rows = Object.keys(metrics)
    .sort()
    .map((name) => toRow(name, metrics[name]))
    .join('\n')
  const style =
    'body{font:15px system-ui;margin:2rem}td,th{padding:.3rem .7rem;border-bottom:1px solid #ddd;text-align:left}' +
    '.ok{color:#176b3a}.bad{color:#a51d1d;font-weight:bold}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style>
<h1>${title}</h1><p>${new Date().toISOString()}, against ${url}. Times in ms.</p><table>${rows}</table></html>\n`
}

function toText(title, metrics) {
  const shown = [
    'exchanges',
    'failures',
    'rate_limited',
    'api_ms',
    'chat_first_content_ms',
    'chat_added_first_content_ms',
  ]
  const lines = [...shown, 'chat_total_ms'].flatMap((name) =>
    metrics[name] ? [`  ${name.padEnd(30)}${JSON.stringify(metrics[name].values)}`] : [],
  )
  const broken = Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
    Object.entries(thresholds).flatMap(([rule, { ok }]) => (ok ? [] : [`  BROKEN  ${name}: ${rule}`])),
  )
  return `\n${title}\n${[...lines, ...broken].join('\n')}\n`
}

/** For `handleSummary`: on the terminal, and as files in REPORT_DIR. */
export function createSummary(title, name) {
  return (data) => {
    const folder = __ENV.REPORT_DIR || 'reports'
    return {
      stdout: toText(title, data.metrics),
      [`${folder}/${name}.html`]: toPage(title, data.metrics),
      [`${folder}/${name}.json`]: JSON.stringify(data, null, 2),
    }
  }
}
