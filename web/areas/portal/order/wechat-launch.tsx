import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView, StartPayment } from '../../../../contract/top-up.ts'
import { orderQuery } from '../../../api/queries.ts'
import { authorisationPath, startPayment } from '../../../api/top-ups.ts'
import { payInWeChat } from '../../../device/wechat-bridge.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Button } from '../../../ui/button.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { isUnderWay } from '../payment/use-payment.ts'

interface WeChatLaunchProps {
  readonly order: OrderView
  /** What WeChat sent the browser back with. */
  readonly authorisation: NonNullable<StartPayment['authorisation']>
}

/** Back from WeChat, which now knows who pays: the payment is begun and WeChat asks for it, without another press. */
export function WeChatLaunch({ order, authorisation }: WeChatLaunchProps) {
  const { t } = useTranslation('order')
  const locale = useLanguage()
  const begun = useQuery({
    queryKey: ['launch', order.id, authorisation.code],
    // Said once: the code works once, and the kept key stands for the same try.
    queryFn: () => startPayment(order.id, { provider: 'wechat', scene: 'jsapi', locale, authorisation }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: (tries, problem) => tries < 5 && isUnderWay(problem),
    retryDelay: 2_000,
  })
  useLaunched(order.id, begun.data?.launch)
  if (!begun.isError) {
    return (
      <div className="text-center">
        <Loading />
        <p>{t('launch.opening')}</p>
      </div>
    )
  }
  return (
    <div className="space-y-4 text-start">
      <ProblemNotice problem={begun.error} />
      <Button wide size="large" onClick={() => location.assign(authorisationPath(order.id))}>
        {t('launch.again')}
      </Button>
    </div>
  )
}

/** Hands over to WeChat; whatever it says afterwards, the order is asked. */
function useLaunched(id: string, launch: Readonly<Record<string, string>> | undefined): void {
  const queries = useQueryClient()
  const navigate = useNavigate()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each launch
  useEffect(() => {
    if (!launch) return
    void (async () => {
      const paid = await payInWeChat(launch)
      void queries.invalidateQueries({ queryKey: orderQuery(id).queryKey })
      // The code in the address is used up: nobody shall come back to it.
      await navigate({
        to: '/orders/$id',
        params: { id },
        search: paid ? { returned: '1' } : {},
        replace: true,
      })
    })()
  }, [launch])
}
