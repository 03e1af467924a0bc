export { type Account, type AccountKind, accountKinds, type LineAccount } from './account.ts'
export { Book, type LedgerWrites, type LineMoney, type PostOutcome, type Transfer } from './book.ts'
export { ledgerChecks } from './checks.ts'
export { readCreditTransfers } from './credit-transfer-store.ts'
export { earnPackages } from './earn-packages.ts'
export { type EarningDeps, startEarning } from './jobs.ts'
export { type JournalLine, readAfters, readJournal } from './journal-store.ts'
export { least } from './least.ts'
export {
  type AllowanceGrant,
  type AllowanceKind,
  allowanceKinds,
  draw,
  earnedByDay,
  type NewPackageTerm,
  type Stock,
} from './lot.ts'
export { type Opening, openLineAccounts, postLineOpenings } from './open-line-accounts.ts'
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
export { type PostingName, postings } from './postings.ts'
export { partOf, type Refundable, refundable } from './refundable.ts'
export {
  type AccountKey,
  insertAccounts,
  insertLineAccounts,
  type LotRow,
  lockAccounts,
  lockLineAccounts,
  type NewAccount,
  openAccount,
  readAccounts,
  readLineAccount,
  readLineAccounts,
  readLots,
  type Shift,
  sendLots,
  sendPackageTerms,
  sendWrites,
  unlockedAccounts,
} from './store.ts'
