/** Said to a caller of the control API or written to a start-up error: what is wrong with the JSON given. */
export class BadRequest extends Error {
  override name = 'BadRequest'
}

export type Fields = Record<string, unknown>

/** The value as an object with string keys, or BadRequest naming `what`. */
export function asFields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequest(`${what} must be a JSON object.`)
  }
  return value as Fields
}

/** A text of 1 to 4,096 characters. */
export function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '' || value.length > 4096) {
    throw new BadRequest(`"${name}" must be a text.`)
  }
  return value
}

/** A text that matches `form`; `means` says in words what the form is. */
export function textLike(fields: Fields, name: string, form: RegExp, means: string): string {
  const value = text(fields, name)
  if (!form.test(value)) throw new BadRequest(`"${name}" must be ${means}.`)
  return value
}

export function texts(fields: Fields, name: string): string[] {
  const value = fields[name]
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw new BadRequest(`"${name}" must be a list of texts.`)
  }
  return value as string[]
}

/** A list under `name`; absent means empty. */
export function list(fields: Fields, name: string): unknown[] {
  const value = fields[name] ?? []
  if (!Array.isArray(value)) throw new BadRequest(`"${name}" must be a list.`)
  return value
}
