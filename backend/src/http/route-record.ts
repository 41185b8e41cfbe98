/** A route as it was registered. */
export interface RouteRecord {
  method: string
  /** With its parameters, e.g. `/api/chat/sessions/:sessionId`. */
  url: string
  /** The policy's name. */
  policy: string
}
