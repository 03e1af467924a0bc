/** Answer codes with their words. Source: UnionPay, access specification, part 5, appendix (as public sources give it). */
const words: Record<string, string> = {
  '00': '成功',
  '01': '交易失败。详情请咨询95516',
  '03': '交易通讯超时，请发起查询交易',
  '04': '交易状态未明，请查询对账结果',
  '05': '交易已受理，请稍后查询交易结果',
  '10': '报文格式错误',
  '11': '验证签名失败',
  '12': '重复交易',
  '13': '报文交易要素缺失',
  '31': '商户状态不正确',
  '34': '查无此交易',
  '35': '原交易不存在或状态不正确',
  '36': '与原交易信息不符',
  '37': '已超过最大查询次数或操作过于频繁',
  '39': '交易不在受理时间范围内',
  '64': '卡上的余额不足',
  '98': '文件不存在',
}

/** `成功[0000000]`: words, and in brackets the code with five digits that say where. */
export function responseWords(code: string): string {
  return `${words[code] ?? code}[${code}00000]`
}

/** Why a request is not carried out. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string

  constructor(code: string, field?: string) {
    super(field === undefined ? responseWords(code) : `${responseWords(code)} ${field}`)
    this.code = code
  }
}
