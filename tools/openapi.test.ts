import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { apiDocument, contractSchemas, type JsonSchema, UNTOLD } from '../server/reference/index.ts'
import { apiHouse } from '../test/support/api-house.ts'

const FILE = join(import.meta.dirname, '../docs/reference/openapi.json')

const { http } = await apiHouse()
const rows = http.routeTable
const document = apiDocument(rows, contractSchemas)
const written = `${JSON.stringify(document, null, 2)}\n`

/** Addresses under /v1 that are for no integrator, each with its reason. */
const UNDESCRIBED: Readonly<Record<string, string>> = {
  'POST /v1/notifications/alipay/:brand/:merchant': 'Alipay speaks to it, in Alipay’s words',
  'POST /v1/notifications/wechat/:brand/:merchant': 'WeChat Pay speaks to it, in its words',
  'POST /v1/notifications/card/:brand/:merchant': 'the card gateway speaks to it, in its words',
  'POST /v1/notifications/unionpay/:brand/:merchant': 'UnionPay speaks to it, in its words',
  'POST /v1/notifications/bank/:brand/:merchant': 'the bank speaks to it, in ISO 20022’s words',
  'POST /v1/top-ups/:id/front-return': 'a payer’s browser comes to it, by a form of UnionPay’s',
}

describe('the description of the API', () => {
  it('has every route under /v1', () => {
    const undescribed = rows
      .filter(({ url, operation }) => url.startsWith('/v1/') && !operation)
      .map(({ method, url }) => `${method} ${url}`)
    expect(undescribed, 'a route without `operation` in its config').toEqual(Object.keys(UNDESCRIBED))
  })

  it('gives every operation a name of its own under a known heading', () => {
    const ids = rows.flatMap(({ operation }) => operation?.id ?? [])
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
    const headings = document.tags.map(({ name }) => name as string)
    expect(
      rows.flatMap(({ operation }) => operation?.tag ?? []).filter((tag) => !headings.includes(tag)),
    ).toEqual([])
  })

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(JSON.parse(written))
    expect(errors).toBeUndefined()
    expect([valid, validator.version]).toEqual([true, '3.1'])
  })

  it('leaves no text of an example untold', () => {
    const untold = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .filter((operation) => JSON.stringify(operation).includes(`"${UNTOLD}"`))
      .map(({ operationId }) => operationId)
    expect(untold, 'give its texts `examples` in contract/').toEqual([])
  })

  it('is the one in docs/reference', () => {
    if (process.env.UPDATE_SNAPSHOT) writeFileSync(FILE, written)
    expect(readFileSync(FILE, 'utf8')).toBe(written)
  })

  it('names every body', () => {
    const nameless = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody, responses }]) =>
        [requestBody, ...Object.values(responses)]

          .flatMap((part): JsonSchema[] => {
            const schema = part?.content?.['application/json']?.schema
            return schema ? [schema] : []
          })
          .filter((schema) => schema.$ref === undefined && schema.anyOf?.some((one) => !one.$ref) !== false)
          .map(() => `${method} ${path}`)
          .filter((name) => name !== 'get /v1/openapi.json'),
      ),
    )
    expect(nameless, 'export the schema from contract/').toEqual([])
  })
})

describe.each(rows.flatMap((row) => (row.operation ? [[row.operation.id, row] as const] : [])))(
  '%s',
  (_, { method, url, schema = {} }) => {
    const shown = document.paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]

    it('has examples that its schemas take', () => {
      const body = shown?.requestBody?.content['application/json']
      if (schema.body) expect(Value.Errors(schema.body as object, body?.example)).toEqual([])
      for (const [status, answer] of Object.entries((schema.response ?? {}) as Record<string, object>)) {
        const [content] = Object.values(shown?.responses[status]?.content ?? {})
        const example = content?.example ?? null
        expect(Value.Errors(answer, example), status).toEqual([])
      }
    })

    it('has an example of each part of its address', () => {
      const properties =
        (schema.params as { properties?: Record<string, object> } | undefined)?.properties ?? {}
      for (const parameter of shown?.parameters ?? []) {
        if (!('in' in parameter) || parameter.in !== 'path') continue
        expect(Value.Errors(properties[parameter.name] ?? {}, parameter.example), parameter.name).toEqual([])
      }
    })
  },
)
