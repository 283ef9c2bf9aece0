/** Files of one's own: how they come, and what somebody is told who does not get one. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as api from '@/api'
import { keepSignIn } from '@/api/session'
import { phone } from './phone'

const TOLD = { code: 'ticket_unprintable', message: '姓名中有打印不出的字，工作人员正在处理，请致电咨询' }
const sentenceOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no fault',
    (fault: unknown) => api.sentenceOf(fault),
  )

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200, toFake: ['setTimeout', 'clearTimeout'] })
})

describe('in a browser', () => {
  it('a file is asked for with the sign-in, and is a copy on the phone', async () => {
    keepSignIn('secret')
    expect(await api.fetchFile('/api/v1/registrations/A/ticket.pdf')).toMatch(/^blob:/)
    expect(phone.sent).toEqual([{ url: '/api/v1/registrations/A/ticket.pdf', header: { Authorization: 'Bearer secret' } }])
  })

  it('a refusal is told in the server’s words, and is not asked again', async () => {
    phone.replies = [{ statusCode: 409, data: TOLD }]
    expect(await sentenceOf(api.fetchFile('/x'))).toBe(TOLD.message)
    expect(phone.sent).toHaveLength(1)
  })

  it('a refusal that is no answer of ours is told in our own', async () => {
    phone.replies = [{ statusCode: 404, data: '<html>' }]
    expect(await sentenceOf(api.fetchFile('/x'))).toBe('文件还不能打开，请稍后再来，或致电咨询')
  })

  it('a broken line is tried again, and then told', async () => {
    phone.replies = [{ errMsg: 'a' }, { errMsg: 'b' }, { errMsg: 'c' }]
    expect(await sentenceOf(api.fetchFile('/x'))).toMatch(/^网络不通/)
    expect(phone.sent).toHaveLength(3)
  })
})

describe('in WeChat', () => {
  const files = new Map<string, string>()
  let inWechat: typeof api

  beforeEach(async () => {
    ;(globalThis as { __platform?: string }).__platform = 'mp-weixin'
    vi.resetModules()
    inWechat = await import('@/api')
    Object.assign(uni, {
      // WeChat writes whatever comes into a file, a refusal as well.
      downloadFile: (asked: { url: string; success(told: unknown): void }) => {
        const reply = phone.replies.shift() as { statusCode: number; data: unknown }
        files.set('wxfile://tmp', JSON.stringify(reply.data))
        asked.success({ statusCode: reply.statusCode, tempFilePath: 'wxfile://tmp' })
      },
      getFileSystemManager: () => ({
        readFile: (asked: { filePath: string; success(told: unknown): void; fail(): void }) => {
          const text = files.get(asked.filePath)
          if (text === undefined) asked.fail()
          else asked.success({ data: text })
        },
      }),
    })
  })
  afterEach(() => {
    ;(globalThis as { __platform?: string }).__platform = 'h5'
    vi.resetModules()
  })

  it('a refusal is read from the file that it came as', async () => {
    phone.replies = [{ statusCode: 409, data: TOLD }]
    const fault: unknown = await inWechat.fetchFile('/x').catch((thrown: unknown) => thrown)
    expect(inWechat.sentenceOf(fault)).toBe(TOLD.message)
  })

  it('a file is where WeChat has put it', async () => {
    phone.replies = [{ statusCode: 200, data: 'pdf' }]
    expect(await inWechat.fetchFile('/x')).toBe('wxfile://tmp')
  })
})
