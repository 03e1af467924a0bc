import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TransferView } from '../../../../contract/payment.ts'
import { Card } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { majorText } from './major-text.ts'

/** In threes, as it is read aloud; it is copied without the gaps. */
const inThrees = (text: string) => text.replaceAll(/(...)(?=.)/g, '$1 ')
const inFours = (text: string) => text.replaceAll(/(....)(?=.)/g, '$1 ')

/** Where to send the money of an order and what to write on the transfer, each to be copied by itself. */
export function TransferCard({ transfer }: { readonly transfer: TransferView }) {
  const { t } = useTranslation('transfer')
  const { holder, bank, accountNumber, sortCode, iban, bic, reference, amount, until } = transfer
  const details: readonly (readonly [string, ReactNode, string | null])[] = [
    [t('holder'), holder, holder],
    [t('bank'), bank, bank],
    [t('sortCode'), sortCode, sortCode],
    [t('account'), accountNumber && inFours(accountNumber), accountNumber],
    [t('iban'), iban && inFours(iban), iban],
    [t('bic'), bic, bic],
  ]
  return (
    <Card title={t('title')}>
      <p className="mb-4">
        <Sentence>{t('lead')}</Sentence>
      </p>
      <Key name={t('reference')} why={t('why')} copied={reference}>
        <span className="font-mono tracking-wider">{inThrees(reference)}</span>
      </Key>
      <Key name={t('amount')} why={t('exact')} copied={majorText(amount)}>
        <MoneyText money={amount} />
      </Key>
      <dl className="mt-4 divide-y divide-hairline">
        {details.map(([name, value, copied]) =>
          copied === null ? null : (
            <Detail key={name} name={name} copied={copied}>
              {value}
            </Detail>
          ),
        )}
        <Detail name={t('until')}>
          <InstantText at={until} />
        </Detail>
      </dl>
      <section className="mt-5 rounded-lg bg-sunken px-4 py-3">
        <h3 className="mb-2 font-semibold">{t('next')}</h3>
        <ol className="ms-5 list-decimal space-y-1 text-ink-soft">
          {(['arrive', 'told', 'again', 'late'] as const).map((step) => (
            <li key={step}>
              <Sentence>{t(`steps.${step}`)}</Sentence>
            </li>
          ))}
        </ol>
      </section>
    </Card>
  )
}

interface KeyProps {
  readonly name: string
  readonly why: string
  readonly copied: string
  readonly children: ReactNode
}

/** What must be right to the sign, with the reason. */
function Key({ name, why, copied, children }: KeyProps) {
  return (
    <div className="mb-3 rounded-lg border border-hairline bg-brand-soft px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <div className="min-w-0">
          <p className="text-sm text-ink-soft">{name}</p>
          <p className="text-2xl font-semibold break-words">{children}</p>
        </div>
        <CopyButton text={copied} what={name} />
      </div>
      <p className="mt-1 text-sm text-ink-soft">
        <Sentence>{why}</Sentence>
      </p>
    </div>
  )
}

interface DetailProps {
  readonly name: string
  /** Left out: nothing that a banking app asks for. */
  readonly copied?: string
  readonly children: ReactNode
}

function Detail({ name, copied, children }: DetailProps) {
  return (
    <div className="py-2">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="-me-3 flex items-center justify-between gap-x-3">
        <span className="min-w-0 break-words tabular-nums">{children}</span>
        {copied !== undefined && <CopyButton text={copied} what={name} />}
      </dd>
    </div>
  )
}
