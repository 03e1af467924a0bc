import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sends the text with its tag, or 304 to who has it (RFC 9110, 13.1.2). */
export function sendUnlessKnown(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const tag = `"${hash('sha256', text, 'base64url')}"`
  reply.header('etag', tag)
  const known = request.headers['if-none-match']
    ?.split(/\s*,\s*/)
    .some((one) => one.replace(/^W\//, '') === tag)
  return known ? reply.status(304).send() : reply.send(text)
}
