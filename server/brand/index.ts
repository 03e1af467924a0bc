export { appManifest } from './app-routes.ts'
export type { Brand } from './brand.ts'
export { readBrand } from './brand.ts'
export { brandProblems, factChanges, isHost } from './brand-problems.ts'
export { maskNumber, readNumber } from './number-plan.ts'
export { brandPresets } from './presets.ts'
export { type Brands, brandErrors, loadBrands } from './registry.ts'
export { requestBrand } from './request-brand.ts'
export { brandRoutes } from './routes.ts'
export { insertBrands, readBrands, readHosts, updateBrand } from './store.ts'
export {
  createSwitches,
  type Notice,
  type Switches,
  type SwitchKind,
  switchErrors,
  switchOff,
  switchOn,
  WHOLE_BRAND,
} from './switch.ts'
export { readSwitches } from './switch-store.ts'
