import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodePurpose } from '../../../contract/session.ts'
import { sendCode } from '../../api/codes.ts'
import { useLanguage } from '../../language/use-language.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'

interface CodeStepProps {
  readonly purpose: CodePurpose
  /** Where the code goes; null until that is a whole number or an address. */
  readonly to: string | null
  readonly code: string
  readonly onCode: (code: string) => void
}

/** Seconds until zero, counted on the page: it only spares people a refusal, the server keeps the rule. */
function useCountdown(): readonly [seconds: number, start: (seconds: number) => void] {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (seconds <= 0) return
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000)
    return () => clearTimeout(timer)
  }, [seconds])
  return [seconds, setSeconds]
}

/** Asks for a code and takes it. */
export function CodeStep({ purpose, to, code, onCode }: CodeStepProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [wait, startWait] = useCountdown()
  const send = useMutation({
    mutationFn: (address: string) => sendCode(purpose, address, language),
    onSuccess: ({ resendAfterSeconds }) => startWait(resendAfterSeconds),
  })
  const sent = send.data
  const words = send.isPending
    ? t('code.checking')
    : wait > 0
      ? t('code.again', { seconds: wait })
      : t(sent ? 'code.resend' : 'code.send')
  return (
    <div className="space-y-3">
      <CodeField
        label={t('code.label')}
        hint={sent && t('code.sent', { to: sent.to, count: Math.round(sent.validSeconds / 60) })}
        value={code}
        onValue={onCode}
        aside={
          <Button
            look="secondary"
            busy={send.isPending}
            disabled={to === null || wait > 0}
            onClick={() => to !== null && send.mutate(to)}
          >
            {words}
          </Button>
        }
      />
      {send.isError && <ProblemNotice problem={send.error} />}
    </div>
  )
}
