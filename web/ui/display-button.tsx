import { Contrast } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onDemand } from '../language/on-demand.tsx'

const sheet = onDemand({
  texts: 'display',
  load: async () => (await import('./display-sheet.tsx')).DisplaySheet,
  Waiting: () => null,
})

/** Opens the choices of theme, reading and language, from anywhere. */
export function DisplayButton() {
  const { t } = useTranslation()
  const [at, setAt] = useState<'not-asked' | 'open' | 'closed'>('not-asked')
  return (
    <>
      <button
        type="button"
        aria-label={t('nav.display')}
        onPointerEnter={sheet.preload}
        onClick={() => setAt('open')}
        className="grid size-target place-items-center rounded-full text-ink-soft hover:bg-sunken hover:text-ink"
      >
        <Contrast aria-hidden className="size-5" />
      </button>
      {at !== 'not-asked' && <sheet.Component open={at === 'open'} onClose={() => setAt('closed')} />}
    </>
  )
}
