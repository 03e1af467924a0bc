import type { BrandView } from '../../contract/brand.ts'
import { request } from './request.ts'

/** The facts of the brand this address belongs to; index.html has the browser fetch them beside the scripts. */
export function loadBrand(): Promise<BrandView> {
  return request<BrandView>('/v1/brand')
}
