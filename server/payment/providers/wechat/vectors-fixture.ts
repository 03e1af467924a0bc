/**
 * An RSA pair made for these vectors alone, and what OpenSSL's command line makes of it:
 * `printf '<lines>' | openssl dgst -sha256 -sign key.pem | base64`.
 */
export const PRIVATE_KEY =
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC14Yp5WUQ2NrpA0ORAvKY8V7M8nsgr5Lqm5Je6pauabEhW' +
  '79t8BWNOgNzidMoBxKsbCXtl7PASQOITCirlz6jt1CwC0Gg4oDqACaU6qwlEY32flscEqRkBGt3DLACOk5qx/cLXSCqOrcIo' +
  'FnYBcMxwyyeMvVmKmyUxjQvwiOvRSdfuGxVnmHY1fmJI6TwOulNtWiQ5XscDzmDD7gb/hcaXnp0XRUHQDMqi/XjgZNIt2ekk' +
  'NZiRx03CPhyE74iA/rrxyFUdb55qh/ZchJKBXo38VOiKlpcBXnTj1t5x0LTUyCCoBLEPWf3vbq0gi214Ah82SjR4egYb/4Wq' +
  'yqLN+FNfAgMBAAECggEAAq3zcc04XYoZ3VmWe0OsOUhbeiGmtkrU2x+UAqptKEW/HRTEiYO0zlPErUtmLHd+w9O0bzB56vLs' +
  'wbYNIryX8wUErvfuCSOHKRq7Re1+IfVLRP4eKXnqReNk7/qmeXNAPK4N4EkOY3K44QlPrL7CLEk56G9jsdCOUDgRPHZv7vHe' +
  'q6yaX0eUC8u6dHRu36ubcQNyWdkpq9f11kEK9kM1DKmAWfLLvI0a9wOJeE50WWoFTN4+TGCI52yiyFhkfxzto2+JK8UgB6iO' +
  'FwMQ/lLGxNy9TKQiSw/yChi7h8XvT+kG9z6QICnI5WVPVKh8wH5PWqaUsP4ammfLjoAYoUm9mQKBgQDsRX+eTflvHocXj4il' +
  'RghTyEJizPDwHo6zgN1fXdsxHlpEONKSwVpvXYBFf3qSONVZObDuuvSuy+u+8tYMc2T1LOgQNYN15wgpPk1DBse2tipZy3dM' +
  'N/dRTd0XSusvRmzFix9UGaIYIXoIKBsR5EyKYXgu0ixjEAsRUHsLM9N02QKBgQDFEWaOVOUSqDGwweRHvhgu8RZVTDXBarc1' +
  '44LgSskgLjd74bkp/m6bZ9M+0kkhoe2z34DGT4JW2laNkUH2JvE0XyVP1BcqS2XiLfNuZdYN25Mdj2nQ5j2dzscZ4GBlHdgk' +
  'BdIKtEAq9c5FQrp9hV/6qI7ZWbraMeXhpdZimnGG9wKBgAkS/jzBN+Q5ouyXuaLHVsiI92u9/T7rnYVtXJMuEp4HUWYvXH8A' +
  'aA3A5I1GwRlej2sW2SHCEmWoNUynHOtrfyQfbmY49+yOS/TxjJwXZZIx2tyKAPHvcFMyD1y2puOw67qGhlR/i4crufkYOTnt' +
  'r7bc2XXK4qOHWTV4BtG+Us+5AoGAQRnYeViOPDWYBL5ovVKNBqTaLd95OqYYVBMOny3Vd24NIj2VP8wvmeMYo/4v7o5hyjQh' +
  'hGGruylxwl6kHb8Lm7N6zf5QkMZLqAZqDqRRrE5HMVK5MCt/W2x91YyMC5tqVawekS6urAJ72+GJXgH7jQC2ABNmaMJnIL36' +
  'LqS6sE0CgYEAtkKLuizJ/27hZh4v4DJi7ki6lMjEEtQBl+5lzwmpKE458ljK3ZpYIqiZouMwF8rAL89mLNYv33HbpytiQbP+' +
  'suMM2eC4GVZeGrO72tIrkQcVWMR5mjI4LpjjN7n4jXdl3ewAEkVWsp6Hvq8jcc06rtgZFvetfTaJ2LNfDyODVNE='

export const PUBLIC_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAteGKeVlENja6QNDkQLymPFezPJ7IK+S6puSXuqWrmmxIVu/bfAVj' +
  'ToDc4nTKAcSrGwl7ZezwEkDiEwoq5c+o7dQsAtBoOKA6gAmlOqsJRGN9n5bHBKkZARrdwywAjpOasf3C10gqjq3CKBZ2AXDM' +
  'cMsnjL1ZipslMY0L8Ijr0UnX7hsVZ5h2NX5iSOk8DrpTbVokOV7HA85gw+4G/4XGl56dF0VB0AzKov144GTSLdnpJDWYkcdN' +
  'wj4chO+IgP668chVHW+eaof2XISSgV6N/FToipaXAV5049becdC01MggqASxD1n9726tIItteAIfNko0eHoGG/+FqsqizfhT' +
  'XwIDAQAB'

/** Over `GET`, `/v3/certificates`, `1554208460`, `593BEC0C930BF1AFEB40B4A08C8FB242` and an empty line. */
export const REQUEST_SIGNATURE =
  'CPbKXQNPZ0naTbY4xV+wKMWMvmaEnOpXvQT/ujUohOhv+ayhlVt1CZQ1HkQa1KUa7weN7zvGRnsVEMj9J72MccoTjZ9H7m3x' +
  'Tw/vvra40SzpNmNxsKH0jPgG8JiQdfHnRnrShsy+jfwEvMi0rm2u5cWjahAMHPQFpevWZGOSPa3ff6oWirzegs8dlsfwVIAe' +
  'v5cr5LDkz1+H1T9RCMU7faqLN30WTO0ajW6n+dvU/UAdnCYK2Wgc/eBY09aNL18VkUQNFNvl6e5clEAVTTdg+AJAWkHQXICg' +
  'oQRwPC0yvc+sumicrBrEUsIM+baEVHhb11HUMEUCzk5oxJ/ucZbVGQ=='

/** Over `wx8888888888888888`, `1414561699`, `5K8264ILTKCH16CQ2502SI8ZNMTM67VS`, `prepay_id=wx201410272009395522657a690389285100`. */
export const LAUNCH_SIGNATURE =
  'eLs+lQy4n191NfSTHrNnpZeXneJiSFZ+jew/Y0A9nYqKHVIIOMnsybXX1kFkIxsiRAiN9qKoPf3Ch88ZVQooJLPJ1dVOMbVI' +
  '9Sks8LL5hDhvmy3MDwtlNGVluhScCOKvC98m+pyLB5jOJXGm5B6PCmIhc3HvO6NO6SbaJrEDYfEWmdKYBYvRb0iH1HAeWaaL' +
  'rj9npV+iCHI6jD8Liz4VvHBUO5EBHJ9yatWXLQ5epPKvPy8iX13xha1QtPQ4KQTZg2R8wQ9XUxukxFaVmyutMjffirqgxKeW' +
  'nCcbDcWcyfAi733Cr8koR94csAWs9w9ynPZHXmYBtj0E0dttgftwKg=='

export const ANSWER_BODY = '{"code_url":"weixin://wxpay/bizpayurl?pr=abc","fen":4980}'
/** Over `1554209980`, `c5ac7061fccab6bf3e254dcf98995b8c` and that body. */
export const ANSWER_SIGNATURE =
  'fU4sYaVtqly8/Cyyzutx6G+ZRpWZ9HNHCT30dlwbTIH+1ycUDcP+q2taIRxw9TjljTe7PzIHkn8q+RhjdFtDZbcfkJ5wzOrK' +
  'BgywbV/cwvvRGyuMxIJivpIxF/xUt5P38QazUYxp8JmGiUbP0K1hLop/MLMb6TLiY+eS5H2RzGxYSRHwADlRHwN7NqLcSs67' +
  'f3OVZyuSI7tPAXP1S/198vFqHgkdlluxHJu0c/r6q6KMiBH89zBPCZKJYCf55k7IDSm6vfXgC64yh1r/se01Vw3Aop/a9xXj' +
  'OfjTgRNLmy9cxdl/p6Csb7JVJw1lvcbxmUhjNEshah2gwx6WUWxJ/Q=='

/** The same with an empty body, as of an answer 204. */
export const EMPTY_SIGNATURE =
  'GGRLxz73xGxK92buYXxmQhpbnUrJKZ8awdq/juycuwBUhLbPtkxgozBvW440C849+TzSqx0Kty4OaTW3/Jz/tO0aWSEQLJm3' +
  'zjFAxX21zNWstkMnuNAtB1lxHcjFweCy/ep0PsVnUtHvRpnjsnNarPItYFg6UoHFGD++spHu8VW1uLbTJD6UhyGl2/PUzCzu' +
  'F+0kq0wRjZ/5ltQt50HU3KKLwBfOkKcsPvK1Lp5Hgq/BROGb/t7DkMpDSqDjquX4U6LMnPrLuhxk80g63MUC+P3RjhNSgSjA' +
  '/u69l9wrTxzr/yS/OodBchKVrhUt9V4mfX43aBR7/DbhBDIQCKRagA=='

export const API_V3_KEY = 'laika-api-v3-key-of-32-letters--'
/** AES-256-GCM by Python's `cryptography`: nonce `0123456789ab`, associated data `transaction`. */
export const SEALED = {
  algorithm: 'AEAD_AES_256_GCM',
  ciphertext:
    'mn7wy/3XgnshEAnBjH7R45MYcqZOH0Vxjh5PTUSy/Q4EVj5qoXeecAt0cQSxxek3jKnVsccm2v6fHy7DV61EsCd7FKa3LiXkpRBc',
  nonce: '0123456789ab',
  associated_data: 'transaction',
}
export const OPENED = '{"amount":{"total":4980},"trade_state_desc":"支付成功"}'
