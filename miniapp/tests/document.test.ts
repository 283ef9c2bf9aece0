/** The typed module is the API's document, and nobody has changed one without the other. */
import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'

it('the typed module says what docs/openapi.json says (renew it: npm run api)', async () => {
  const document = JSON.parse(readFileSync('../docs/openapi.json', 'utf-8'))
  const made = astToString(await openapiTS(document, { alphabetize: true }))
  const kept = readFileSync('src/api/schema.d.ts', 'utf-8')
  expect(kept.slice(kept.indexOf('export '))).toBe(made.slice(made.indexOf('export ')))
}, 30_000)
