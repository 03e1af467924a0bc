import { identityErrors } from '../identity/index.ts'
import { batcherErrors } from '../platform/batcher.ts'
import { type ErrorEntry, entriesOf } from '../platform/error.ts'
import { healthErrors } from '../platform/health.ts'
import type { RouteRow } from '../platform/http.ts'
import { httpErrors } from '../platform/problem.ts'

/** Any route of a brand, whoever asks. */
const ANYWHERE = [
  ...entriesOf(httpErrors, 'host-unknown', 'stopping', 'internal'),
  ...entriesOf(batcherErrors, 'overloaded'),
  ...entriesOf(healthErrors, 'database-away'),
  ...entriesOf(identityErrors, 'api-key-invalid'),
]
const WITH_BODY = entriesOf(
  httpErrors,
  ...(['body-malformed', 'body-too-large', 'media-type-unsupported', 'field-unknown'] as const),
  ...(['field-repeated', 'field-missing', 'field-type', 'field-malformed'] as const),
)
const ASKED_FOR = entriesOf(httpErrors, 'field-malformed')

/** Every problem an operation can answer with: what stands before its handler, then what the handler declares; each code once. */
export function answerable(route: RouteRow): ErrorEntry[] {
  const { schema = {}, who, scope, assurance, operation } = route
  const closed = !who.includes('anyone')
  const entries = [
    ...ANYWHERE,
    ...(route.method === 'GET' ? [] : entriesOf(httpErrors, 'origin-refused')),
    ...(closed ? entriesOf(identityErrors, 'not-authenticated', 'forbidden') : []),
    ...(scope === undefined ? [] : entriesOf(identityErrors, 'scope-missing')),
    ...(assurance === undefined ? [] : entriesOf(identityErrors, 'assurance-too-low')),
    ...(schema.params || schema.querystring ? ASKED_FOR : []),
    ...(schema.querystring ? entriesOf(httpErrors, 'field-unknown') : []),
    ...(schema.body ? WITH_BODY : []),
    ...(JSON.stringify(schema.body ?? '').includes('amountMinor')
      ? entriesOf(httpErrors, 'amount-malformed')
      : []),
    ...(operation?.errors ?? []),
  ]
  return [...new Map(entries.map((entry) => [entry.code, entry])).values()]
}
