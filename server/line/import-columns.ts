/** A column of a file of lines: its name, its Chinese name, and what it says. The order is that of `imported`, see import-row.ts. */
export const importColumns = [
  { name: 'msisdn', chinese: '号码', says: 'the number, national or with its country code; always needed' },
  { name: 'iccid', chinese: 'ICCID', says: 'the SIM, 18 to 22 digits; empty: not known' },
  { name: 'activated_on', chinese: '激活日期', says: 'since when it is in service; empty: it is not yet' },
  { name: 'service_until', chinese: '服务截止', says: 'the first day without service, or unlimited' },
  { name: 'credit_until', chinese: '余额截止', says: 'the first day on which the money no longer holds' },
  { name: 'number_until', chinese: '号码截止', says: 'the first day on which the number is not kept' },
  { name: 'paid_balance', chinese: '充值余额', says: 'what the subscriber paid and has left, such as 49.80' },
  { name: 'bonus_balance', chinese: '赠送余额', says: 'what was given and is left' },
  { name: 'lots', chinese: '权益', says: 'allowances left, kind:amount:until with | between them' },
  { name: 'owner', chinese: '客户编号', says: 'the customer number of the old system' },
] as const

export type ImportColumn = (typeof importColumns)[number]['name']

/** Of a rejects file, which may be mended and imported as it is. */
export const rejectColumns = ['line', 'reason'] as const

/** Where each column stands in a row, and how many fields a row has. */
export interface Header {
  readonly at: ReadonlyMap<ImportColumn, number>
  readonly fields: number
}

/** Reads the first row; answers all that is wrong with it. */
export function readHeader(fields: readonly string[]): Header | { readonly problems: readonly string[] } {
  const at = new Map<ImportColumn, number>()
  const problems: string[] = []
  for (const [i, field] of fields.entries()) {
    const written = field.toLowerCase().replaceAll(/[\s-]+/g, '_')
    if ((rejectColumns as readonly string[]).includes(written)) continue
    const column = importColumns.find(
      ({ name, chinese }) => name === written || chinese.toLowerCase() === written,
    )
    if (!column) problems.push(`column ${i + 1} is called "${field}", which is none of ours`)
    else if (at.has(column.name)) problems.push(`column ${i + 1} is ${column.name} again`)
    else at.set(column.name, i)
  }
  if (!at.has('msisdn')) problems.push('there is no column msisdn')
  return problems.length > 0 ? { problems } : { at, fields: fields.length }
}
