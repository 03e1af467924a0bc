/**
 * What the gateway answers instead of a result: `code` and `msg` are the gateway's, `subCode` and `subMsg` the reason.
 * Source: Alipay, common error codes; the ACQ codes from each trade method's own list.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string
  readonly msg: string
  readonly subCode: string
  readonly subMsg: string

  constructor(code: '40001' | '40002' | '40004', subCode: string, subMsg: string) {
    super(`${code} ${subCode}: ${subMsg}`)
    this.code = code
    this.msg = {
      '40001': 'Missing Required Arguments',
      '40002': 'Invalid Arguments',
      '40004': 'Business Failed',
    }[code]
    this.subCode = subCode
    this.subMsg = subMsg
  }
}

const businessWords: Record<string, string> = {
  TRADE_NOT_EXIST: '交易不存在',
  TRADE_STATUS_ERROR: '交易状态不合法',
  TRADE_HAS_SUCCESS: '交易已被支付',
  TRADE_HAS_CLOSE: '交易已经关闭',
  TRADE_HAS_FINISHED: '交易已经完结',
  CONTEXT_INCONSISTENT: '交易信息被篡改',
  INVALID_PARAMETER: '参数无效',
  DISCORDANT_REPEAT_REQUEST: '不一致的请求',
  REFUND_AMT_NOT_EQUAL_TOTAL: '退款金额超限',
  TRADE_NOT_ALLOW_REFUND: '当前交易不允许退款',
  PAYMENT_AUTH_CODE_INVALID: '支付授权码无效',
  BUYER_BALANCE_NOT_ENOUGH: '买家余额不足',
}

/** A business refusal by its code without the `ACQ.`. */
export function businessRefusal(reason: string, detail?: string): Refusal {
  const words = businessWords[reason] ?? reason
  return new Refusal('40004', `ACQ.${reason}`, detail ? `${words}: ${detail}` : words)
}

/** The words for a person on a page, by the code without the `ACQ.`. */
export function businessWord(reason: string): string {
  return businessWords[reason] ?? reason
}
