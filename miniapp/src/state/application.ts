import type { Alternative, Claims, RegistrationDetail, UploadKind } from '@/api'
import { dropDraft, kept, keptDrafts } from './draft'
import { fingerprint } from './numbers'

/** An application as far as it has come on this phone. */
export interface Draft {
  step: number
  uploads: { id: number; kind: string }[]
  /** a paper certificate besides the electronic one; null while nobody has said so here */
  paper: boolean | null
  /** which 须知 (by its fingerprint) has been on the screen to its end; "" for none */
  seen: string
  /** which 须知 has been ticked as read */
  read: string
  /** the number of the tap that hands it in */
  once: string
  /** what was sent for another condition was looked through; null before that, and then how many pictures came from there */
  offered: number | null
}

export function emptyDraft(): Draft {
  return { step: 0, uploads: [], paper: null, seen: '', read: '', once: '', offered: null }
}

/** An application of this phone: for a sitting, or (`number`) of one that is being mended. */
export interface Which {
  id: number
  number: string
}

/** Where its drafts are kept: one for each condition, for with another condition one begins anew. */
export function draftName(which: Which, alternative: string): string {
  return draftsOf(which) + alternative
}

function draftsOf(which: Which): string {
  return which.number === '' ? `apply:${which.id}:` : `mend:${which.number}:`
}

/** It was handed in: what had been begun for the same under other conditions goes too. */
export function dropDrafts(which: Which): void {
  keptDrafts(draftsOf(which)).forEach(dropDraft)
}

/** Pictures sent for another condition of the same application, of the kinds that are asked for here too: once, and not for good. */
export function offerAgain(draft: Draft, which: Which, kinds: readonly UploadKind[]): void {
  if (draft.offered !== null) return
  const there = new Set(draft.uploads.map((one) => one.id))
  const fit = new Map<number, { id: number; kind: string }>()
  for (const name of keptDrafts(draftsOf(which)))
    for (const one of kept<Draft>(name).uploads ?? [])
      if (!there.has(one.id) && [...kinds, 'other'].includes(one.kind)) fit.set(one.id, one)
  draft.uploads.push(...fit.values())
  draft.offered = fit.size
}

/** The name under which a 须知 is remembered as read: another text is another 须知. */
export function nameOf(conduct: readonly string[]): string {
  return fingerprint(conduct.join('\n'))
}

/**
 * What evidence a condition wants of somebody: who is still at school has no diploma of it yet, but can show that they are
 * there; a diploma that they have besides is shown too.
 */
export function wantedKinds(alternative: Alternative | undefined, claims: Claims): UploadKind[] {
  const kinds = (alternative?.wanted ?? []) as UploadKind[]
  const still = claims.diplomas.filter((one) => one.final_year || one.school === 'technician_class').length
  const shown: UploadKind[] = still === 0 ? ['diploma'] : still < claims.diplomas.length ? ['diploma', 'student'] : ['student']
  return kinds.flatMap((kind) => (kind === 'diploma' ? shown : [kind]))
}

/** What was handed in before stays handed in; the draft holds what is new. */
export function takeUpEvidence(draft: Draft, before: RegistrationDetail): void {
  const there = new Set(draft.uploads.map((one) => one.id))
  draft.uploads.unshift(...before.uploads.filter((one) => !there.has(one.id)))
  draft.paper ??= before.paper_certificate
}
