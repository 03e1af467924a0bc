/** What stands in a log line where something of a person, or a secret, stood. */
const REDACTED = '[redacted]'

/** Fields whose values never reach a line, at whatever depth they stand; written small. */
const FIELDS: ReadonlySet<string> = new Set([
  ...[
    'password',
    'passphrase',
    'secret',
    'token',
    'authorization',
    'cookie',
    'set-cookie',
    'apikey',
    'api_key',
  ],
  ...[
    'privatekey',
    'private_key',
    'masterkey',
    'sealed',
    'key',
    'sign',
    'signature',
    'otp',
    'pin',
    'captcha',
  ],
  ...['msisdn', 'payermsisdn', 'phone', 'number', 'recipient', 'to', 'email', 'iccid', 'iban', 'account'],
  ...['fullname', 'realname', 'holder', 'payername', 'buyer', 'address', 'idnumber', 'text', 'body', 'raw'],
])
/** Fields whose values are the brand's own: its contracts with providers are named by digits that are nobody's number. */
const OURS: ReadonlySet<string> = new Set(['merchant'])
/** A problem's code is a word and a system error's has letters; a code somebody was sent is digits. */
const SENT_CODE = /^"?\d{4,8}"?$/

const STRING = '"(?:[^"\\\\]|\\\\.)*"'
/** A string of a JSON text; where it names a field, with the field's value if that is plain or a list of what is plain. */
const TOKEN = new RegExp(
  `(${STRING})(?::(${STRING}|-?\\d[\\d.eE+-]*|\\[(?:${STRING}|[^"\\[\\]{}])*\\])?)?`,
  'g',
)

const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  // Credentials of URLs, headers and our API keys.
  [/(:\/\/[^\s/:@"]*):[^\s@"/]+@/g, `$1:${REDACTED}@`],
  [/\b(Bearer|Basic) [\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\bbh_[a-z0-9]+_[\w-]+/g, REDACTED],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, REDACTED],
  // Session tokens, hashes, keys: longer than any id of ours.
  [/(?<![\w-])[\w-]{40,}(?![\w-])/g, REDACTED],
  // Phone numbers, identity numbers, cards: with a plus or without, in one piece or in groups.
  [/(?<![\w.-])\+?\d(?: ?\d){6,18}X?(?![\w-])/g, REDACTED],
  // A code by itself has six digits.
  [/(?<![\w.:-])\d{6}(?![\w-])/g, REDACTED],
]

/** A line of the log, which is JSON, as it may be kept. Figures outside strings stay: they count or measure. */
export function redact(line: string): string {
  return line.replace(TOKEN, (match, name: string, value: string | undefined) => {
    if (!match.startsWith(':', name.length)) return cleanText(name)
    if (value === undefined) return `${cleanText(name)}:`
    const field = name.slice(1, -1).toLowerCase()
    if (OURS.has(field)) return match
    if (FIELDS.has(field) || (field === 'code' && SENT_CODE.test(value))) return `${name}:"${REDACTED}"`
    return `${cleanText(name)}:${value.startsWith('[') ? redact(value) : cleanText(value)}`
  })
}

/** A JSON string, or a figure, which is left alone. */
function cleanText(value: string): string {
  if (!value.startsWith('"')) return value
  // What is escaped is read as what it means: a line break before a number is no letter of it.
  const escaped = value.includes('\\')
  let clean = escaped ? (JSON.parse(value) as string) : value
  for (const [pattern, instead] of IN_TEXT) clean = clean.replace(pattern, instead)
  return escaped ? JSON.stringify(clean) : clean
}
