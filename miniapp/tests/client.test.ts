/** How the client asks: who signs, what is sent again and what never is, and what people are told when it fails. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as api from '@/api'
import { whenSignInEnds } from '@/api/client'
import { Fault, OFFLINE, SLOW, sentenceOf } from '@/api/fault'
import { forgetSignIn, keepSignIn } from '@/api/session'
import { phone } from './phone'

const REFUSED = { code: 'window_closed', message: '受理申报已截止，请选择下一个考次', fields: {}, reasons: [] }

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 })
  forgetSignIn()
  whenSignInEnds(null as never)
})

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const thrown = await promise.then(
    () => null,
    (fault: unknown) => fault,
  )
  expect(thrown).toBeInstanceOf(Fault)
  return thrown as Fault
}

describe('reading', () => {
  it('tries again after a broken line, and then succeeds', async () => {
    phone.replies = [{ errMsg: 'request:fail' }, { statusCode: 200, data: { sittings: [] } }]
    expect(await api.sittings()).toEqual([])
    expect(phone.sent).toHaveLength(2)
  })

  it('gives up after the third try and says what to do', async () => {
    phone.replies = [{ errMsg: 'request:fail' }, { errMsg: 'request:fail' }, { errMsg: 'request:fail' }]
    expect((await faultOf(api.sittings())).sentence).toBe(OFFLINE)
    expect(phone.sent).toHaveLength(3)
  })

  it('does not ask again what was refused', async () => {
    phone.replies = [{ statusCode: 404, data: { ...REFUSED, code: 'sitting_unknown' } }]
    expect((await faultOf(api.sitting(1))).code).toBe('sitting_unknown')
    expect(phone.sent).toHaveLength(1)
  })
})

describe('changing something', () => {
  it('is never sent again by itself', async () => {
    phone.replies = [{ errMsg: 'request:fail timeout' }]
    const fault = await faultOf(api.withdraw('ABCDEFGH'))
    expect(fault.sentence).toBe(SLOW)
    expect(phone.sent).toHaveLength(1)
  })

  it('bears the number by which the server knows a second sending', async () => {
    await api.register({} as never, 'tap-00000001')
    expect(phone.sent[0]?.header).toMatchObject({ 'Idempotency-Key': 'tap-00000001' })
  })
})

describe('the sign-in', () => {
  it('goes with every request, and only where there is one', async () => {
    await api.me()
    keepSignIn('secret')
    await api.me()
    expect(phone.sent.map((one) => one.header?.Authorization)).toEqual([undefined, 'Bearer secret'])
  })

  it('is renewed in WeChat without a word when it has ended', async () => {
    keepSignIn('old')
    whenSignInEnds(async () => keepSignIn('new'))
    phone.replies = [{ statusCode: 401, data: { code: 'sign_in_needed', message: '请先登录' } }, { statusCode: 200, data: { phone: null } }]
    expect(await api.me()).toEqual({ phone: null })
    expect(phone.sent.map((one) => one.header?.Authorization)).toEqual(['Bearer old', 'Bearer new'])
  })

  it('is renewed once for all that were refused at once, and nobody loses the new one', async () => {
    keepSignIn('old')
    let renewed = 0
    whenSignInEnds(async () => {
      renewed += 1
      await new Promise((resolve) => setTimeout(resolve, 50))
      keepSignIn(`new${renewed}`)
    })
    const refused = { statusCode: 401, data: { code: 'sign_in_needed', message: '请先登录' } }
    phone.replies = [refused, refused]
    await Promise.all([api.me(), api.notices().catch(() => undefined)])
    expect(renewed).toBe(1)
    expect(phone.storage.get('sign-in')).toBe('new1')
    expect(phone.sent.map((one) => one.header?.Authorization)).toEqual(['Bearer old', 'Bearer old', 'Bearer new1', 'Bearer new1'])
  })

  it('is asked for in a browser, and is not thought to be there any more', async () => {
    keepSignIn('old')
    phone.replies = [{ statusCode: 401, data: { code: 'sign_in_needed', message: '请先登录' } }]
    expect((await faultOf(api.me())).code).toBe('sign_in_needed')
    expect(phone.storage.has('sign-in')).toBe(false)
  })
})

describe('a refusal', () => {
  it('is told in the words of the server, with every reason', async () => {
    phone.replies = [{ statusCode: 409, data: { ...REFUSED, reasons: [{ code: 'x', text: '工作年限还差3年' }] } }]
    expect(sentenceOf(await faultOf(api.register({} as never, 'tap-00000001')))).toBe(
      '受理申报已截止，请选择下一个考次；工作年限还差3年',
    )
  })

  it('of a file comes as text and is read all the same', async () => {
    phone.replies = [{ statusCode: 422, data: JSON.stringify({ code: 'photo_too_small', message: '照片太小' }) }]
    expect((await faultOf(api.sendPhoto('photo.jpg'))).sentence).toBe('照片太小')
  })

  it('that is no answer of ours is told as a breakdown', async () => {
    phone.replies = [{ statusCode: 413, data: '<html>' }]
    expect((await faultOf(api.sendPhoto('photo.jpg'))).code).toBe('broken')
  })
})

it('puts what stands in an address into it, whatever it is', async () => {
  await api.registration('A/B?')
  expect(phone.sent[0]?.url).toBe('/api/v1/registrations/A%2FB%3F')
})
