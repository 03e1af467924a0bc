import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineView } from '../../../../contract/line.ts'
import type { BindLine } from '../../../../contract/session.ts'
import { myLinesQuery } from '../../../api/queries.ts'
import { request } from '../../../api/request.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { NumberField } from '../../../ui/number-field.tsx'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { CodeStep } from './code-step.tsx'

/** Binds a number to the account: whoever reads the code sent to it may. */
export function BindNumber({ onBound }: { readonly onBound: () => void }) {
  const { t } = useTranslation(['account', 'portal'])
  const plan = useNumberPlan()
  const example = useNumberExample()
  const queries = useQueryClient()
  const [number, setNumber] = useState('')
  const [code, setCode] = useState('')
  const binding = useMutation({
    mutationFn: (body: BindLine) => request<LineView>('/v1/me/lines', { method: 'POST', body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: myLinesQuery.queryKey })
      onBound()
    },
    onError: () => setCode(''),
  })
  const to = toMsisdn(number, plan)
  const ready = to !== null && code.length === 6
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !binding.isPending) binding.mutate({ number, code })
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <NumberField
        label={t('portal:topUp.number')}
        hint={t('numbers.addHint')}
        example={example}
        plan={plan}
        value={number}
        onValue={setNumber}
      />
      <CodeStep purpose="bind-line" to={to} code={code} onCode={setCode} />
      {binding.isError && <ProblemNotice problem={binding.error} />}
      <Button type="submit" size="large" wide busy={binding.isPending} disabled={!ready}>
        {t('numbers.addSubmit')}
      </Button>
    </form>
  )
}
