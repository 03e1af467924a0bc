import { Type } from 'typebox'
import type { Access } from '../platform/http.ts'

/** `{id}` of an order's addresses: any text, for what is no id is an order that does not exist. */
export const OrderPath = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** For whoever placed an order: what its session or account may ask about it. */
export const ofPlacer: Access = {
  who: ['guest', 'login'],
  reach: 'the orders its session or account placed',
}
