/** An application as it grows on the phone: what is kept, what counts as read, and what stops being complained of. */
import { phone } from './phone'
import { describe, expect, it } from 'vitest'
import { Fault, type Alternative, type Claims, type RegistrationDetail } from '@/api'
import { draftName, dropDrafts, emptyDraft, nameOf, offerAgain, takeUpEvidence, wantedKinds } from '@/state/application'
import { areAlike } from '@/state/background'
import { useDoing } from '@/state/doing'
import { fingerprint } from '@/state/numbers'

const before = { uploads: [{ id: 1, kind: 'work' }], paper_certificate: true } as RegistrationDetail

describe('what was handed in before', () => {
  it('comes first, and once, however often it is fetched', () => {
    const draft = { ...emptyDraft(), uploads: [{ id: 2, kind: 'other' }] }
    takeUpEvidence(draft, before)
    takeUpEvidence(draft, before)
    expect(draft.uploads.map((one) => one.id)).toEqual([1, 2])
  })

  it.each([
    [null, true],
    [false, false],
    [true, true],
  ])('says whether a paper certificate is wanted, unless that was said here (%s)', (said, wanted) => {
    const draft = { ...emptyDraft(), paper: said }
    takeUpEvidence(draft, before)
    expect(draft.paper).toBe(wanted)
  })
})

describe('another condition of the same sitting', () => {
  const here = { id: 7, number: '' }
  const begun = (which: typeof here, alternative: string, uploads: { id: number; kind: string }[]) =>
    phone.storage.set(`draft:${draftName(which, alternative)}`, JSON.stringify({ ...emptyDraft(), step: 2, uploads }))

  it('begins anew, with the pictures that it asks for as well', () => {
    begun(here, '4.1', [{ id: 1, kind: 'work' }, { id: 2, kind: 'diploma' }, { id: 3, kind: 'other' }])
    begun({ id: 8, number: '' }, '4.1', [{ id: 4, kind: 'work' }])
    const draft = emptyDraft()
    offerAgain(draft, here, ['work', 'certificate'])
    expect([draft.step, draft.uploads.map((one) => one.id), draft.offered]).toEqual([0, [1, 3], 2])
    draft.uploads = []
    offerAgain(draft, here, ['work', 'certificate'])
    expect(draft.uploads, 'what was taken away stays away').toEqual([])
  })

  it('goes with the one that was handed in, and that of another sitting stays', () => {
    begun(here, '4.1', [])
    begun(here, '4.2', [])
    begun({ id: 71, number: '' }, '4.1', [])
    dropDrafts(here)
    expect([...phone.storage.keys()]).toEqual(['draft:apply:71:4.1'])
  })
})

it.each([
  [{ work: [{ occupation: '', since: '2010-01-01', until: null }] }, { work: [{ until: null, since: '2010-01-01' }] }, true],
  [{ work: [] }, {}, true],
  [{ intends: true }, {}, false],
  [{ work: [{ since: '2010-01-01' }] }, { work: [{ since: '2011-01-01' }] }, false],
])('what was handed in and what the phone has are the same thing or not: %o %o', (one, other, alike) => {
  expect(areAlike(one as Partial<Claims>, other as Partial<Claims>)).toBe(alike)
})

describe('a 须知', () => {
  it('that says something else is another one to be read', () => {
    expect(nameOf(['一', '二'])).toBe(nameOf(['一', '二']))
    expect(nameOf(['一', '二'])).not.toBe(nameOf(['一', '三']))
    expect(nameOf([])).not.toBe('')
  })
})

it.each([
  [{ final_year: true, school: 'college' }, ['student', 'work']],
  [{ final_year: false, school: 'technician_class' }, ['student', 'work']],
  [{ final_year: false, school: 'college' }, ['diploma', 'work']],
  [[{ final_year: true, school: 'college' }, { final_year: false, school: 'technical' }], ['diploma', 'student', 'work']],
])('whoever is still at school shows that, and a diploma only of another: %o', (diplomas, kinds) => {
  const claims = { work: [], certificates: [], titles: [], diplomas: [diplomas].flat(), intends: false } as unknown as Claims
  expect(wantedKinds({ wanted: ['diploma', 'work'] } as unknown as Alternative, claims)).toEqual(kinds)
})

it('texts that differ have other fingerprints, short enough for a name', () => {
  expect(fingerprint('甲')).not.toBe(fingerprint('乙'))
  expect(fingerprint('甲'.repeat(9999)).length).toBeLessThan(8)
})

describe('what went wrong', () => {
  it('is not complained of any more where it has been changed', async () => {
    const doing = useDoing()
    await doing.run(() => Promise.reject(new Fault('invalid', '请核对', { name: '太长', born: '太早' })))
    expect(doing.sentence.value).toBe('请核对')
    doing.mended('name')
    expect([doing.sentence.value, doing.wrong.value.name, doing.wrong.value.born]).toEqual(['', '', '太早'])
    doing.mended()
    expect(doing.wrong.value).toEqual({})
  })
})
