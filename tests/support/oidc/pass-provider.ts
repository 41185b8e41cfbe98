import { createHttpClient, type HttpClient, type HttpReply } from '../create-http-client.ts'

const MAX_HOPS = 8

function toLocation(reply: HttpReply, base: string): string {
  const location = reply.headers.get('location')
  if (location === null) throw new Error(`${String(reply.status)} leads nowhere: ${reply.text.slice(0, 300)}`)
  return new URL(location, base).href
}

/**
 * What a person does at the provider, in a browser of theirs: signs in there, or calls it off. Resolves with the address
 * that the provider sends them back to.
 */
export async function passProvider(
  authorizationUrl: string,
  options: { login: string | null; browser?: HttpClient },
): Promise<URL> {
  const { origin } = new URL(authorizationUrl)
  const browser = options.browser ?? createHttpClient(origin)
  let url = authorizationUrl
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    if (new URL(url).origin !== origin) return new URL(url)
    const reply = await browser.request(url)
    if (reply.status !== 200) url = toLocation(reply, url)
    else if (options.login === null) url = toLocation(await browser.request(`${url}/abort`), url)
    else {
      const rawBody = new URLSearchParams({ prompt: 'login', login: options.login, password: 'any' }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      url = toLocation(await browser.request(url, { method: 'POST', rawBody, headers }), url)
    }
  }
  throw new Error(`the provider did not come to an end; last at ${url}`)
}
