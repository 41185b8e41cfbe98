import { answerTokens, primarySeed, standbySeed, toPlan, type DrillRun, type Scenario } from '../scenario.ts'
import type { Asked } from '../drill-client.ts'
import { checkCut, checkWhole, toText } from './checks.ts'

/** Scenarios in which another agent answers. */
export const standingIn: readonly Scenario[] = [
  {
    name: 'fall-back that refuses continuation',
    right: 'the shown beginning stays, is not repeated, and the fall-back goes on from it when asked in words',
    agents: () => [
      { key: 'begins', plan: toPlan(primarySeed, 'cut@40') },
      { key: 'primary', plan: toPlan(primarySeed, 'status=503'), fallbacks: ['standby'], canContinue: true },
      { key: 'standby', plan: toPlan(standbySeed, 'refuse-prefill'), canContinue: true },
    ],
    async run(drill) {
      const begun = await drill.ask('begins')
      checkCut(drill, begun, { seed: primarySeed, tokens: 40, reason: 'truncated', code: 'upstream_truncated' })
      const asked = await drill.ask('primary', { sessionId: begun.sessionId, continues: begun.stored.id })
      drill.check('complete', asked.delivery.state === 'complete', asked.delivery)
      const expected = toText(primarySeed, 40) + toText(standbySeed)
      drill.check('beginning and continuation, each once', asked.text === expected, asked.text)
      drill.check('a clean stream', asked.faults.length === 0, asked.faults)
      checkStoodIn(drill, asked)
      const requests = ['primary', 'standby'].map((key) => drill.countRequests(key))
      drill.check('3 requests, then one refused and one in words', requests.join() === '3,2', requests)
    },
  },
  {
    name: 'flapping primary',
    isLoad: true,
    right: 'every question is answered whole, a failing upstream is left alone, and it is used again when it is back',
    agents: (pace) => [
      {
        key: 'primary',
        plan: toPlan(primarySeed, `status=500;flap=${pace.flap.phaseMs}/${pace.flap.phaseMs}`),
        fallbacks: ['standby'],
      },
      { key: 'standby', plan: toPlan(standbySeed) },
    ],
    run: runFlapping,
  },
  {
    name: 'accounting after fall-back',
    right:
      'row, usage, figures and the viewer all name the agent that answered, and once; the next turn goes on with it',
    agents: () => [
      { key: 'primary', plan: toPlan(primarySeed, 'status=503'), fallbacks: ['standby'] },
      { key: 'standby', plan: toPlan(standbySeed), provider: 'anthropic' },
      { key: 'first', plan: toPlan(primarySeed, 'status=503'), fallbacks: ['stateful'] },
      { key: 'stateful', plan: toPlan(standbySeed), provider: 'fastgpt' },
    ],
    async run(drill) {
      const asked = await drill.ask('primary')
      checkWhole(drill, asked, standbySeed)
      checkStoodIn(drill, asked)
      const { usage } = asked.stored
      drill.check('its own usage', usage?.outputTokens === answerTokens && !usage.isEstimated, usage)
      const told = asked.events.filter((event) => event.type === 'data-agent')
      drill.check('told once', told.length === 1, told)
      const metrics = await drill.readMetrics()
      const counted = `llmchat_agent_fell_back_total{agent="${drill.idOf('primary')}",code="upstream_failed"} 1`
      drill.check('the fall-back is counted', metrics.includes(counted), counted)
      const ended = 'llmchat_generations_ended_total{provider="anthropic",state="complete"} 1'
      drill.check('the answer is counted where it was made', metrics.includes(ended), ended)
      await checkConversation(drill)
    },
  },
]

/** A stateful agent that stood in goes on in the conversation it began. */
async function checkConversation(drill: DrillRun): Promise<void> {
  const one = await drill.ask('first')
  const two = await drill.ask('first', { sessionId: one.sessionId })
  for (const asked of [one, two]) checkWhole(drill, asked, standbySeed)
  const chatIds = drill
    .upstream('stateful')
    .requests()
    .filter((request) => request.url.includes('/chat/completions'))
    .map((request) => request.body['chatId'])
  const isOne = chatIds.length === 2 && chatIds[0] === chatIds[1] && typeof chatIds[0] === 'string'
  drill.check('one conversation upstream for both turns', isOne, chatIds)
}

function checkStoodIn(drill: DrillRun, asked: Asked): void {
  const { agentId, agentName, insteadOf } = asked.stored
  const expected = [drill.idOf('standby'), drill.nameOf('standby'), drill.nameOf('primary')]
  drill.check('the row names who answered', [agentId, agentName, insteadOf].join() === expected.join(), asked.stored)
  const seen = asked.message.answeredBy
  drill.check('so does the stream', seen !== null && seen.agentId === agentId && seen.insteadOf === insteadOf, seen)
}

async function runFlapping(drill: DrillRun): Promise<void> {
  const { totalMs, phaseMs, questionEveryMs } = drill.pace.flap
  const asking: Promise<Asked | null>[] = []
  drill.upstream('primary').reset()
  const count = Math.floor(totalMs / questionEveryMs)
  for (let i = 0; i < count; i++) {
    // One that hangs is a wrong answer, not the end of the drill.
    asking.push(drill.ask('primary').catch(() => null))
    await new Promise((resolve) => setTimeout(resolve, questionEveryMs))
  }
  const settled = await Promise.all(asking)
  const answers = settled.filter((asked) => asked !== null)
  drill.check('every question has an end', answers.length === count, { ended: answers.length, questions: count })
  const isWhole = (asked: Asked, seed: number): boolean =>
    asked.delivery.state === 'complete' && asked.text === toText(seed) && asked.faults.length === 0
  const wrong = answers.filter((asked) => !isWhole(asked, asked.message.answeredBy ? standbySeed : primarySeed))
  drill.check('every answer whole', wrong.length === 0, wrong.slice(0, 3))
  const standby = answers.filter((asked) => asked.message.answeredBy).length
  const { faulted } = drill.upstream('primary').counters().total
  // Half of the questions fall into bad times; without a circuit each of them meets the failure at least once.
  const isSpared = faulted <= (count / 2) * 0.5
  drill.check('the failing upstream was left alone', isSpared, { faulted, standby, questions: count })
  drill.check('the fall-back answered in bad times', standby >= count * 0.25, { standby, questions: count })
  const back = await askUntilBack(drill, phaseMs * 4)
  drill.check('it is used again when it is back', back, { phaseMs })
}

async function askUntilBack(drill: DrillRun, limitMs: number): Promise<boolean> {
  const giveUpMs = performance.now() + limitMs
  while (performance.now() < giveUpMs) {
    const asked = await drill.ask('primary')
    if (asked.message.answeredBy === null && asked.delivery.state === 'complete') return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}
