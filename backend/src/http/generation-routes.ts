import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Config } from '../config/config.ts'
import type { AgentChoice } from '../generation/generation-job.ts'
import type { GenerationRoom } from '../generation/open-generation-room.ts'
import type { RoutePlugin } from './app-types.ts'
import type { AgentRouteDeps } from './routes/agent-routes.ts'
import { createFollowStreamRoute } from './routes/chat/follow-stream.ts'
import { createSendMessageRoute, type SendMessageDeps } from './routes/chat/send-message.ts'
import { createStopGenerationRoute } from './routes/chat/stop-generation.ts'
import { createChatCompletionsRoute } from './routes/v1/chat-completions.ts'
import { createModelsRoute } from './routes/v1/models.ts'
import { openSsePinger } from './sse/open-sse-pinger.ts'

export interface GenerationRouteDeps extends Pick<AgentRouteDeps, 'listVisibleAgents'> {
  config: Pick<Config, 'ssePingMs' | 'sseMaxBufferBytes' | 'uploads'>
  clock: Clock
  createId: CreateId
  generations: GenerationRoom
  getAgent: (userId: string, agentId: string) => Promise<AgentChoice>
  findQuestion: SendMessageDeps['findQuestion']
}

interface GenerationRoutes {
  plugins: RoutePlugin[]
  /** Sends viewers that know how to come back elsewhere. */
  moveWatchers: () => void
  close: () => void
}

/** The routes that stream answers, ours and OpenAI's, and what they share. */
export function createGenerationRoutes(deps: GenerationRouteDeps): GenerationRoutes {
  const { generations } = deps
  const pinger = openSsePinger(deps.config.ssePingMs)
  const sse = {
    pinger,
    maxBufferBytes: deps.config.sseMaxBufferBytes,
    followGeneration: generations.followGeneration.bind(generations),
  }
  const chat: RoutePlugin = async (app) => {
    await createSendMessageRoute({
      ...deps,
      ...sse,
      maxFiles: deps.config.uploads.maxFiles,
      startGeneration: (message) => generations.startGeneration(message),
    })(app)
    await createFollowStreamRoute({ ...sse, chooseStream: (question) => generations.chooseStream(question) })(app)
    await createStopGenerationRoute({ stopGeneration: (key) => generations.stopGeneration(key) })(app)
  }
  const v1: RoutePlugin = async (app) => {
    await createChatCompletionsRoute({
      ...deps,
      ...sse,
      startV1: (call) => generations.startV1(call),
      abandon: (generationId) => generations.abandon(generationId),
    })(app)
    await createModelsRoute(deps)(app)
  }
  return { plugins: [chat, v1], moveWatchers: () => pinger.moveResumable(), close: () => pinger.close() }
}
