/** The account to which transfers for a demo brand come, at the sandbox's bank. */
export interface DemoBankAccount {
  readonly id: string
  readonly holder: string
  readonly bank: string
  readonly number: string
  readonly sortCode?: string
}

/** A Chinese account for a brand in yuan, else a British one. The sort code and the number are nobody's. */
export function bankAccountOf(brand: string, currency: string): DemoBankAccount {
  const id = `${brand}-main`
  return currency === 'CNY'
    ? {
        id,
        holder: '莱卡通信（演示）有限公司',
        bank: '沙箱银行北京分行营业部',
        number: '0200049609200123456',
      }
    : {
        id,
        holder: 'Harbour Mobile (demo) Ltd',
        bank: 'Sandbox Bank',
        number: '12345678',
        sortCode: '20-00-00',
      }
}
