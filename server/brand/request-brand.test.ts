import { expect, test } from 'vitest'
import { type Brand, type Brands, brandPresets, readBrand } from './index.ts'
import { brandOfRequest } from './request-brand.ts'

const all = brandPresets.map(({ key, facts }) => readBrand(key, facts))
const find = (key: string) => all.find((brand) => brand.key === key)
const hosts: Record<string, Brand | undefined> = {
  'laika.test': find('laika'),
  'harbour.test': find('harbour'),
}
const brands: Brands = { all, find, get: (key) => find(key) as Brand, byHost: (host) => hosts[host] }
const deps = {
  brands,
  portBrands: new Map([
    [3000, 'laika'],
    [3001, 'harbour'],
  ]),
}

const KEY = 'Bearer bh_harbour_01JD9Z3K6N8Q4W2V7X5Y0ABCDE_secret'
const address = {
  url: '/v1/offers',
  authorization: undefined,
  hostname: 'unknown.test',
  localPort: undefined,
}

test.each([
  ['nothing', {}, undefined],
  ['its host', { hostname: 'laika.test' }, 'laika'],
  ['its host in capitals', { hostname: 'Laika.Test' }, 'laika'],
  ['the port it came in by', { localPort: 3001 }, 'harbour'],
  ['a port that is nobody’s', { localPort: 8080 }, undefined],
  ['its host before the port', { hostname: 'laika.test', localPort: 3001 }, 'laika'],
  ['its API key', { authorization: KEY }, 'harbour'],
  ['an API key of no brand', { authorization: KEY.replace('harbour', 'nobrand') }, undefined],
  ['its host, where the key says another', { authorization: KEY, hostname: 'laika.test' }, 'laika'],
  ['its port, where the key says another', { authorization: KEY, localPort: 3000 }, 'laika'],
  ['a key in another form', { authorization: KEY.replace('Bearer', 'Basic') }, undefined],
  [
    'its notification path',
    { url: '/v1/notifications/alipay/harbour/2021', hostname: 'laika.test' },
    'harbour',
  ],
  [
    'a notification path of no brand',
    { url: '/v1/notifications/alipay/nobrand/1', hostname: 'laika.test' },
    undefined,
  ],
  [
    'a path that only resembles one',
    { url: '/x/v1/notifications/alipay/harbour/1', localPort: 3000 },
    'laika',
  ],
])('a request’s brand is told by %s', (_, facts, key) => {
  expect(brandOfRequest({ ...address, ...facts }, deps)?.key).toBe(key)
})
