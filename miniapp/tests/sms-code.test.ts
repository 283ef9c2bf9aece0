/** A code that is on its way outlives the page: a browser may drop it while its reader is away to read the message. */
import { describe, expect, it } from 'vitest'
import { dropCode, keepCode, keptCode, secondsLeft } from '@/state/sms-code'

const SENT = { phone: '13900000001', at: 1_000_000 }
const after = (seconds: number) => SENT.at + seconds * 1000

describe('a code that was sent', () => {
  it.each([
    [0, SENT],
    [299, SENT],
    [300, null],
    [-1, null],
  ])('is remembered after %d seconds or is not', (seconds, known) => {
    keepCode('sign-in', SENT)
    expect(keptCode('sign-in', after(seconds))).toEqual(known)
  })

  it('is for what it was asked for', () => {
    keepCode('sign-in', SENT)
    expect(keptCode('phone', after(1))).toBeNull()
  })

  it('is forgotten when it was used', () => {
    keepCode('sign-in', SENT)
    dropCode('sign-in')
    expect(keptCode('sign-in', after(1))).toBeNull()
  })

  it.each(['{"phone":', '{"phone":1,"at":2}', '{}', '[]'])('that cannot be read is none: %s', (kept) => {
    uni.setStorageSync('code:sign-in', kept)
    expect(keptCode('sign-in', after(1))).toBeNull()
  })

  it.each([
    [0, 60],
    [59.5, 1],
    [60, 0],
    [200, 0],
  ])('may after %d seconds be asked for again in %d', (seconds, rest) => {
    expect(secondsLeft(SENT, after(seconds))).toBe(rest)
  })
})
