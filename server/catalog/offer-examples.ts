const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })

/** One offer of each kind, as the examples of every operation show it. */
export const packageExample = {
  kind: 'package' as const,
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDE',
  name: { 'zh-CN': '季度保号套餐', en: 'Quarterly keep-alive' },
  term: 'quarter' as const,
  price: cny('2700'),
  listPrice: cny('3000'),
  allowances: { voiceSeconds: 6000, sms: 30, dataBytes: '1073741824' },
  roaming: false,
  validityMonths: 3,
  validityDays: 0,
  recommended: true,
}

export const denominationExample = {
  kind: 'denomination' as const,
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDF',
  face: cny('5000'),
  price: cny('4980'),
  bonus: cny('0'),
  recommended: false,
}

export const freeAmountExample = {
  kind: 'free-amount' as const,
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDG',
  min: cny('1000'),
  max: cny('50000'),
  step: cny('100'),
}
