/** What a phone keeps: tickets of who has it now, last seen first; and of the pages what the ticket's page is made of. */
import { describe, expect, it } from 'vitest'
import { dropOtherTickets, dropTicket, keepTicket, keptTicket, keptTickets, type KeptTicket } from '@/state/kept-ticket'
import { needed, type Part } from '../tools/keep-pages'

function ticket(number: string, kept_at: string): KeptTicket {
  return { ticket: { number: `T${number}` }, registration: { number }, name: '王芳', kept_at } as KeptTicket
}
const numbers = () => keptTickets().map((one) => one.registration.number)

describe('tickets on the phone', () => {
  it('are listed with the last one seen first, and nothing else that is kept', () => {
    uni.setStorageSync('sign-in', 'token')
    keepTicket(ticket('S1', '2026-11-02T01:00:00Z'))
    keepTicket(ticket('S2', '2026-11-03T01:00:00Z'))
    expect(numbers()).toEqual(['S2', 'S1'])
  })

  it('go when they are not (any more) of who is signed in', () => {
    keepTicket(ticket('S1', '2026-11-02T01:00:00Z'))
    keepTicket(ticket('S2', '2026-11-03T01:00:00Z'))
    uni.setStorageSync('sign-in', 'token')
    dropOtherTickets(['S2', 'S3'])
    expect(numbers()).toEqual(['S2'])
    expect(uni.getStorageSync('sign-in')).toBe('token')
  })

  it('that cannot be read are as if they were not there', () => {
    uni.setStorageSync('ticket:S1', '{"ticket":')
    expect([keptTicket('S1'), keptTickets()]).toEqual([null, []])
  })

  it('go one by one', () => {
    keepTicket(ticket('S1', '2026-11-02T01:00:00Z'))
    dropTicket('S1')
    expect(keptTicket('S1')).toBeNull()
  })
})

describe('the files that pages need', () => {
  const part = (fileName: string, imports: string[], styles: string[] = [], page = ''): Part => ({
    fileName,
    isEntry: fileName === 'entry.js',
    facadeModuleId: page === '' ? null : `/anywhere/src/pages/${page}/index.vue?mpType=page`,
    imports,
    styles,
  })
  const parts = [
    part('entry.js', ['kit.js'], ['entry.css']),
    part('kit.js', []),
    part('ticket.js', ['days.js', 'kit.js'], ['ticket.css'], 'ticket'),
    part('days.js', ['numbers.js']),
    part('numbers.js', ['days.js']),
    part('photo.js', ['cropper.js'], ['photo.css'], 'photo'),
  ]

  it('are the entry, the page, and all that these need, however they hang together', () => {
    expect(needed(parts, ['pages/ticket/index.vue'])).toEqual([
      'days.js',
      'entry.css',
      'entry.js',
      'kit.js',
      'numbers.js',
      'ticket.css',
      'ticket.js',
    ])
  })

  it('are not guessed for a page that is not there', () => {
    expect(() => needed(parts, ['pages/tickets/index.vue'])).toThrow('pages/tickets/index.vue')
  })
})
