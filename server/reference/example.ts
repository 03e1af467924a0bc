import type { JsonSchema } from './component.ts'

/** Whether a body is asked for, where what is optional stays out, or an answer is shown, where what may be there is. */
export type Shown = 'asked' | 'answered'

/** In the place of a text that has neither an example nor a form that tells one; a test finds it. */
export const UNTOLD = '…'

/** A value that a schema takes, made of the examples of its parts. */
export function exampleOf(schema: JsonSchema, shown: Shown): unknown {
  if (schema.examples) return schema.examples[0]
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return exampleOf(schema.anyOf[0] as JsonSchema, shown)
  switch (schema.type) {
    case 'object':
      return objectExample(schema, shown)
    case 'array':
      return schema.items ? [exampleOf(schema.items, shown)] : []
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return BY_FORMAT[schema.format ?? ''] ?? UNTOLD
  }
}

function objectExample(
  { properties = {}, required = [] }: JsonSchema,
  shown: Shown,
): Record<string, unknown> {
  const names = Object.keys(properties).filter((name) => shown === 'answered' || required.includes(name))
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] as JsonSchema, shown)]))
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2027-05-20',
  'date-time': '2026-11-22T06:05:00.000Z',
  email: 'lin@example.com',
}
