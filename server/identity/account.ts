import type { AcceptTerms, AccountView, SetProfile } from '../../contract/session.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import { isoInstant } from '../platform/clock.ts'
import { assert, refuse } from '../platform/error.ts'
import { insertAcceptance, lastAccepted, openPhoneChange, storeProfile } from './account-store.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import type { PhoneChange } from './phone-change.ts'
import type { Principal } from './principal.ts'
import { accountOf } from './set-password.ts'

const LONGEST_NAME = 40

export async function viewAccount(
  identities: Identities,
  brand: Brand,
  principal: Principal,
): Promise<AccountView> {
  const db = identities.db.of(brand.key)
  const [{ logIn }, accepted, change] = await Promise.all([
    accountOf(db, principal),
    lastAccepted(db, principal.id),
    openPhoneChange(db, principal.id),
  ])
  assert(accepted !== null, 'whoever has an account has accepted a version of the terms')
  return {
    name: logIn.displayName,
    locale: logIn.locale,
    msisdn: logIn.phone,
    email: logIn.email,
    hasPassword: logIn.passwordHash !== null,
    registeredAt: isoInstant(logIn.createdAtMs),
    terms: { accepted, inForce: identities.termsVersion },
    phoneChange: change && viewPhoneChange(brand, change),
  }
}

export function viewPhoneChange(brand: Brand, { phone, askedAtMs, dueAtMs }: PhoneChange) {
  return { to: maskNumber(brand, phone), askedAt: isoInstant(askedAtMs), dueAt: isoInstant(dueAtMs) }
}

/** What its holder is called, and in which language messages are; a name of spaces is none. */
export async function setProfile(
  { db }: Pick<Identities, 'db'>,
  brand: Brand,
  { name, locale }: SetProfile,
  { id }: Principal,
): Promise<void> {
  await db
    .of(brand.key)
    .tx((tx) => storeProfile(tx, id, { displayName: name === null ? null : tidyName(name), locale }))
}

/** Spaces in a row are one, and what no eye can see is left out: a name must not turn a line of text round. */
function tidyName(name: string): string | null {
  const seen = name.normalize('NFC').replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').trim()
  return [...seen].slice(0, LONGEST_NAME).join('') || null
}

/** Accepts the terms in force for the account. Throws `terms-outdated`. */
export async function acceptTerms(
  { db, clock, termsVersion }: Identities,
  brand: Brand,
  { version }: AcceptTerms,
  principal: Principal,
): Promise<void> {
  if (version !== termsVersion) throw refuse(identityErrors['terms-outdated'], { inForce: termsVersion })
  await db.of(brand.key).tx(async (tx) => {
    const { logIn } = await accountOf(tx, principal)
    await insertAcceptance(tx, { logIn: logIn.id, version, locale: logIn.locale, atMs: clock.instant() })
  })
}
