import { subscribe } from 'node:diagnostics_channel'
import type { Http } from '../../server/platform/http.ts'

// Loaded before the program into each process that a journey starts, so that such a process is as strict as the house of a test:
// a warning ends it with an error, as Node by itself does with a rejection that nobody handles, and so does a refusal that its
// operation does not declare with the request.
process.on('warning', (warning) => {
  throw warning
})

if (process.argv.includes('serve')) {
  const { demandDeclared } = await import('../../server/platform/operation.ts')
  subscribe('fastify.initialization', (made) => demandDeclared((made as { readonly fastify: Http }).fastify))
}
