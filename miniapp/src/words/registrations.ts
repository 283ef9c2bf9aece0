import type { Registration, Sitting } from '@/api'

/** Nothing more can come of these: one may apply anew. */
export function isOver(one: Registration): boolean {
  return ['withdrawn', 'rejected', 'expired'].includes(one.status)
}

/** Is the fee still to be paid? To whoever has paid, the days of another payment would look like a second one. */
export function owes(one: Registration): boolean {
  return ['submitted', 'returned', 'approved'].includes(one.status) && !one.waiting
}

/** With these somebody stands for an occupation and level, and cannot apply for it again. */
const STANDING = ['submitted', 'returned', 'approved', 'paid']

/** The registration with which somebody stands already where they would apply: for this sitting, or else for another of the same. */
export function standing<R extends Registration>(mine: readonly R[], sitting: Sitting): R | undefined {
  const same = mine.filter(
    ({ status, sitting: one }) =>
      STANDING.includes(status) &&
      one.institution_key === sitting.institution_key &&
      one.occupation === sitting.occupation &&
      one.level === sitting.level,
  )
  return same.find((one) => one.sitting.id === sitting.id) ?? same[0]
}
