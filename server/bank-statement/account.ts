import { type TransferAccount, transferAccount } from '../payment/index.ts'
import { FileRefused } from '../platform/csv-file.ts'
import type { Reader } from '../platform/db.ts'
import { type CsvProfile, readCsvProfile } from './csv-profile.ts'
import type { AccountExpected } from './read-statement.ts'

export async function demandAccount(db: Reader, merchant: string): Promise<TransferAccount> {
  const account = await transferAccount(db, merchant)
  if (!account) throw new FileRefused(`There is no bank account ${merchant}: baohao merchant list.`)
  return account
}

/** Every way in which a bank may write the account, and how it writes CSV. */
export function expectedOf(
  { seller, currency, settings }: TransferAccount,
  csvProfile?: CsvProfile,
): AccountExpected {
  const { iban, accountNumber, sortCode, csvProfile: kept } = settings
  const accounts = [
    ...(iban ? [iban] : []),
    ...(sortCode && accountNumber ? [`${sortCode}${accountNumber}`] : []),
    ...(accountNumber ? [accountNumber] : []),
    seller,
  ]
  return {
    currency,
    accounts,
    csvProfile: csvProfile ?? (kept === undefined ? null : readCsvProfile(JSON.parse(kept))),
  }
}
