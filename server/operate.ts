import { createBusinessFigures } from './business-figures.ts'
import type { House } from './house.ts'
import type { Config } from './platform/config.ts'
import type { Log } from './platform/log.ts'
import { startOperatorHttp } from './platform/operator-http.ts'
import { watchProcess } from './platform/process-figures.ts'

export interface OperateDeps {
  readonly config: Config
  readonly databaseUrl: string
  readonly house: House
  readonly log: Log
  /** Processes that only serve leave the figures of the business to those that work. */
  readonly works: boolean
}

/** Tells figures and health where the configuration says; answers the end of it. */
export async function operate({
  config,
  databaseUrl,
  house,
  log,
  works,
}: OperateDeps): Promise<() => Promise<void>> {
  if (!config.metrics) return async () => {}
  watchProcess(house.clock.instant())
  const business = works
    ? createBusinessFigures({ url: databaseUrl, clock: house.clock, log, brands: house.brands.all })
    : undefined
  const { readiness } = house
  const businessText = async () => (await business?.text()) ?? ''
  const http = await startOperatorHttp({ ...config.metrics, readiness, businessText, log })
  log.info({ operatorAddress: http.address }, 'figures and health are told')
  return async () => {
    await http.close()
    await business?.close()
  }
}
