import type { Claims } from '@/api'
import { useDraft } from './draft'

/** Work, certificates, titles and schools: typed once, and used for every application from this phone. */
function empty(): Claims {
  return { work: [], certificates: [], titles: [], diplomas: [], intends: false }
}

let kept: Claims | null = null

export function background(): Claims {
  kept ??= useDraft<Claims>('background', empty).draft
  return kept
}

export function isEmpty(claims: Claims): boolean {
  const lists = [claims.work, claims.certificates, claims.titles, claims.diplomas]
  return lists.every((list) => list.length === 0) && !claims.intends
}

/** Put what a registration said in its place, to be mended. */
export function takeUp(said: Record<string, unknown>): void {
  Object.assign(background(), empty(), said)
}

/** After signing out the next person begins with nothing. */
export function forgetBackground(): void {
  if (kept !== null) Object.assign(kept, empty())
}
