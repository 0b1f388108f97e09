/** Whether suites run whole, as `npm run test:whole` has them, or as much of them as every change has time for. */
export const WHOLE = process.env.TEST_WHOLE === '1'
