import { readFile } from 'node:fs/promises'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { createDemoAgents } from './agents/demo-agents.ts'
import { findEnvironmentAgents } from './agents/environment-agents.ts'
import { importAgents } from './agents/import-agents.ts'
import { wireInAgents } from './agents/wired-in-agents.ts'
import type { Logger } from './base/logger.ts'
import type { Config } from './config/config.ts'
import { readEnvironment } from './config/env.ts'
import { createOutboundClient } from './outbound/create-outbound-client.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'
import { createUrlGuard } from './outbound/url-guard.ts'

/** The simulated agents' upstream, as far as the wiring uses it. */
interface DemoUpstream {
  url: string
  baseUrl(provider: ProviderName): string
  close(): Promise<void>
}

export interface Upstreams {
  outbound: OutboundClient
  /** Base URLs of the simulated agents' upstreams; null where there are none. */
  toDemoBaseUrl: ((provider: ProviderName) => string) | null
  close(): Promise<void>
}

/** The way out, and where it leads on this machine: the demo agents' upstream and a local Ollama are wired in. */
export async function openUpstreams(
  config: Config,
  deps: { logger: Logger; openDemoUpstream: () => Promise<DemoUpstream> },
): Promise<Upstreams> {
  const { logger } = deps
  const urlGuard = createUrlGuard({ allowedHosts: config.outboundAllowedHosts })
  const outbound = createOutboundClient({ urlGuard, logger, gatherMs: config.generation.flushMs })
  const allow = (url: string): void => {
    const { hostname, port } = new URL(url)
    urlGuard.allowHostPort(hostname, Number(port))
  }
  if (config.providerKeys.ollamaUrl !== null) allow(config.providerKeys.ollamaUrl)
  if (!config.isDemoEnabled) return { outbound, toDemoBaseUrl: null, close: () => outbound.close() }
  const simulator = await deps.openDemoUpstream()
  allow(simulator.url)
  return {
    outbound,
    toDemoBaseUrl: (provider) => simulator.baseUrl(provider),
    async close() {
      await outbound.close()
      await simulator.close()
    },
  }
}

/** Agents that are there by themselves: demo agents, those of keys found in the environment, and those of AGENTS_FILE. */
export async function wireAgents(config: Config, store: AgentStore, upstreams: Upstreams): Promise<void> {
  const { outbound, toDemoBaseUrl } = upstreams
  await wireInAgents(store, 'demo', toDemoBaseUrl ? createDemoAgents(toDemoBaseUrl) : [])
  await wireInAgents(store, 'environment', await findEnvironmentAgents({ outbound }, config.providerKeys))
  if (config.agentsFile === null) return
  await importAgents(store, { text: await readFile(config.agentsFile, 'utf8'), environment: readEnvironment() })
}

type AgentStore = Parameters<typeof importAgents>[0]
