import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

const forwardingHeaders = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']

/**
 * Sent by a program on this machine to this machine. A request that any proxy passed on is not, although its socket is
 * local; nor is a browser's whose page resolved its own name to 127.0.0.1 (DNS rebinding): there the Host gives it away.
 */
export function isLoopbackRequest(request: FastifyRequest): boolean {
  const address = request.raw.socket.remoteAddress
  if (address === undefined || !isLoopbackAddress(address)) return false
  if (forwardingHeaders.some((header) => request.headers[header] !== undefined)) return false
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return host === 'localhost' || isLoopbackAddress(host)
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
