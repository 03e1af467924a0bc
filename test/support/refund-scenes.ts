import type { Visit } from './portal-visit.ts'
import type { Scene } from './scenes.ts'
import type { Script } from './scripted-api.ts'
import { creditOrder, refundable } from './scripted-refunds.ts'
import { orderId, signedIn } from './scripted-views.ts'

/** The page on which money is asked back: of who may, of who came by a code, and of an order with nothing left. */
export function refundScenes(
  holder: Script,
  said: (path: string) => (seen: Visit) => Promise<unknown>,
): readonly Scene[] {
  const refundScene = (name: string, script: Script, more: Pick<Scene, 'ready'> & Partial<Scene>): Scene => ({
    route: '/orders/$id/refund',
    name,
    path: `/orders/${orderId}/refund`,
    script: {
      ...holder,
      ...{ 'GET /v1/top-ups/:id': creditOrder, 'GET /v1/top-ups/:id/refunds': refundable },
      ...script,
    },
    ...more,
  })
  return [
    refundScene(
      'refund',
      {},
      {
        main: true,
        ready: said('refund.takes'),
        dialogs: { confirm: (seen) => seen.page.locator('main button[type=submit]').click() },
      },
    ),
    refundScene('refund-code', { 'GET /v1/session': signedIn }, { ready: said('refund.password.contact') }),
    refundScene(
      'refund-nothing',
      {
        'GET /v1/top-ups/:id/refunds': { offer: null, refusedCode: 'refund-nothing-left', refunds: [] },
      },
      { ready: said('refund.not.title') },
    ),
  ]
}
