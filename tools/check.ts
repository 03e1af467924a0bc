import { conclude, runChecks, runTests } from './steps.ts'

// `npm run check`: format, types, imports, dead code, tidy, unit and room tests.
const counts = { passed: 0, failed: 0 }
await runChecks(counts)
await runTests(['room'], counts)
conclude(counts)
