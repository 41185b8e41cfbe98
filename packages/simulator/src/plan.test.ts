import { describe, expect, test } from 'vitest'
import { createFaultGate } from './plan/fault-gate.ts'
import { findDirective, selectPlan } from './plan/select-plan.ts'
import { parsePlan, toPlan } from './plan.ts'

const NO_SOURCES = { prompt: '', model: null, apiKey: null, header: null, defaultPlan: '' }

describe('parsePlan', () => {
  test('reads every key, parted by blanks or commas', () => {
    const { settings, problems } = parsePlan(
      'tokens=200,ttft=100 gap=2.5 seed=7 corpus=ascii reasoning=4 steps=2,tools=1 interactive=form mode=workflow ' +
        'order=workflow-finished-first usage=none heartbeat=50 quirk=groq fault=cut@40',
    )
    expect(problems).toEqual([])
    expect(settings).toMatchObject({
      tokens: 200,
      ttftMs: 100,
      gapMs: 2.5,
      seed: 7,
      corpus: 'ascii',
      reasoning: 4,
      steps: 2,
      tools: 1,
      interactive: 'form',
      mode: 'workflow',
      order: 'workflow-finished-first',
      usage: 'none',
      heartbeatMs: 50,
      quirk: 'groq',
    })
    expect(settings.faults).toMatchObject([{ name: 'cut', at: 40, times: null, flap: null }])
  })

  test('takes the wire names of the Dify modes', () => {
    expect(parsePlan('mode=agent-chat').settings.mode).toBe('agent')
    expect(parsePlan('mode=advanced-chat').settings.mode).toBe('workflow')
  })

  test('reads several faults with values and modifiers', () => {
    const { settings, problems } = parsePlan('fault=status=429;retry-after=2;once+crlf+slow-headers=300;flap=20/80')
    expect(problems).toEqual([])
    expect(settings.faults).toMatchObject([
      { name: 'status', value: 429, parameters: { 'retry-after': '2' }, times: 1 },
      { name: 'crlf', times: null },
      { name: 'slow-headers', value: 300, flap: { onMs: 20, offMs: 80 } },
    ])
  })

  test('gives bare modifiers to every fault', () => {
    const { settings } = parsePlan('fault=reset@3+crlf times=2')
    expect(settings.faults?.map((fault) => fault.times)).toEqual([2, 2])
  })

  test.each([
    ['token=3', 'unknown key "token"'],
    ['tokens=many', 'tokens wants a whole number'],
    ['corpus=latin', 'corpus wants one of'],
    ['fault=explode@3', 'unknown fault "explode@3"'],
    ['fault=cut@3;twice', 'unknown fault modifier "twice"'],
    ['fault=status', 'status wants a number'],
    ['once', 'once needs a fault'],
  ])('names the problem of %s', (text, problem) => {
    expect(parsePlan(text).problems.join()).toContain(problem)
  })

  test('has the documented defaults', () => {
    expect(toPlan([])).toMatchObject({ tokens: null, ttftMs: 50, gapMs: 5, seed: null, corpus: 'words', faults: [] })
  })
})

describe('selectPlan', () => {
  test('prefers directive, model, API key, header, default, in this order', () => {
    const { plan } = selectPlan({
      prompt: 'hello [[sim tokens=1]]',
      model: 'sim:tokens=2,ttft=2',
      apiKey: 'app-x:tokens=3,ttft=3,gap=3',
      header: 'tokens=4 ttft=4 gap=4 seed=4',
      defaultPlan: 'tokens=5 ttft=5 gap=5 seed=5 steps=5',
    })
    expect(plan).toMatchObject({ tokens: 1, ttftMs: 2, gapMs: 3, seed: 4, steps: 5 })
  })

  test('leaves names without a plan alone', () => {
    const { plan, problems } = selectPlan({ ...NO_SOURCES, model: 'claude:latest', prompt: '[[simple]]' })
    expect(problems).toEqual([])
    expect(plan).toEqual(toPlan([]))
  })

  test('takes the last directive of a prompt', () => {
    expect(findDirective('[[sim tokens=1]] quoted [[sim tokens=2 fault=status=429;once]]')).toBe(
      'tokens=2 fault=status=429;once',
    )
  })
})

describe('the fault gate', () => {
  const faults = parsePlan('fault=cut@3;times=2').settings.faults ?? []

  test('counts strikes by fault and seed, until the reset', () => {
    const gate = createFaultGate({ nowMs: () => 0, maxCounted: 10 })
    const strikes = (seed: number): boolean => gate.admit(faults, seed).has('cut')
    expect([strikes(1), strikes(1), strikes(1), strikes(2)]).toEqual([true, true, false, true])
    gate.reset()
    expect(strikes(1)).toBe(true)
  })

  test('strikes in the on part of a flap window only', () => {
    let now = 1000
    const gate = createFaultGate({ nowMs: () => now, maxCounted: 10 })
    const flapping = parsePlan('fault=reset@1;flap=20/80').settings.faults ?? []
    const at = (elapsed: number): boolean => {
      now = 1000 + elapsed
      return gate.admit(flapping, 1).has('reset')
    }
    expect([at(0), at(19), at(20), at(99), at(100), at(121)]).toEqual([true, true, false, false, true, false])
  })
})
