import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodePurpose } from '../../../../contract/session.ts'
import { captchaAhead, sendCode } from '../../../api/codes.ts'
import { serverNow } from '../../../device/server-clock.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeField } from '../../../ui/code-field.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'

interface CodeStepProps {
  readonly purpose: CodePurpose
  /** Where the code goes; null until that is a whole number or an address. */
  readonly to: string | null
  readonly code: string
  readonly onCode: (code: string) => void
  /** The sixth digit is in. */
  readonly onWhole?: (code: string) => void
  /** What the code is, where there are two on a page. */
  readonly label?: string
  /** What the form or the server has against the code. */
  readonly error?: string | undefined
}

/** Asks for a code and takes it. The wait shown only spares people a refusal; the server keeps the rule. */
export function CodeStep({ purpose, to, code, onCode, onWhole, label, error }: CodeStepProps) {
  const { t } = useTranslation()
  const locale = useLanguage()
  const [captcha] = useState(captchaAhead)
  const [resendAt, setResendAt] = useState<number | null>(null)
  const wait = useSecondsLeft(resendAt) ?? 0
  const send = useMutation({
    mutationFn: (address: string) => sendCode({ purpose, to: address, locale }, captcha),
    onSuccess: ({ resendAfterSeconds }) => setResendAt(serverNow() + resendAfterSeconds * 1000),
  })
  const known = to !== null
  useEffect(() => {
    if (!known) return
    captcha.prepare()
    return captcha.stop
  }, [captcha, known])
  const sent = send.data
  const words = send.isPending
    ? t('code.checking')
    : wait > 0
      ? t('code.again', { seconds: wait })
      : t(sent ? 'code.resend' : 'code.send')
  return (
    <div className="space-y-3">
      <CodeField
        label={label ?? t('code.label')}
        error={error}
        hint={sent && t('code.sent', { to: sent.to, count: Math.round(sent.validSeconds / 60) })}
        value={code}
        onValue={onCode}
        {...(onWhole && { onWhole })}
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
