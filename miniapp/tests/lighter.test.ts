/** Pictures are made no larger than the server keeps them, and never larger than they are. */
import { describe, expect, it } from 'vitest'
import { LONGEST, lighter, within } from '@/state/lighter'

describe('a picture is drawn within what the server keeps', () => {
  it.each([
    [4000, 3000, 2400, 1800],
    [3000, 4000, 1800, 2400],
    [2400, 1000, 2400, 1000],
    [413, 579, 413, 579],
    [20000, 10, 2400, 1],
  ])('%i x %i', (width, height, wide, high) => expect(within(width, height)).toEqual({ width: wide, height: high }))

  it('and is as long as the server keeps it', () => expect(LONGEST).toBe(2400))
})

it('what is light, or cannot be drawn here, is sent as it is', async () => {
  expect(await lighter('blob:light', 999_999)).toBe('blob:light')
  expect(await lighter('blob:heavy', 9_999_999)).toBe('blob:heavy')
})
