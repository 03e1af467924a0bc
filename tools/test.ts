import { buildWeb } from './build-web.ts'
import { conclude, runChecks, runTests } from './steps.ts'

// `npm test`: everything `npm run check` does, journeys over the whole house with the sandbox, and real pages; the short room
// tests come last and fill what the long files leave of the cores.
const counts = { passed: 0, failed: 0 }
await buildWeb()
// A check keeps one core busy, and the longest of them would leave the other idle for a while.
await Promise.all([runChecks(counts), runTests(['browser', 'journey', 'room'], counts)])
conclude(counts)
