import { useQuery } from '@tanstack/react-query'
import { MessageCircleQuestion } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../../../contract/support.ts'
import { casesQuery } from '../../../api/account.ts'
import { Card } from '../../../ui/card.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { useMomentWords } from '../../../ui/use-moment-words.ts'

/** What one has asked, how it stands, and the answers. */
export function MyCases() {
  const { t } = useTranslation('help')
  const cases = useQuery(casesQuery)
  return (
    <Card title={t('cases.title')}>
      <Loaded query={cases}>
        {({ cases: asked }) =>
          asked.length === 0 ? (
            <Empty icon={MessageCircleQuestion} title={t('cases.empty')} hint={t('cases.emptyHint')} />
          ) : (
            <ul className="divide-y divide-hairline">
              {asked.map((one) => (
                <AskedCase key={one.number} one={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function AskedCase({ one }: { readonly one: CaseView }) {
  const { t } = useTranslation('help')
  const moment = useMomentWords()
  const isAnswered = one.state === 'answered'
  return (
    <li className="py-4 first:pt-0 last:pb-0">
      <p className="flex flex-wrap items-center justify-between gap-x-3">
        <span className="font-medium">{t(`form.topics.${one.topic}`)}</span>
        <span
          className={classNames(
            'rounded-full border px-2.5 py-0.5 text-sm font-medium',
            isAnswered
              ? 'border-good-line bg-good-soft text-good-ink'
              : 'border-info-line bg-info-soft text-info-ink',
          )}
        >
          {t(`cases.state.${one.state}`)}
        </span>
      </p>
      <p className="text-sm text-ink-soft">
        <span className="whitespace-nowrap">{one.number}</span> ·{' '}
        <span className="whitespace-nowrap">{t('cases.opened', { time: moment(one.openedAt) })}</span>
      </p>
      {one.order && (
        <p className="text-sm break-all text-ink-soft">
          {t('cases.order')} {one.order.id}
        </p>
      )}
      <p className="mt-2 break-words whitespace-pre-line">{one.body}</p>
      {one.answer !== null && (
        <div className="mt-3 rounded-lg bg-brand-soft px-4 py-3">
          <p className="text-sm font-medium text-brand-ink">{t('cases.answer')}</p>
          <p className="break-words whitespace-pre-line">{one.answer}</p>
        </div>
      )}
    </li>
  )
}
