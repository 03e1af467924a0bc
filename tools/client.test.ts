import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapi, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'
import { clientDocument } from './client-document.ts'

const root = join(import.meta.dirname, '..')
const FILE = join(root, 'examples/client/schema.ts')

it('the types of the examples’ client are those of the described API', async () => {
  const described = JSON.parse(readFileSync(join(root, 'docs/reference/openapi.json'), 'utf8'))
  const types = astToString(
    await openapi(Buffer.from(JSON.stringify(clientDocument(described))), { alphabetize: true }),
  )
  const text = `// Written from docs/reference/openapi.json by tools/client.test.ts.\n\n${types}`
  if (process.env.UPDATE_SNAPSHOT) writeFileSync(FILE, text)
  expect(readFileSync(FILE, 'utf8')).toBe(text)
})
