import type { JsonSchema } from './component.ts'
import type { Shown } from './example.ts'
import { type Html, html, inline } from './html.ts'
import type { Words } from './reader.ts'

type Named = Readonly<Record<string, JsonSchema>>

/** The fields of a schema, those of objects within it folded in below theirs. */
export function fieldsView(schema: JsonSchema, named: Named, words: Words, shown: Shown): Html {
  const whole = resolved(schema, named)
  if (whole.anyOf) return choices(whole.anyOf, named, words, shown)
  const rows = Object.entries(whole.properties ?? {})
  if (rows.length === 0) return html``
  return html`<ul class="fields">${rows.map(([name, field]) =>
    fieldView({ name, field, mark: markOf(whole, name, shown) }, named, words, shown),
  )}</ul>`
}

/** Bodies that come in several forms, one after the other. */
function choices(forms: readonly JsonSchema[], named: Named, words: Words, shown: Shown): Html {
  const whole = forms.filter((form) => resolved(form, named).properties)
  return html`${whole.map((form, i) => html`${i > 0 && html`<p class="or">${words.oneOf}</p>`}${fieldsView(form, named, words, shown)}`)}`
}

/** Of a request, what must be there; of an answer, what may be missing. */
function markOf(schema: JsonSchema, name: string, shown: Shown): 'required' | 'optional' | undefined {
  if (schema.required?.includes(name) !== true) return 'optional'
  return shown === 'asked' ? 'required' : undefined
}

interface Field {
  readonly name: string
  readonly field: JsonSchema
  readonly mark: 'required' | 'optional' | undefined
}

function fieldView({ name, field, mark }: Field, named: Named, words: Words, shown: Shown): Html {
  const inner = innerOf(field, named)
  const description = field.description ?? resolved(field, named).description
  return html`<li><div class="field-head"><code class="name">${name}</code> <span class="kind">${kindOf(field, named, words)}</span>${mark && html` <span class="${mark === 'required' ? 'must' : 'may'}">${words[mark]}</span>`}</div>${description && html`<p>${inline(description)}</p>`}${inner && html`<details><summary>${words.fields}</summary>${fieldsView(inner, named, words, shown)}</details>`}</li>`
}

function resolved(schema: JsonSchema, named: Named): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (named[name] ?? {})
}

/** The object whose fields are worth unfolding: itself, of a list, or of what may also be null. */
function innerOf(field: JsonSchema, named: Named): JsonSchema | undefined {
  const schema = resolved(field, named)
  if (schema.properties) return isMoney(schema) ? undefined : schema
  if (schema.items) return innerOf(schema.items, named)
  const forms = schema.anyOf?.filter((form) => form.type !== 'null') ?? []
  return forms.length === 1 ? innerOf(forms[0] as JsonSchema, named) : forms.length > 1 ? schema : undefined
}

function isMoney({ properties = {} }: JsonSchema): boolean {
  return 'amountMinor' in properties && 'currency' in properties
}

function kindOf(field: JsonSchema, named: Named, words: Words): Html {
  const schema = resolved(field, named)
  const { anyOf, items, const: only, type, format } = schema
  if (schema.enum)
    return html`${schema.enum.map((value, i) => html`${i > 0 && ' | '}<code>${String(value)}</code>`)}`
  if (only !== undefined) return html`<code>${String(only)}</code>`
  if (items) return html`${words.listOf} ${kindOf(items, named, words)}`
  if (anyOf) {
    const forms = anyOf.filter((form) => form.type !== 'null')
    const said = forms.map((form, i) => html`${i > 0 && ' | '}${kindOf(form, named, words)}`)
    return html`${said}${forms.length < anyOf.length && html` ${words.nothing}`}`
  }
  const name = field.$ref?.split('/').at(-1)
  return html`${name ?? format ?? type ?? ''}`
}
