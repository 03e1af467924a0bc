export { type Account, type AccountKind, accountKinds, type LineAccount } from './account.ts'
export { Book, type LedgerWrites, type LineMoney, type PostOutcome, type Transfer } from './book.ts'
export { ledgerChecks } from './checks.ts'
export { readCreditTransfers } from './credit-transfer-store.ts'
export { earnPackages } from './earn-packages.ts'
export { startEarning } from './jobs.ts'
export { type JournalLine, readAfters, readJournal } from './journal-store.ts'
export { greatest, least } from './least.ts'
export {
  type AllowanceGrant,
  type AllowanceKind,
  allowanceKinds,
  earnedByDay,
  type NewPackageTerm,
} from './lot.ts'
export { openLineAccounts, postLineOpenings } from './open-line-accounts.ts'
export { openMerchantAccounts, openSystemAccounts } from './open-system-accounts.ts'
export {
  lockTerms,
  readLotsOf,
  readTerms,
  type SoldTerm,
  sendLotsTaken,
  sendTermsEnded,
  type TakenLot,
  type TermEnd,
} from './package-store.ts'
export type { PostingName } from './postings.ts'
export { partOf, refundable } from './refundable.ts'
export {
  insertAccounts,
  insertLineAccounts,
  lockAccounts,
  lockLineAccounts,
  readAccounts,
  readLineAccount,
  readLineAccounts,
  type Shift,
  sendLots,
  sendPackageTerms,
  sendWrites,
  unlockedAccounts,
} from './store.ts'
