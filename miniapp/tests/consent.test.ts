/** What somebody agreed to is kept on their phone with its day, and nowhere else. */
import { describe, expect, it } from 'vitest'
import { forgetEverything } from '@/api/session'
import { CONSENTS, consentDay, dropConsent, keepConsent } from '@/state/consent'

describe('a consent', () => {
  it.each([
    ['2026-02-23T15:59:59Z', '2026-02-23'],
    ['2026-02-23T16:00:00Z', '2026-02-24'],
  ])('given at %s is kept with the day that Shanghai has then', (instant, day) => {
    keepConsent('portrait', new Date(instant))
    expect(consentDay('portrait')).toBe(day)
  })

  it('is for one thing alone', () => {
    keepConsent('signature')
    expect(CONSENTS.map((one) => consentDay(one.consent) !== '')).toEqual([false, false, true])
  })

  it('can be taken back, and goes with whoever signs out', () => {
    keepConsent('document')
    dropConsent('document')
    expect(consentDay('document')).toBe('')
    keepConsent('document')
    forgetEverything()
    expect(consentDay('document')).toBe('')
  })
})
