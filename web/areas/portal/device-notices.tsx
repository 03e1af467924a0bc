import { RefreshCw, WifiOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { isUpdateReady, onUpdate, takeUpdate } from '../../device/app-worker.ts'
import { isOnline, onOnline } from '../../device/online.ts'

const strip = 'mx-auto flex max-w-page items-center gap-2 px-4 text-sm'

/** What the device has to say on any page: no network; a newer release, taken when the person likes. */
export function DeviceNotices() {
  const { t } = useTranslation()
  const online = useSyncExternalStore(onOnline, isOnline)
  const update = useSyncExternalStore(onUpdate, isUpdateReady)
  return (
    <div role="status" className="print:hidden">
      {!online && (
        <div className="border-b border-warn-line bg-warn-soft text-warn-ink">
          <p className={`${strip} py-2`}>
            <WifiOff aria-hidden className="size-4 shrink-0" />
            {t('offline.banner')}
          </p>
        </div>
      )}
      {update && (
        <div className="border-b border-info-line bg-info-soft text-info-ink">
          <p className={strip}>
            <RefreshCw aria-hidden className="size-4 shrink-0" />
            {t('update.ready')}
            <button
              type="button"
              onClick={takeUpdate}
              className="min-h-target min-w-target px-2 font-semibold underline underline-offset-4"
            >
              {t('update.now')}
            </button>
          </p>
        </div>
      )}
    </div>
  )
}
