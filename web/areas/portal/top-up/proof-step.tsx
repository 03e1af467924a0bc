import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProvePayer, SessionView } from '../../../../contract/session.ts'
import { sessionQuery } from '../../../api/queries.ts'
import { request } from '../../../api/request.ts'
import { readStored, writeStored } from '../../../device/storage.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { NumberField } from '../../../ui/number-field.tsx'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { CodeStep } from '../account/code-step.tsx'

interface ProofStepProps {
  readonly target: string
  /** The order is being placed again. */
  readonly busy: boolean
  readonly onProved: () => void
}

/** The phone that last paid from this device, E.164 digits. */
const payerName = 'payer'

/** Proves the payer's phone by a code; the session keeps the proof for a while. */
export function ProofStep({ target, busy, onProved }: ProofStepProps) {
  const { t } = useTranslation('purchase')
  const plan = useNumberPlan()
  const example = useNumberExample()
  const queries = useQueryClient()
  const session = useQuery(sessionQuery)
  const own = session.data?.kind === 'login' ? session.data.msisdn : null
  const [typed, setTyped] = useState<string | null>(null)
  const [code, setCode] = useState('')
  const entry = typed ?? readEntry(own ?? readStored('local', payerName) ?? '', plan)
  const number = toMsisdn(entry, plan)
  const proving = useMutation({
    mutationFn: (body: ProvePayer) => request<SessionView>('/v1/codes/payer', { method: 'POST', body }),
    onSuccess: (proved) => {
      queries.setQueryData(sessionQuery.queryKey, proved)
      writeStored('local', payerName, number)
      onProved()
    },
    onError: () => setCode(''),
  })
  const prove = (whole: string) => {
    if (number !== null && whole.length === 6 && !proving.isPending) proving.mutate({ number, code: whole })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    prove(code)
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <p className="text-ink-soft">{t('proof.lead')}</p>
      <div>
        <NumberField
          label={t('proof.phone')}
          hint={t('proof.phoneHint')}
          plan={plan}
          example={example}
          value={entry}
          onValue={setTyped}
        />
        {entry === '' && (
          <Button look="quiet" className="-ms-5" onClick={() => setTyped(readEntry(target, plan))}>
            {t('proof.useTarget')}
          </Button>
        )}
      </div>
      <CodeStep purpose="payer" to={number} code={code} onCode={setCode} onWhole={prove} />
      {proving.isError && <ProblemNotice problem={proving.error} />}
      <Button
        type="submit"
        size="large"
        wide
        busy={proving.isPending || busy}
        disabled={number === null || code.length < 6}
      >
        {t('proof.submit')}
      </Button>
    </form>
  )
}
