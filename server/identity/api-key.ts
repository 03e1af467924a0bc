import { hash, randomBytes } from 'node:crypto'
import { idFromWire, idToWire } from '../../contract/id.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { apiKeys, disableApiKey, insertApiKey } from './api-key-store.ts'
import { sameHash } from './code.ts'
import type { Identities } from './deps.ts'
import type { Principal } from './principal.ts'

/** A program's key. Its text is `bh_{brand}_{keyId}_{secret}`: 26 digits of Crockford base32 and 32 bytes of base64url. */
export interface ApiKey {
  readonly id: string
  /** The scope of idempotency keys. A key that replaces another inherits it, so that a retry after the change is still one. */
  readonly principal: string
  readonly secretHash: Buffer
  readonly scopes: readonly string[]
  readonly dealer: string | null
  readonly disabled: boolean
}

export interface ShownApiKey {
  readonly brand: string
  readonly id: string
  readonly secret: string
}

const FORM = /^Bearer bh_([a-z][a-z0-9]{1,20})_([0-7][0-9A-HJKMNP-TV-Z]{25})_([A-Za-z0-9_-]{43})$/

/** Reads an `Authorization` header; null when it holds no key of our form. */
export function readApiKey(authorization: string): ShownApiKey | null {
  const [, brand, wireId, secret] = FORM.exec(authorization) ?? []
  const id = idFromWire(wireId ?? '')
  return brand === undefined || id === null || secret === undefined ? null : { brand, id, secret }
}

export function opens(key: ApiKey, secret: string): boolean {
  return sameHash(key.secretHash, hash('sha256', secret, 'buffer')) && !key.disabled
}

export function principalOfKey(key: ApiKey): Principal {
  const { principal, scopes, dealer } = key
  return { kind: 'api-key', id: principal, assurance: null, scopes, dealer, payer: null, session: null }
}

export interface NewApiKey {
  /** What people call it: `till system of outlet 7`. */
  readonly name: string
  /** `room:act`, such as `line:read`. */
  readonly scopes: readonly string[]
  /** uuid of the dealer it sells for, if any. */
  readonly dealer: string | null
  /** Who makes it, for the audit. */
  readonly actor: string
  /** uuid of the key that this one is to replace; that one goes on working until it is disabled. */
  readonly replaces?: string
}

/** Makes a key; `text` is told this once and kept nowhere. */
export async function createApiKey(
  tx: Tx,
  { clock }: Pick<Identities, 'clock'>,
  request: NewApiKey,
): Promise<{ readonly id: string; readonly text: string }> {
  const nowMs = clock.instant()
  for (const scope of request.scopes)
    assert(/^[a-z-]+:[a-z-]+$/.test(scope), `a scope reads room:act, not ${scope}`)
  const id = newId(nowMs)
  const { replaces } = request
  const replaced = replaces === undefined ? null : (await apiKeys(tx, [replaces])).get(replaces)
  assert(replaced !== undefined, 'the API key to be replaced exists')
  assert(
    !replaced || replaced.dealer === request.dealer,
    'a key that replaces another sells for the same dealer',
  )
  const secret = randomBytes(32).toString('base64url')
  await insertApiKey(
    tx,
    {
      id,
      principal: replaced ? replaced.principal : id,
      name: request.name,
      secretHash: hash('sha256', secret, 'buffer'),
      scopes: request.scopes,
      dealer: request.dealer,
      disabled: false,
    },
    nowMs,
  )
  const { actor, name, scopes, dealer } = request
  await writeAudit(
    tx,
    {
      actor,
      act: 'API key made',
      subject: id,
      detail: { name, scopes, dealer, replaces: replaces ?? null },
    },
    nowMs,
  )
  return { id, text: `bh_${tx.brand}_${idToWire(id)}_${secret}` }
}

/** Ends a key at once: every request looks its key up. */
export async function endApiKey(
  tx: Tx,
  { clock }: Pick<Identities, 'clock'>,
  ending: { readonly id: string; readonly actor: string; readonly reason: string },
): Promise<void> {
  const nowMs = clock.instant()
  if (!(await disableApiKey(tx, ending.id, nowMs))) return
  await writeAudit(
    tx,
    { actor: ending.actor, act: 'API key disabled', subject: ending.id, reason: ending.reason },
    nowMs,
  )
}
