import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PhoneChangeView } from '../../../../contract/session.ts'
import { accountQuery, devicesQuery, send } from '../../../api/account.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { useMomentWords } from '../../../ui/use-moment-words.ts'

/** A change of the phone that waits, where its holder cannot miss it, and the way to stop it. */
export function PhoneChangeNotice({ change }: { readonly change: PhoneChangeView | null }) {
  const { t } = useTranslation('profile')
  const moment = useMomentWords()
  const queries = useQueryClient()
  const stopping = useMutation({
    mutationFn: () => send('/v1/me/phone-change', 'DELETE'),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: accountQuery.queryKey })
      await queries.invalidateQueries({ queryKey: devicesQuery.queryKey })
    },
  })
  if (stopping.isError) return <ProblemNotice problem={stopping.error} />
  if (change === null) {
    return stopping.isSuccess && <Notice tone="good">{t('phone.stopped')}</Notice>
  }
  return (
    <Notice
      tone="warn"
      title={<Sentence>{t('phone.waitingTitle', { number: change.to })}</Sentence>}
      action={
        <Button look="danger" busy={stopping.isPending} onClick={() => stopping.mutate()}>
          {t('phone.stop')}
        </Button>
      }
    >
      <Sentence>{t('phone.waiting', { due: moment(change.dueAt) })}</Sentence>
    </Notice>
  )
}
