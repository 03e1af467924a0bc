import { readFile } from 'node:fs/promises'
import { readCsvProfile } from '../bank-statement/index.ts'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import type { Say } from '../serve.ts'
import { keepMerchant } from './merchant.ts'
import { UsageError } from './usage.ts'

export interface BankOptions {
  readonly brand: string
  readonly id: string
  readonly holder: string
  readonly bank: string
  readonly account?: string
  readonly sortCode?: string
  readonly iban?: string
  readonly bic?: string
  readonly payWithin: string
  readonly csvProfile?: string
  readonly bankKeyFile?: readonly string[]
  readonly off?: true
}

/** `baohao merchant add-bank`: an account of the brand's own that transfers come to. */
export async function bankAddCommand(
  config: Config,
  env: Env,
  options: BankOptions,
  say: Say,
): Promise<void> {
  const { brand, id, holder, bank, sortCode, bic, payWithin, off } = options
  const account = options.account?.replaceAll(/[\s-]/g, '')
  const iban = options.iban?.replaceAll(/\s/g, '').toUpperCase()
  demand(/^[A-Za-z0-9_-]{1,64}$/.test(id), `--id is letters, digits, - and _, not "${id}".`)
  demand(account !== undefined || iban !== undefined, 'Name the account with --account or --iban.')
  demand(
    account === undefined || /^\d{5,30}$/.test(account),
    `--account is digits, not "${options.account}".`,
  )
  demand(
    sortCode === undefined || /^\d\d-\d\d-\d\d$/.test(sortCode),
    `--sort-code is 20-00-00, not "${sortCode}".`,
  )
  demand(
    iban === undefined || isIban(iban),
    `--iban "${options.iban}" is none: its check digits do not hold.`,
  )
  demand(bic === undefined || /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic), `--bic is no BIC: "${bic}".`)
  demand(/^([1-9]|[12]\d|30)$/.test(payWithin), `--pay-within is 1 to 30 days, not "${payWithin}".`)
  const settings = {
    ...{ holder, bankName: bank, payWithinDays: payWithin },
    ...(account !== undefined && { accountNumber: account }),
    ...(sortCode !== undefined && { sortCode }),
    ...(iban !== undefined && { iban }),
    ...(bic !== undefined && { bic }),
    ...(options.csvProfile !== undefined && { csvProfile: await profileIn(options.csvProfile) }),
  }
  const seller = iban ?? `${sortCode?.replaceAll('-', '') ?? ''}${account}`
  const providerKeys = await Promise.all((options.bankKeyFile ?? []).map((file) => readFile(file, 'utf8')))
  const rail = {
    provider: 'bank',
    id,
    seller,
    gateway: '',
    privateKey: null,
    providerKeys,
    settings,
  } as const
  await keepMerchant(config, env, { brand, gateway: '', ...(off && { off }) }, rail, say)
}

/** A profile as JSON on one line, proved to be one. */
async function profileIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.stringify(readCsvProfile(JSON.parse(text)))
  } catch (error) {
    throw new UsageError(`--csv-profile ${file}: ${(error as Error).message}.`)
  }
}

/** ISO 13616: the first four signs put last and letters read as numbers from ten on, it leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d\d[A-Z0-9]{10,30}$/.test(text)) return false
  const digits = [...text.slice(4), ...text.slice(0, 4)].map((sign) => Number.parseInt(sign, 36)).join('')
  return BigInt(digits) % 97n === 1n
}

function demand(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new UsageError(sentence)
}
