import { buildWeb } from './build-web.ts'
import { conclude, runChecks, runTests } from './steps.ts'

// `npm test`: everything `npm run check` does, then journeys over the whole house with the sandbox, then real pages.
const counts = { passed: 0, failed: 0 }
await buildWeb()
await runChecks(counts)
await runTests('journey', counts)
await runTests('browser', counts)
conclude(counts)
