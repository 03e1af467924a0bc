/** A refusal of API v3: an HTTP status, `code` and `message`. Source: WeChat Pay, error codes of each call. */
export class WechatRefusal extends Error {
  override name = 'WechatRefusal'
  readonly status: number
  readonly code: RefusalCode

  constructor(code: RefusalCode, detail?: string) {
    const [status, words] = refusals[code]
    super(detail === undefined ? words : `${words}：${detail}`)
    this.status = status
    this.code = code
  }
}

const refusals = {
  SIGN_ERROR: [401, '错误的签名，验签失败'],
  PARAM_ERROR: [400, '参数错误'],
  INVALID_REQUEST: [400, '无效请求'],
  APPID_MCHID_NOT_MATCH: [400, '商户号与应用不匹配'],
  ORDER_PAID: [400, '该订单已支付'],
  ORDER_CLOSED: [400, '该订单已关闭'],
  OUT_TRADE_NO_USED: [403, '商户订单号重复'],
  ORDER_NOT_EXIST: [404, '订单不存在'],
  RESOURCE_NOT_EXISTS: [404, '查询的资源不存在'],
  AUTH_CODE_INVALID: [400, '付款码无效，请刷新后重试'],
  AUTH_CODE_EXPIRED: [400, '付款码已过期，请刷新后重试'],
  USERPAYING: [202, '用户支付中，需要输入密码'],
  NO_STATEMENT_EXIST: [400, '账单文件不存在'],
  STATEMENT_CREATING: [400, '账单生成中，请稍后再试'],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalCode = keyof typeof refusals
