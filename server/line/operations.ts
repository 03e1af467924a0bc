import { identityErrors } from '../identity/index.ts'
import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { lineErrors } from './errors.ts'

const known = entriesOf(lineErrors, 'number-invalid', 'line-not-found')
const NUMBER = '15400001000'

export const lineOperations = defineOperations('Numbers', {
  readLine: {
    summary: 'Read a number',
    description: `The owner, and an API key with the scope \`line:read\`, see stage, balance, clocks and allowances. Anybody else
learns only whether the number can be topped up. A number that nobody has and one of another brand are answered alike.`,
    errors: known,
    example: { path: { number: NUMBER } },
  },
  readBalance: {
    summary: 'Read balance and clocks of any number of the brand',
    description: `Cheap enough to ask before each sale. \`until\` is the first day on which something no longer holds,
\`lastSafeDay\` the day before: show that one to people (号码保留至).`,
    errors: known,
    example: {
      path: { number: NUMBER },
      answer: {
        msisdn: '8615400001000',
        stage: 'active',
        balance: { amountMinor: '1280', currency: 'CNY' },
        clocks: [
          { clock: 'service', until: '2027-02-20', lastSafeDay: '2027-02-19', daysLeft: 89 },
          { clock: 'number', until: '2027-05-21', lastSafeDay: '2027-05-20', daysLeft: 179 },
        ],
      },
    },
  },
  listMyLines: {
    summary: 'List the numbers of the signed-in account',
    description: 'In the order in which they were bound.',
    errors: [],
  },
  bindLine: {
    summary: 'Bind a number to the account',
    description: 'Needs the code that `sendCode` with the purpose `bind-line` sent to the number itself.',
    errors: [
      ...known,
      ...entriesOf(
        identityErrors,
        ...(['code-wrong', 'code-expired', 'code-spent', 'code-tries-used-up', 'account-locked'] as const),
      ),
    ],
  },
  unbindLine: {
    summary: 'Take a number off the account',
    description: 'The number, its money and its dates stay as they are.',
    errors: known,
    example: { path: { number: NUMBER } },
  },
})

export const ussdOperations = defineOperations('USSD', {
  answerUssd: {
    summary: 'Answer what a handset dialled',
    description: `For the network’s USSD gateway. \`*101#\` tells balance and until when the number is kept; anything else, where help
is. The text fits one USSD answer: 182 characters of the GSM 7-bit alphabet, or 80 of UCS-2 (3GPP TS 23.038).`,
    errors: known,
    example: {
      body: { msisdn: '8615400001000', text: '*101#' },
      answer: { text: '余额 ¥12.80\n号码保留至 2027-05-20（还剩 179 天）', continue: false },
    },
  },
})
