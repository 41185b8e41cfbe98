import { toRecord, toText } from '../lenient-json.ts'
import type { ProviderTarget } from '../provider-adapter.ts'

/** Claude 4.6 and later refuse a last assistant message; names it can't read are taken for new ones. */
function acceptsPrefill(model: string): boolean {
  const old = /claude-(\d)(?:[-.](\d))?-(?:opus|sonnet|haiku)/.exec(model)
  const named = /claude-(?:opus|sonnet|haiku)-(\d+)(?:[-.](\d{1,2}))?(?!\d)/.exec(model)
  const [, major, minor] = named ?? old ?? []
  if (major === undefined) return false
  return Number(major) < 4 || (Number(major) === 4 && Number(minor ?? 0) <= 5)
}

/** Never together with thinking. `options.canContinue` (true or false) overrides what the model's name says. */
export function canContinue(target: ProviderTarget): boolean {
  const thinking = toText(toRecord(toRecord(target.options['extraBody'])['thinking'])['type'])
  if (thinking !== '' && thinking !== 'disabled') return false
  const flag = target.options['canContinue']
  return typeof flag === 'boolean' ? flag : acceptsPrefill(target.model ?? '')
}
