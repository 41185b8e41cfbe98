/** A request to an upstream, as pure data. */
export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  headers: Readonly<Record<string, string>>
  /** Already serialised. */
  body?: string | Uint8Array
}

/** A body as text in arrival order; characters never come in halves. Iterating takes piece after piece. */
export interface IncomingText extends AsyncIterable<string> {
  /**
   * Resolves with true when there is something to take, with false at the end of the body. Throws AppError on a broken
   * connection, once all that came before has been taken.
   */
  arrived(): Promise<boolean>
  /** All that has arrived. */
  take(): string
  /** What was taken stands before the rest again. */
  putBack(text: string): void
}

/** Response headers have arrived; the body is read by the caller. Header names are lower case. */
export interface OutboundStream {
  status: number
  headers: Readonly<Record<string, string>>
  text: IncomingText
  /** Gives the connection up at once. Safe to call often. */
  close(): void
}

export interface OutboundReply {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** The only way out of the process. Addresses are checked (see url-guard), redirects are not followed. */
export interface OutboundClient {
  /**
   * Sends and resolves with the response head. Errors: AppError `outbound_blocked`, `upstream_unreachable`
   * (`details.phase`: 'connect' | 'headers'), `upstream_no_content` when no connection within `connectMs`;
   * an AbortError when `signal` fires. No header or body timeout of its own: the caller's clocks rule.
   */
  openStream(request: OutboundRequest, options: { signal: AbortSignal; connectMs: number }): Promise<OutboundStream>
  /** Sends and reads the whole body, cut at `maxBytes`. `totalMs` bounds everything. */
  send(
    request: OutboundRequest,
    options: { signal?: AbortSignal; totalMs: number; maxBytes: number },
  ): Promise<OutboundReply>
  close(): Promise<void>
}
