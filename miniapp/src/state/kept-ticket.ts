import type { Registration, Ticket } from '@/api'

/** A ticket as this phone keeps it: shown at the door where there is no network. */
export interface KeptTicket {
  ticket: Ticket
  registration: Registration
  name: string
  kept_at: string
}

const key = (number: string): string => `ticket:${number}`

export function keepTicket(one: KeptTicket): void {
  uni.setStorageSync(key(one.registration.number), JSON.stringify(one))
}

export function keptTicket(number: string): KeptTicket | null {
  try {
    return JSON.parse(String(uni.getStorageSync(key(number)) || 'null')) as KeptTicket | null
  } catch {
    return null
  }
}

/** One that does not count any more must not be shown at the door. */
export function dropTicket(number: string): void {
  uni.removeStorageSync(key(number))
}
