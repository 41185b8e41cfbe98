import { createDurationSetting } from './duration-setting.ts'
import { createIntegerSetting, createListSetting, createTextSetting } from '../setting.ts'
import { createLengthParser } from '../setting-parsers.ts'

export const operationSettings = {
  heartbeatMs: createDurationSetting(
    'HEARTBEAT_MS',
    1500,
    'How often an instance shows in the database that it lives.',
  ),
  drainAcceptMs: createDurationSetting(
    'DRAIN_ACCEPT_MS',
    0,
    'On a stop: how long new requests are still accepted (5000 on Kubernetes).',
    { minMs: 0 },
  ),
  drainFinishMs: createDurationSetting('DRAIN_MS', 10_000, 'On a stop: how long running answers may go on.', {
    minMs: 0,
  }),
  drainForceMs: createDurationSetting('DRAIN_FORCE_MS', 15_000, 'On a stop: when the process ends in any case.'),
  ssePingMs: createDurationSetting('SSE_PING_MS', 15_000, 'How often a silent stream gets a sign of life.'),
  sseMaxBufferBytes: createIntegerSetting({
    variable: 'SSE_MAX_BUFFER_BYTES',
    description: 'A viewer that is so far behind is disconnected; it resumes by itself.',
    min: 1024,
    max: 1_073_741_824,
    default: 262_144,
  }),
  bodyLimitBytes: createIntegerSetting({
    variable: 'BODY_LIMIT_BYTES',
    description: 'The largest request body.',
    min: 1024,
    max: 1_073_741_824,
    default: 2_097_152,
  }),
  opsToken: createTextSetting({
    variable: 'OPS_TOKEN',
    description: 'Lets monitoring read /metrics and /health/detailed from elsewhere, as Authorization: Bearer.',
    rule: 'at least 24 characters, made at random',
    example: '(the output of: openssl rand -hex 24)',
    default: null,
    defaultText: 'only programs on this machine and admins',
    parse: createLengthParser(24),
  }),
  drillDisable: createListSetting({
    variable: 'DRILL_DISABLE',
    description: 'For drills alone: guards that are off, so that the drill must fail. On loopback only.',
    rule: 'adoption, fence, seal or sweeper, separated by commas',
    example: '(adoption)',
  }),
  failpoint: createTextSetting({
    variable: 'FAILPOINT',
    description: 'For tests alone: the process dies at this write, as if the power went. See base/failpoints.ts.',
    rule: 'a failpoint, or failpoint@N for its N-th pass',
    example: 'commit:before',
    default: null,
    parse: (text) => (/^[a-z]+:(before|after)(@[1-9]\d{0,5})?$/.test(text) ? text : undefined),
  }),
}
