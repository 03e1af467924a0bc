import { Type } from 'typebox'
import type { Access, Http } from '../platform/http.ts'

const nobody: Access = { who: ['anyone'], reach: 'nothing: it leads to the page of an order' }
const ById = Type.Object({ id: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' }) })

/**
 * `POST /v1/top-ups/{id}/front-return`: where a rail sends the payer's browser back by a form from its own site, as UnionPay does.
 * The browser brings no cookie along and anybody could post such a form, so nothing in it is read, and nothing is believed: the
 * answer sends the browser to the order's page, which asks as it always does.
 */
export async function frontReturnRoute(http: Http): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', async (_request: unknown, payload: NodeJS.ReadableStream) => {
      payload.resume()
    })
    scope.post(
      '/v1/top-ups/:id/front-return',
      { schema: { params: ById }, config: { access: nobody, crossSite: true } },
      async (request, reply) => {
        const { id } = request.params as { id: string }
        return reply.redirect(`/orders/${id}?returned=1`, 303)
      },
    )
  })
}
