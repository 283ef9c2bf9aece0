/** A request that came to nothing. `sentence` is for people, in Chinese, and says what to do. */
export class Fault extends Error {
  constructor(
    /** the API's stable code, or one of our own: offline, slow, broken */
    readonly code: string,
    readonly sentence: string,
    /** what is wrong with which field, by its name in the API */
    readonly fields: Record<string, string> = {},
    /** every reason why somebody may not */
    readonly reasons: string[] = [],
    readonly status = 0,
  ) {
    super(code)
  }

  /** Might the same request succeed if it is sent again? */
  get passing(): boolean {
    return this.code === 'offline' || this.code === 'slow' || this.code === 'broken'
  }
}

export const OFFLINE = '网络不通，请检查手机网络后重试。已填写的内容不会丢失。'
export const SLOW = '网络太慢，没有等到回应，请重试。已填写的内容不会丢失。'
export const BROKEN = '服务暂时不可用，请过几分钟重试。已填写的内容不会丢失。'

/** The fault in an answer of the server: its own sentence, where it gave one. */
export function faultOf(status: number, body: unknown): Fault {
  const told = readable(body)
  if (told === null) return new Fault('broken', BROKEN, {}, [], status)
  const reasons = (told.reasons ?? []).map((one) => one.text ?? '').filter((text) => text !== '')
  return new Fault(told.code, told.message, told.fields ?? {}, reasons, status)
}

interface Told {
  code: string
  message: string
  fields?: Record<string, string>
  reasons?: { text?: string }[]
}

function readable(body: unknown): Told | null {
  let value = body
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value)
    } catch {
      return null
    }
  }
  if (typeof value !== 'object' || value === null) return null
  const told = value as Partial<Told>
  return typeof told.code === 'string' && typeof told.message === 'string' ? (told as Told) : null
}

/** Whatever was thrown, as a sentence for people. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof Fault) {
    const fields = Object.values(thrown.fields)
    return [thrown.sentence, ...thrown.reasons, ...(fields.length === 1 ? fields : [])].join('；')
  }
  return '出了点问题，操作没有完成，请退回上一页重试'
}
