/** JSON Schema 2020-12 as far as TypeBox writes it, which is what OpenAPI 3.1 takes. */
export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly minimum?: number
  readonly format?: string
  readonly pattern?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly $ref?: string
  readonly [keyword: string]: unknown
}

/** The schemas that have a name; what is used of them becomes a component of the document. */
export interface Components {
  /** A schema with every named one in it replaced by a reference, itself included. */
  refer(schema: JsonSchema): JsonSchema
  nameOf(schema: JsonSchema): string | undefined
  /** Those that were referred to so far, by name. */
  used(): Record<string, JsonSchema>
}

/** A schema is known by its object, else by its text: `Type.Optional` copies what it is given. */
export function createComponents(named: Readonly<Record<string, JsonSchema>>): Components {
  const byObject = new Map(Object.entries(named).map(([name, schema]) => [schema, name]))
  const byText = new Map<string, string>()
  for (const [name, schema] of Object.entries(named)) {
    const text = JSON.stringify(schema)
    if (!byText.has(text)) byText.set(text, name)
  }
  const used = new Map<string, JsonSchema>()
  const nameOf = (schema: JsonSchema) => byObject.get(schema) ?? byText.get(JSON.stringify(schema))

  function refer(schema: JsonSchema): JsonSchema {
    const name = nameOf(schema)
    if (name === undefined) return inside(schema)
    if (!used.has(name)) {
      // Entered before its inside is looked at, so that it stands before what it uses.
      used.set(name, {})
      used.set(name, inside(schema))
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  function inside(schema: JsonSchema): JsonSchema {
    const { anyOf, properties, items, ...rest } = schema
    if (anyOf?.every((one) => typeof one.const === 'string')) {
      return { ...rest, type: 'string', enum: anyOf.map((one) => one.const) }
    }
    return {
      ...rest,
      ...(anyOf && { anyOf: anyOf.map(refer) }),
      ...(items && { items: refer(items) }),
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [name, refer(property)]),
        ),
      }),
    }
  }

  return {
    refer,
    nameOf,
    used: () => Object.fromEntries([...used].sort(([a], [b]) => a.localeCompare(b))),
  }
}
