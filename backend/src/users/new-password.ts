import { AppError } from '../base/app-error.ts'
import { createShareOnce } from './share-once.ts'

const MIN_LENGTH = 12
const MAX_LENGTH = 1024
/** The estimate's own scale: 0 to 4. From 3 on it takes more than 10^8 guesses of somebody who knows the lists. */
const MIN_SCORE = 3
/** The estimate costs more than linearly, and nobody guesses the rest. */
const MAX_ESTIMATED_LENGTH = 128
/** What everybody tries first at this product. */
const PRODUCT_WORDS = ['llmchat', 'llm', 'chat', 'fastgpt', 'dify', 'openai', 'anthropic']

/**
 * 49,000 passwords of breaches and the words of diceware lists, 25 MB in memory: loaded when the first password is set,
 * which most days is never. A list alone would be passed by "Password1234!", so the pieces of a password are looked for.
 */
const loadEstimator = createShareOnce(async () => {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: MAX_ESTIMATED_LENGTH })
})

/** Words that belong to a person, and that whoever tries their account knows. */
export function toContextWords(person: { email: string; name?: string }): string[] {
  const [local = '', domain = ''] = person.email.toLowerCase().split('@')
  const words = [local, domain, ...`${local}.${domain} ${person.name ?? ''}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)]
  return [...new Set(words)].filter((word) => word.length >= 3)
}

/**
 * The rule for new passwords: length, and that no list of known ones and nothing about the person leads to it. Errors:
 * `password_refused`, whose `details.reason` is `length` or `guessable`.
 */
export async function assertNewPassword(password: string, contextWords: readonly string[]): Promise<void> {
  if (password.length < MIN_LENGTH || password.length > MAX_LENGTH) {
    throw new AppError('password_refused', {
      message: `A password must have at least ${String(MIN_LENGTH)} characters.`,
      details: { field: 'password', reason: 'length', minLength: MIN_LENGTH },
    })
  }
  const estimator = await loadEstimator()
  // Whole words of the person are taken out first: beside a name, what is left must be enough by itself.
  const { score } = estimator.check(removeWords(password, contextWords), [...PRODUCT_WORDS, ...contextWords])
  if (score >= MIN_SCORE) return
  throw new AppError('password_refused', { details: { field: 'password', reason: 'guessable' } })
}

function removeWords(password: string, contextWords: readonly string[]): string {
  let rest = password.toLowerCase()
  let isChanged = false
  for (const word of [...PRODUCT_WORDS, ...contextWords].sort((one, other) => other.length - one.length)) {
    if (word.length < 3 || !rest.includes(word)) continue
    rest = rest.replaceAll(word, '')
    isChanged = true
  }
  return isChanged ? rest : password
}
