import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumberExample, useNumberPlan } from '../ui/brand-context.ts'
import { Button } from '../ui/button.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { TextField } from '../ui/field.tsx'
import { NumberField } from '../ui/number-field.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { useProblemTexts } from '../ui/problem-notice.tsx'
import { Sentence } from '../ui/sentence.tsx'
import { Specimen } from './specimen.tsx'

export function ButtonSpecimen() {
  const { t } = useTranslation('ui-kit')
  return (
    <Specimen of="buttons">
      <div className="flex flex-wrap items-center gap-3">
        <Button>{t('button.primary')}</Button>
        <Button look="secondary">{t('button.secondary')}</Button>
        <Button look="quiet">{t('button.quiet')}</Button>
        <Button look="danger">{t('button.danger')}</Button>
        <Button disabled>{t('button.disabled')}</Button>
        <Button look="secondary" disabled>
          {t('button.disabled')}
        </Button>
        <Button busy>{t('button.busy')}</Button>
      </div>
      <div className="mt-4 max-w-96">
        <Button size="large" wide>
          {t('button.large')}
        </Button>
      </div>
    </Specimen>
  )
}

export function FieldSpecimen() {
  const { t } = useTranslation('ui-kit')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const wrong = email !== '' && !email.includes('@')
  return (
    <Specimen of="fields">
      <div className="grid gap-5 md:grid-cols-2">
        <TextField
          label={t('field.email')}
          hint={t('field.emailHint')}
          error={wrong ? t('field.emailError') : undefined}
          optional
          type="email"
          autoComplete="off"
          value={email}
          onValue={setEmail}
        />
        <TextField
          label={t('field.email')}
          error={t('field.emailError')}
          type="email"
          autoComplete="off"
          value="chen.example"
          onValue={setEmail}
        />
        <PasswordField
          label={t('field.password')}
          autoComplete="new-password"
          value={password}
          onValue={setPassword}
        />
        <TextField label={t('field.disabled')} value="chen@mail.example" onValue={setEmail} disabled />
      </div>
    </Specimen>
  )
}

export function NumberSpecimen() {
  const { t } = useTranslation(['portal', 'kit'])
  const problemTexts = useProblemTexts()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const whole = plan.groups.map(
    (size, at) => `${'1'.repeat(at === 0 ? 1 : 0)}${'5'.repeat(size - (at === 0 ? 1 : 0))}`,
  )
  const [empty, setEmpty] = useState('')
  const [filled, setFilled] = useState(whole.join(''))
  const [long, setLong] = useState(`${whole.join('')}5`)
  return (
    <Specimen of="number">
      <div className="grid gap-5 md:grid-cols-2">
        <NumberField
          label={t('topUp.number')}
          example={example}
          plan={plan}
          value={empty}
          onValue={setEmpty}
        />
        <NumberField
          label={t('topUp.number')}
          hint={
            <Sentence>
              {t('topUp.keptUntil', { date: '2027-05-21', left: t('kit:daysLeft', { count: 180 }) })}
            </Sentence>
          }
          plan={plan}
          value={filled}
          onValue={setFilled}
        />
        <NumberField
          label={t('topUp.number')}
          error={problemTexts({ code: 'number-invalid' }).text}
          plan={plan}
          value={long}
          onValue={setLong}
        />
        <NumberField
          label={t('topUp.number')}
          plan={plan}
          value={whole.join('')}
          onValue={setFilled}
          disabled
        />
      </div>
    </Specimen>
  )
}

export function CodeSpecimen() {
  const { t } = useTranslation()
  const problemTexts = useProblemTexts()
  const [empty, setEmpty] = useState('')
  const [wrong, setWrong] = useState('482913')
  return (
    <Specimen of="code">
      <div className="grid gap-5 md:grid-cols-2">
        <CodeField
          label={t('code.label')}
          hint={t('code.sent', { to: '138****8000', count: 10 })}
          value={empty}
          onValue={setEmpty}
        />
        <CodeField
          label={t('code.label')}
          error={problemTexts({ code: 'code-wrong', triesLeft: 4 }).text}
          value={wrong}
          onValue={setWrong}
        />
        <CodeField label={t('code.label')} value="482" onValue={setEmpty} disabled />
      </div>
    </Specimen>
  )
}
