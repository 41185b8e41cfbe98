export interface HttpReply {
  status: number
  headers: Headers
  text: string
  json(): unknown
}

export interface HttpRequestOptions {
  method?: string
  /** Sent as JSON. */
  body?: unknown
  /** Instead of `body`: sent as it is. */
  rawBody?: BodyInit
  headers?: Record<string, string>
}

/** A browser as far as cookies go: keeps them, sends them back, and the CSRF token with unsafe methods. */
export interface HttpClient {
  readonly cookies: Map<string, string>
  request(path: string, options?: HttpRequestOptions): Promise<HttpReply>
}

export function createHttpClient(url: string): HttpClient {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async request(path, options = {}) {
      const response = await fetch(new URL(path, url), {
        method: options.method ?? (options.body === undefined && options.rawBody === undefined ? 'GET' : 'POST'),
        headers: { ...toCookieHeaders(cookies), ...toBodyHeaders(options), ...options.headers },
        redirect: 'manual',
        ...toBody(options),
      })
      keepCookies(cookies, response)
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: (): unknown => JSON.parse(text) }
    },
  }
}

function toBody(options: HttpRequestOptions): { body?: BodyInit; duplex?: 'half' } {
  if (options.rawBody !== undefined) return { body: options.rawBody, duplex: 'half' }
  return options.body === undefined ? {} : { body: JSON.stringify(options.body) }
}

function toBodyHeaders(options: HttpRequestOptions): Record<string, string> {
  return options.body === undefined && options.rawBody === undefined ? {} : { 'content-type': 'application/json' }
}

function toCookieHeaders(cookies: ReadonlyMap<string, string>): Record<string, string> {
  if (cookies.size === 0) return {}
  const token = cookies.get('__Host-XSRF-TOKEN') ?? cookies.get('XSRF-TOKEN')
  return {
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...(token === undefined ? {} : { 'x-xsrf-token': token }),
  }
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
}
