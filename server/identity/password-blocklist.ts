/**
 * What people put into long passwords when they must have one, folded (lower case, look-alike digits read as letters).
 * Compiled for this project from everyday English, pinyin and keyboards; no third party's list is in it.
 */
const WORDS = [
  'correcthorsebatterystaple administrator administrador changeme password passphrase passcode passwort motdepasse',
  'contrasena kennwort secret letmein welcome login logon signin account admin root guest default master superuser user',
  'test demo sample example iloveyou ilove loveyou lovely love forever princess sunshine monkey dragon shadow football',
  'baseball superman batman starwars pokemon michael jordan jessica charlie ashley daniel mustang trustno one access',
  'qazwsxedc qazwsx zaqxsw internet computer samsung iphone android google facebook wechat weixin alipay zhifubao taobao',
  'tencent huawei xiaomi china beijing shanghai london england mobile telecom unicom keepalive topup simcard phone',
  'woaini woaiwojia woaimama aini nihao mima zhanghao denglu yonghu chongzhi shouji haoma baohao gongxifacai',
  'spring summer autumn winter monday friday january december hello world please never know this that with from your',
  'the and for you not can are was has but our out day get him his how new now old see two way who its',
]
  .join(' ')
  .split(' ')

/** Numbers that are words: 5201314 sounds like “I love you for life”. */
const NUMBERS = ['5201314', '1314520', '520520', '1314', '147258369', '159357', '112233', '123321']

const KEYBOARD_ROWS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1234567890',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
]
const MIN_RUN = 4

/** Fewer characters than this beside the guessable parts do not make a password. */
const MIN_REST = 6

const LOOK_ALIKE: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** Common words and numbers, longest first. */
const GUESSES = [...WORDS, ...NUMBERS].sort((a, b) => b.length - a.length)

/**
 * True when hardly anything is left of the password once everything another person would try is taken out of it: common
 * words, the account's and brand's own names (`known`), runs of a keyboard or an alphabet, and repetition.
 */
export function isCommonPassword(password: string, known: readonly string[]): boolean {
  const own = known.map(bare).filter((word) => word.length >= 3)
  const plain = bare(password)
  const lookAlike = bare([...password.toLowerCase()].map((c) => LOOK_ALIKE[c] ?? c).join(''))
  return [plain, lookAlike].some((text) => restOf(text, [...own, ...GUESSES]).length < MIN_REST)
}

/** Letters and digits only, in lower case. */
function bare(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function restOf(text: string, guesses: readonly string[]): string {
  let rest = text
  for (const guess of guesses) rest = rest.replaceAll(guess, ' ')
  return oneOfEach(withoutRuns(rest).replace(/ /g, ''))
}

/** Takes out four characters or more that follow each other in an alphabet, on a keyboard, up or down, or stay the same. */
function withoutRuns(text: string): string {
  const steps = [sameStep, upStep, downStep, keyboardStep, keyboardBackStep]
  let rest = ''
  for (let at = 0; at < text.length; ) {
    const run = Math.max(...steps.map((step) => runLength(text, at, step)))
    if (run < MIN_RUN) rest += text[at]
    at += run < MIN_RUN ? 1 : run
  }
  return rest
}

type Step = (from: string, to: string) => boolean
const sameStep: Step = (from, to) => from === to && from !== ' '
const upStep: Step = (from, to) => to.charCodeAt(0) - from.charCodeAt(0) === 1
const downStep: Step = (from, to) => upStep(to, from)
const keyboardStep: Step = (from, to) => KEYBOARD_ROWS.some((row) => row.includes(from + to))
const keyboardBackStep: Step = (from, to) => keyboardStep(to, from)

function runLength(text: string, from: number, step: Step): number {
  let at = from + 1
  while (at < text.length && step(text[at - 1] as string, text[at] as string)) at++
  return at - from
}

/** `abcabcabc` says no more than `abc`. */
function oneOfEach(text: string): string {
  const again = `${text}${text}`.indexOf(text, 1)
  return again > 0 && again < text.length ? text.slice(0, again) : text
}
