import { type Account, type AccountDay, type Booking, closingMinor, decimal } from './booking.ts'

/** Versions of the messages: the elements of a party and of a status moved in them. */
export type CamtVersion = '02' | '04' | '06' | '08'

export interface CamtOptions {
  version: CamtVersion
  /** The message's own number. */
  id: string
  /** When it was made, ISO 8601. */
  madeAt: string
}

/** ISO 20022 camt.053: an account's statement. */
export function camtStatement(
  day: AccountDay,
  dates: { from: string; to: string },
  options: CamtOptions,
): string {
  const { account, openingMinor, bookings } = day
  const balance = (code: string, minor: bigint, date: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(minor, account)}${sign(minor >= 0n)}<Dt><Dt>${date}</Dt></Dt></Bal>`
  return document(
    '053',
    options,
    'BkToCstmrStmt',
    `<Stmt><Id>${text(options.id)}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>${options.madeAt}</CreDtTm>${accountElement(account)}
${balance('OPBD', openingMinor, dates.from)}
${balance('CLBD', closingMinor(day), dates.to)}
${bookings.map((booking) => entry(booking, account, options.version)).join('\n')}
</Stmt>`,
  )
}

/** ISO 20022 camt.054: single bookings, told as they are made. */
export function camtNotice(account: Account, bookings: readonly Booking[], options: CamtOptions): string {
  return document(
    '054',
    options,
    'BkToCstmrDbtCdtNtfctn',
    `<Ntfctn><Id>${text(options.id)}</Id><CreDtTm>${options.madeAt}</CreDtTm>${accountElement(account)}
${bookings.map((booking) => entry(booking, account, options.version)).join('\n')}
</Ntfctn>`,
  )
}

function document(
  message: '053' | '054',
  { version, id, madeAt }: CamtOptions,
  root: string,
  body: string,
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${message}.001.${version}"><${root}>
<GrpHdr><MsgId>${text(id)}</MsgId><CreDtTm>${madeAt}</CreDtTm></GrpHdr>
${body}
</${root}></Document>
`
}

function accountElement({ number, sortCode, currency, holder }: Account): string {
  const id = /^[A-Z]{2}\d\d/.test(number)
    ? `<IBAN>${text(number)}</IBAN>`
    : `<Othr><Id>${text(`${sortCode?.replaceAll('-', '') ?? ''}${number}`)}</Id></Othr>`
  return `<Acct><Id>${id}</Id><Ccy>${currency}</Ccy><Ownr><Nm>${text(holder)}</Nm></Ownr></Acct>`
}

function entry(booking: Booking, account: Account, version: CamtVersion): string {
  const credit = booking.direction === 'credit'
  const status = version === '08' ? '<Sts><Cd>BOOK</Cd></Sts>' : '<Sts>BOOK</Sts>'
  const money = `${amount(booking.amountMinor, account)}${sign(credit)}`
  const ownMoney =
    version === '02' ? `<AmtDtls><TxAmt>${amount(booking.amountMinor, account)}</TxAmt></AmtDtls>` : money
  // A field of the message holds 140 signs: banks cut what is longer.
  const lines = booking.text.match(/[\s\S]{1,140}/gu) ?? []
  return `<Ntry>${money}${booking.reversal ? '<RvslInd>true</RvslInd>' : ''}${status}<BookgDt><Dt>${booking.day}</Dt></BookgDt><ValDt><Dt>${booking.day}</Dt></ValDt><AcctSvcrRef>${text(booking.reference)}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${credit ? 'RCDT' : 'ICDT'}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><AcctSvcrRef>${text(booking.reference)}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>${ownMoney}${parties(booking, credit ? 'Dbtr' : 'Cdtr', version)}<RmtInf>${lines.map((line) => `<Ustrd>${text(line)}</Ustrd>`).join('')}</RmtInf></TxDtls></NtryDtls></Ntry>`
}

function parties({ name, account }: Booking, party: 'Dbtr' | 'Cdtr', version: CamtVersion): string {
  const named = `<Nm>${text(name)}</Nm>`
  return `<RltdPties><${party}>${version === '08' ? `<Pty>${named}</Pty>` : named}</${party}><${party}Acct><Id><Othr><Id>${text(account)}</Id></Othr></Id></${party}Acct></RltdPties>`
}

function amount(minor: bigint, { currency }: Account): string {
  return `<Amt Ccy="${currency}">${decimal(minor)}</Amt>`
}

function sign(credit: boolean): string {
  return `<CdtDbtInd>${credit ? 'CRDT' : 'DBIT'}</CdtDbtInd>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function text(value: string): string {
  return value.replace(/[&<>]/g, (character) => entities[character] ?? character)
}
