import type { Brand } from '../brand/index.ts'
import { readNumber } from '../brand/index.ts'
import type { OperationObject } from './document.ts'

/** The number of the description’s own examples, in every form in which they spell it. */
const EXAMPLE = { msisdn: '8615400001000', national: '15400001000', spaced: '154 0000 1000', currency: 'CNY' }

/** An example with the brand’s own number and currency in the place of those of the description. */
export function ofBrand(example: unknown, brand: Brand): string {
  const reading = readNumber(brand, brand.numberExample)
  const msisdn = 'msisdn' in reading ? reading.msisdn : EXAMPLE.msisdn
  return JSON.stringify(example)
    .replaceAll(EXAMPLE.msisdn, msisdn)
    .replaceAll(EXAMPLE.national, brand.numberExample)
    .replaceAll(EXAMPLE.spaced, brand.numberExample)
    .replaceAll(`"${EXAMPLE.currency}"`, `"${brand.currency}"`)
}

/** A call of this operation at this origin, as one types it in a POSIX shell. */
export function curlOf(
  { method, path, operation }: { method: string; path: string; operation: OperationObject },
  brand: Brand,
  origin: string,
): string {
  const { parameters, requestBody, security } = operation
  const address = parameters.reduce((url, parameter) => {
    if (!('in' in parameter) || parameter.in !== 'path') return url
    const value = JSON.parse(ofBrand(parameter.example, brand)) as string
    return url.replace(`{${parameter.name}}`, encodeURIComponent(value))
  }, path)
  const keyed = parameters.some((parameter) => '$ref' in parameter)
  const body = requestBody?.content['application/json']?.example
  const lines = [
    `curl -sS${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${origin}${address}'`,
    ...(security.some((one) => 'apiKey' in one) ? [`-H "Authorization: Bearer $BAOHAO_API_KEY"`] : []),
    ...(security.some((one) => 'session' in one) ? ['-b session.txt'] : []),
    ...(operation.tags.includes('Sessions') && method === 'post' ? ['-b session.txt -c session.txt'] : []),
    ...(keyed ? [`-H "Idempotency-Key: $KEY"`] : []),
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(ofBrand(body, brand))}`]),
  ]
  return `${keyed ? 'KEY=sale-$(date +%s)  # the same key again is the same request\n' : ''}${lines.join(' \\\n  ')}`
}

/** In single quotes, for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
