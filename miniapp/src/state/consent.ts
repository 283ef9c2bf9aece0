/**
 * What somebody has agreed to on this phone, each thing for itself, with the day: whoever signs out takes it with them, and the
 * next person is asked anew.
 */
import { shanghaiDay } from '@/words/days'

/** What is sensitive, and is asked for only after a consent of its own. */
export type Consent = 'document' | 'portrait' | 'signature'
export const CONSENTS: { consent: Consent; text: string }[] = [
  { consent: 'document', text: '我同意评价机构使用我的姓名、证件号码和手机号，用于申报审核、准考证和考试通知' },
  { consent: 'portrait', text: '我同意评价机构使用我的证件照，用于申报审核、报名表和准考证' },
  { consent: 'signature', text: '我同意评价机构使用我的手写签名，用于确认报名表' },
]

const key = (consent: Consent): string => `consent:${consent}`

export function consentText(consent: Consent): string {
  return CONSENTS.find((one) => one.consent === consent)?.text ?? ''
}

/** The day on which it was given, as 2026-02-24; "" where it was not. */
export function consentDay(consent: Consent): string {
  return String(uni.getStorageSync(key(consent)) || '')
}

export function keepConsent(consent: Consent, now: Date = new Date()): void {
  uni.setStorageSync(key(consent), shanghaiDay(now))
}

export function dropConsent(consent: Consent): void {
  uni.removeStorageSync(key(consent))
}
