/**
 * Array parameters for set-based statements (`unnest($1::uuid[])`). The driver quotes every element of a JavaScript
 * array one by one; ids and whole numbers need no quotes, which matters for batches of a thousand rows.
 */
export function plainArray(values: readonly (string | number | bigint | boolean | null)[]): string {
  let text = '{'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    text += i === 0 ? '' : ','
    text += value === null || value === undefined ? 'NULL' : value
  }
  return `${text}}`
}

const UNSAFE = /[^A-Za-z0-9_:.+-]/
const PLAIN = (text: string) => text !== '' && !UNSAFE.test(text) && !/^null$/i.test(text)

/** An array of any texts; those that need it are quoted (PostgreSQL documentation, 8.15.2). */
export function textArray(values: readonly (string | null)[]): string {
  return plainArray(
    values.map((text) =>
      text === null || PLAIN(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    ),
  )
}

/** An array of bytea values, in hex form. */
export function bytesArray(values: readonly (Uint8Array | null)[]): string {
  return plainArray(
    values.map((bytes) => (bytes === null ? null : `"\\\\x${Buffer.from(bytes).toString('hex')}"`)),
  )
}
