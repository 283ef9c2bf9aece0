import { effectScope } from 'vue'
import type { Claims } from '@/api'
import { useDraft } from './draft'

/** Work, certificates, titles and schools: typed once, and used for every application from this phone. */
function empty(): Claims {
  return { work: [], certificates: [], titles: [], diplomas: [], intends: false }
}

let kept: Claims | null = null
/** It is nobody's page: what is typed is kept on the phone, however many pages have come and gone since the first that asked. */
const scope = effectScope(true)

export function background(): Claims {
  kept ??= scope.run(() => useDraft<Claims>('background', empty).draft)!
  return kept
}

export function isEmpty(claims: Claims): boolean {
  const lists = [claims.work, claims.certificates, claims.titles, claims.diplomas]
  return lists.every((list) => list.length === 0) && !claims.intends
}

/** Do both say the same, whatever the order of their fields and however they leave out what was not said? */
export function areAlike(one: Partial<Claims>, other: Partial<Claims>): boolean {
  return said(one) === said(other)
}

function said(claims: Partial<Claims>): string {
  const entry = (one: object): string =>
    JSON.stringify(Object.entries(one).filter(([, value]) => Boolean(value)).sort(([name], [next]) => (name < next ? -1 : 1)))
  const { work, certificates, titles, diplomas, intends } = { ...empty(), ...claims }
  return JSON.stringify([...[work, certificates, titles, diplomas].map((list) => list.map(entry)), Boolean(intends)])
}

/** Put what a registration said in its place, to be mended. */
export function takeUp(said: Record<string, unknown>): void {
  Object.assign(background(), empty(), said)
}

/** After signing out the next person begins with nothing. */
export function forgetBackground(): void {
  if (kept !== null) Object.assign(kept, empty())
}
