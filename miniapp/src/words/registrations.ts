import type { Registration } from '@/api'
import { dayText, shortDay } from './days'

export type Tone = 'good' | 'care' | 'quiet' | 'stop'

const TONES: Record<string, Tone> = {
  submitted: 'good',
  returned: 'care',
  approved: 'care',
  paid: 'good',
  rejected: 'stop',
  absent: 'care',
}

export function toneOf(one: Registration): Tone {
  return TONES[one.status] ?? 'quiet'
}

/** Is there a ticket to be looked at, as far as the registration tells? The server has the last word. */
export function hasTicket(one: Registration): boolean {
  const out = one.sitting.phase === 'tickets' || one.sitting.phase === 'assessing'
  return one.status === 'paid' && one.sitting.decision === 'held' && out
}

/** May the fee be paid now? */
export function isPaying(one: Registration): boolean {
  return one.status === 'approved' && one.sitting.phase === 'paying'
}

/** What comes next, and who has to do it, in one sentence. */
export function nextStep(one: Registration): string {
  const { sitting } = one
  switch (one.status) {
    case 'submitted':
      return '等待审核，审核结果会通知您'
    case 'returned':
      return one.may.includes('amend')
        ? `请按审核意见补正，${shortDay(sitting.pay.last)}前（含当日）重新提交`
        : '补正已截止，请致电咨询'
    case 'approved':
      if (isPaying(one)) return `请缴费${sitting.fee}，${shortDay(sitting.pay.last)}前（含当日）到账`
      return sitting.pay.first > sitting.apply.last && sitting.phase !== 'preparing'
        ? `${dayText(sitting.pay.first)}起缴费`
        : '缴费已截止，如已转账请致电咨询'
    case 'paid':
      return afterPayment(one)
    case 'rejected':
      return '请看审核意见，条件符合后可以报下一个考次'
    case 'absent':
    case 'forfeited':
      return one.note
    case 'concluded':
      return '评价已结束，成绩以机构公布的为准'
    default:
      return '申报已结束，需要时可以重新申报'
  }
}

function afterPayment(one: Registration): string {
  const { sitting } = one
  if (hasTicket(one)) return '请查看准考证，按时参加评价'
  if (one.postponed !== null && one.postponed.to_days.startsWith('待')) return one.postponed.reason
  if (sitting.decision === 'held') return `已确定开考，${dayText(sitting.ticket_from)}起可以查看准考证`
  if (one.postponed !== null) return `已改到${one.postponed.to_days}，能参加的不用做什么；开考安排会提前通知您`
  return '已缴费，等待开考安排，会提前通知您'
}
