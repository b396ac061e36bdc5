import { type Html, raw } from './html.ts'

const paths: Readonly<Record<string, string>> = {
  leads: 'M4 5h16l-6 8v6l-4-2v-4z',
  tasks: 'M5 4h14v16H5zM8.5 12l2.5 2.5L16 9.5',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15zM10 20.5h4',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.6a3.5 3.5 0 0 1 0 6.3M17.5 13.9a6.5 6.5 0 0 1 4 6.1',
  deal: 'M3 8h18v11H3zM9 8V5h6v3M3 13h18',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0',
  company: 'M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3',
  market: 'M4 9l1.5-5h13L20 9M4 9v11h16V9M4 9h16M9 13h6',
  app: 'M4 17l5-10 4 7 2.5-4L20 17z',
  phone: 'M6 3h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5l1.5-2.5 5 1.5v4c0 1-1 2-2 2A16 16 0 0 1 4 5c0-1 1-2 2-2z',
  mail: 'M3 6h18v12H3zM3 7l9 7 9-7',
  chat: 'M4 5h16v11H9l-5 4z',
  note: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  stage: 'M4 7h10l5 5-5 5H4l4-5z',
  robot: 'M6 9h12v10H6zM12 5v4M9.5 13.5v1M14.5 13.5v1M3 13v3M21 13v3',
  todo: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  meeting: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
  comment: 'M4 5h16v11H9l-5 4z',
  plus: 'M12 5v14M5 12h14',
}

/** A line icon of 20 px in the text's colour; decoration only. */
export const icon = (name: string): Html =>
  raw(`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${paths[name] ?? paths['note'] ?? ''}"/></svg>`)
