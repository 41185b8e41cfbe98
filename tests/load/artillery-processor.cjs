// CommonJS: Artillery loads it by `require`.
const { randomUUID } = require('node:crypto')

const people = Number(process.env.PEOPLE || 1000)
const ttftMs = Number(process.env.TTFT_MS || 200)
let next = 0

/** Everybody is a person of their own until there are more visits than people. */
function choosePerson(context, _events, done) {
  const index = (next % people) + 1
  next += 1
  Object.assign(context.vars, {
    email: `person-${index}@example.com`,
    password: process.env.PASSWORD || 'everybody has this password',
    agentId: process.env.AGENT_ID || 'openai',
    sessionId: randomUUID(),
    messageId: randomUUID(),
    prompt: `[[sim tokens=60 gap=50 ttft=${ttftMs} seed=${next}]]`,
  })
  done()
}

/** Told apart: what was refused for being too many, and what failed. */
function noteStatus(response, events) {
  if (response.statusCode === 429) events.emit('counter', 'rate_limited', 1)
  else if (response.statusCode >= 400) events.emit('counter', 'failures', 1)
  events.emit('counter', 'exchanges', 1)
}

function noteApi(_request, response, _context, events, done) {
  noteStatus(response, events)
  events.emit('histogram', 'api_ms', response.timings?.phases?.firstByte ?? 0)
  done()
}

function noteLogin(_request, response, _context, events, done) {
  noteStatus(response, events)
  done()
}

/** The server's own word on when the answer began; it does not include the agent's wait where it says "added". */
function noteChat(_request, response, _context, events, done) {
  noteStatus(response, events)
  const timing = /"data-timing","data":(\{[^}]*\})/.exec(String(response.body))
  if (timing === null) {
    events.emit('counter', 'chats_without_end', 1)
    done(new Error('the answer has no end'))
    return
  }
  const { firstContentMs, totalMs } = JSON.parse(timing[1])
  events.emit('histogram', 'chat_first_content_ms', firstContentMs)
  events.emit('histogram', 'chat_added_first_content_ms', Math.max(0, firstContentMs - ttftMs))
  events.emit('histogram', 'chat_total_ms', totalMs)
  done()
}

module.exports = { choosePerson, noteApi, noteLogin, noteChat }
