import type { Term } from '../../contract/offer.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import { type EpochDay, noAllowances, type Offer } from './offer.ts'
import type { Version } from './price-table.ts'

interface OfferRow {
  readonly id: string
  readonly version: number
  readonly valid_from: EpochDay
  readonly kind: Offer['kind']
  readonly name_zh_cn: string
  readonly name_en: string
  readonly term: Term | null
  readonly list_price: bigint | null
  readonly price: bigint | null
  readonly bonus: bigint
  readonly least: bigint | null
  readonly most: bigint | null
  readonly step: bigint | null
  readonly voice_seconds: number
  readonly sms: number
  readonly data_bytes: bigint
  readonly roaming: boolean
  readonly validity_months: number
  readonly validity_days: number
  readonly recommended: boolean
  readonly on_sale_until: EpochDay | null
}

/** The columns of an offer apart from its place; the table's CHECKs say which are null for which kind. */
type OfferColumns = Omit<OfferRow, 'version' | 'valid_from'>

function toColumns(offer: Offer): OfferColumns {
  const free = offer.kind === 'free-amount'
  const { voiceSeconds, sms, dataBytes } = free ? noAllowances : offer.allowances
  return {
    id: offer.id,
    kind: offer.kind,
    name_zh_cn: offer.name['zh-CN'],
    name_en: offer.name.en,
    term: free ? null : offer.term,
    list_price: free ? null : offer.priceMinor + offer.discountMinor,
    price: free ? null : offer.priceMinor,
    bonus: free ? 0n : offer.bonusMinor,
    least: free ? offer.minMinor : null,
    most: free ? offer.maxMinor : null,
    step: free ? offer.stepMinor : null,
    voice_seconds: voiceSeconds,
    sms,
    data_bytes: dataBytes,
    roaming: !free && offer.roaming,
    validity_months: offer.validityMonths,
    validity_days: offer.validityDays,
    recommended: !free && offer.recommended,
    on_sale_until: offer.onSaleUntil,
  }
}

function toOffer(row: OfferRow): Offer {
  const always = {
    id: row.id,
    name: { 'zh-CN': row.name_zh_cn, en: row.name_en },
    validityMonths: row.validity_months,
    validityDays: row.validity_days,
    onSaleUntil: row.on_sale_until,
  }
  if (row.kind === 'free-amount')
    return {
      ...always,
      kind: row.kind,
      minMinor: row.least as bigint,
      maxMinor: row.most as bigint,
      stepMinor: row.step as bigint,
    }
  const priceMinor = row.price as bigint
  const listPriceMinor = row.list_price as bigint
  const fixed = {
    ...always,
    priceMinor,
    bonusMinor: row.bonus,
    discountMinor: listPriceMinor - priceMinor,
    allowances: { voiceSeconds: row.voice_seconds, sms: row.sms, dataBytes: row.data_bytes },
    roaming: row.roaming,
    recommended: row.recommended,
  }
  return row.kind === 'package'
    ? { ...fixed, kind: row.kind, term: row.term as Term, faceMinor: 0n }
    : { ...fixed, kind: row.kind, term: null, faceMinor: listPriceMinor }
}

/**
 * Versions with a number above `above`, in order. One statement, so that no version is seen without its offers; nearly
 * always it finds nothing, which makes it the check for a new version as well.
 */
export async function readVersions(db: Reader, above: number): Promise<Version[]> {
  const rows = await db.query<OfferRow>(
    `select o.*, t.valid_from from {{brand}}.offer o join {{brand}}.price_table t on t.version = o.version
      where o.version > $1 order by o.version, o.position`,
    [above],
  )
  return [...Map.groupBy(rows, (row) => row.version)].map(([number, offers]) => ({
    number,
    validFrom: (offers[0] as OfferRow).valid_from,
    offers: offers.map(toOffer),
  }))
}

/** Writes the next version and its offers, answers its number. Two at once: the second breaks `price_table_pkey`. */
export async function insertVersion(
  tx: Tx,
  validFrom: EpochDay,
  publishedAtMs: number,
  offers: readonly Offer[],
): Promise<number> {
  const rows = offers.map(toColumns)
  const text = (column: 'kind' | 'name_zh_cn' | 'name_en' | 'term') =>
    textArray(rows.map((row) => row[column]))
  const plain = (column: Exclude<keyof OfferColumns, 'kind' | 'name_zh_cn' | 'name_en' | 'term'>) =>
    plainArray(rows.map((row) => row[column]))
  const [inserted] = await tx.query<{ version: number }>(
    `with published as (
       insert into {{brand}}.price_table (version, valid_from, published_at)
       select coalesce(max(version), 0) + 1, date '1970-01-01' + $1::int, $2::timestamptz from {{brand}}.price_table
       returning version)
     insert into {{brand}}.offer (version, position, id, kind, name_zh_cn, name_en, term, list_price, price, bonus, least, most,
       step, voice_seconds, sms, data_bytes, roaming, validity_months, validity_days, recommended, on_sale_until)
     select published.version, u.position, u.id, u.kind, u.name_zh_cn, u.name_en, u.term, u.list_price, u.price, u.bonus, u.least,
       u.most, u.step, u.voice_seconds, u.sms, u.data_bytes, u.roaming, u.validity_months, u.validity_days, u.recommended,
       date '1970-01-01' + u.on_sale_until
       from published, unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
         $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::int[], $15::int[], $16::bigint[], $17::bool[],
         $18::int[], $19::int[], $20::bool[], $21::int[]) with ordinality
         as u (id, kind, name_zh_cn, name_en, term, list_price, price, bonus, least, most, step, voice_seconds, sms, data_bytes,
           roaming, validity_months, validity_days, recommended, on_sale_until, position)
     returning version`,
    [
      validFrom,
      isoInstant(publishedAtMs),
      plain('id'),
      text('kind'),
      text('name_zh_cn'),
      text('name_en'),
      text('term'),
      plain('list_price'),
      plain('price'),
      plain('bonus'),
      plain('least'),
      plain('most'),
      plain('step'),
      plain('voice_seconds'),
      plain('sms'),
      plain('data_bytes'),
      plain('roaming'),
      plain('validity_months'),
      plain('validity_days'),
      plain('recommended'),
      plain('on_sale_until'),
    ],
  )
  return (inserted as { version: number }).version
}
