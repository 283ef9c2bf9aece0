/** What stays on a phone from one person to the next: of one's own everything, of another's nothing. */
import { phone } from './phone'
import { effectScope } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as api from '@/api'
import { bearer, forgetEverything, forgetSignIn, keepSignIn, signedIn } from '@/api/session'
import { background } from '@/state/background'
import { useDraft } from '@/state/draft'
import { useLoaded } from '@/state/loaded'

const MINE = '13900000001'
const ANOTHERS = '13900000002'
const signsIn = (number: string, token: string) => {
  phone.replies.push({ statusCode: 201, data: { token } })
  return api.signInByPhone(number, '123456')
}

beforeEach(() => {
  forgetEverything()
  phone.storage.clear()
})

describe('a sign-in that ended by itself', () => {
  beforeEach(async () => {
    await signsIn(MINE, 'mine')
    phone.storage.set('ticket:ABCDEFGH', '{}')
    phone.storage.set('draft:details', '{"name":"王芳"}')
    background().work.push({ occupation: '', since: '2010-01-01', until: null })
    forgetSignIn()
  })

  it('leaves everything there for the same person', async () => {
    await signsIn(MINE, 'again')
    expect(phone.storage.has('ticket:ABCDEFGH')).toBe(true)
    expect(background().work).toHaveLength(1)
    expect(bearer()).toBe('again')
  })

  it('leaves nothing there for another', async () => {
    await signsIn(ANOTHERS, 'theirs')
    expect([...phone.storage.keys()].sort()).toEqual(['sign-in', 'signed-in-as'])
    expect(background().work).toEqual([])
    expect(bearer()).toBe('theirs')
  })

  it('is known by a mark that does not tell the number', () => {
    expect([...phone.storage.values()].join()).not.toContain(MINE)
  })

  it('is the same person’s after they have verified another number', async () => {
    await signsIn(MINE, 'mine')
    await api.phoneByCode(ANOTHERS, '123456')
    forgetSignIn()
    await signsIn(ANOTHERS, 'again')
    expect(phone.storage.has('ticket:ABCDEFGH')).toBe(true)
  })
})

it('whoever takes the place of somebody who is signed in ends their sign-in, and not the new one', async () => {
  await signsIn(MINE, 'mine')
  phone.replies = [
    { statusCode: 201, data: { token: 'theirs' } },
    { statusCode: 401, data: { code: 'sign_in_needed', message: '请先登录' } },
  ]
  await api.signInByPhone(ANOTHERS, '123456')
  const ends = phone.sent.filter((one) => one.url.endsWith('/sign-out'))
  expect(ends.map((one) => one.header?.Authorization)).toEqual(['Bearer mine'])
  expect(bearer()).toBe('theirs')
})

it('another window’s sign-in is not removed when this one’s has ended', () => {
  keepSignIn('mine')
  phone.storage.set('sign-in', 'theirs')
  forgetSignIn()
  expect([signedIn.value, phone.storage.get('sign-in')]).toEqual([false, 'theirs'])
})

describe('what a page shows', () => {
  it('is gone when somebody signs out, also where no answer comes', async () => {
    const shown = useLoaded(async () => '王芳')
    await shown.load()
    forgetEverything()
    expect([shown.data.value, shown.progress.value]).toEqual([null, 'loading'])
  })

  it('is not filled by an answer that was still under way', async () => {
    let told = (_: string): void => undefined
    const shown = useLoaded(() => new Promise<string>((resolve) => (told = resolve)))
    const loading = shown.load()
    forgetEverything()
    told('王芳')
    await loading
    expect(shown.data.value).toBe(null)
  })
})

describe('what is typed', () => {
  it('of work and schools is kept, though the page that first asked for it is gone', async () => {
    vi.resetModules()
    const fresh = await import('@/state/background')
    const page = effectScope()
    page.run(() => fresh.background())
    page.stop()
    fresh.background().intends = true
    expect(String(phone.storage.get('draft:background'))).toContain('"intends":true')
  })

  it('of a document number is there while the page is, and is never written down', () => {
    const empty = () => ({ name: '', document_number: '' })
    const { draft } = useDraft('who', empty, ['document_number'])
    draft.name = '王芳'
    draft.document_number = '99999919'
    expect(draft.document_number).toBe('99999919')
    expect(phone.storage.get('draft:who')).toBe('{"name":"王芳"}')
    phone.storage.set('draft:who', '{"name":"王芳","document_number":"99999919"}')
    expect(useDraft('who', empty, ['document_number']).draft).toEqual({ name: '王芳', document_number: '' })
  })

  it('goes with the person, and nothing is written over what the next one has', () => {
    const { draft } = useDraft('who', () => ({ name: '' }))
    draft.name = '王芳'
    forgetEverything()
    expect(draft.name).toBe('')
    expect(phone.storage.has('draft:who')).toBe(false)
    draft.name = '李喆珺'
    expect(phone.storage.get('draft:who')).toBe('{"name":"李喆珺"}')
  })
})
