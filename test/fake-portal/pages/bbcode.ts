import { escapeHtml, type Html, raw } from './html.ts'

const safeAddress = (address: string): string => (/^(https?:\/\/|\/(?!\/))/i.test(address) ? address : '#')

const link = (address: string, label: string): string => `<a href="${safeAddress(address)}" data-open>${label}</a>`

const pairs: readonly (readonly [RegExp, string])[] = [
  [/\[(b|i|u|s)\]([\s\S]*?)\[\/\1\]/gi, '<$1>$2</$1>'],
  [/\[quote\]([\s\S]*?)\[\/quote\]/gi, '<blockquote>$1</blockquote>'],
  [/\[color=(#[0-9a-f]{3,6}|[a-z]+)\]([\s\S]*?)\[\/color\]/gi, '<span style="color:$1">$2</span>'],
  [/\[user=(\d+)[^\]]*\]([\s\S]*?)\[\/user\]/gi, '<a href="/company/#user-$1">$2</a>'],
  [/\[(?:left|right|center|size=[^\]]*|font=[^\]]*|p|list[^\]]*)\]|\[\/(?:left|right|center|size|font|p|list)\]/gi, ''],
  [/\[\*\]/g, '• '],
  [/\[br\]/gi, '\n'],
]

/** BBCode of notifications, tasks and comments as markup; foreign markup and `javascript:` addresses do not get through. */
export const bbcode = (text: string): Html => {
  const safe = escapeHtml(text.replace(/<br\s*\/?>/gi, '\n'))
  const formatted = pairs.reduce((done, [pattern, replacement]) => {
    const once = done.replace(pattern, replacement)
    return pattern.global && once !== done ? once.replace(pattern, replacement) : once
  }, safe)
  const linked = formatted
    .replace(/\[url=([^\]]+)\]([\s\S]*?)\[\/url\]/gi, (_all, address: string, label: string) => link(address, label))
    .replace(/\[url\]([\s\S]*?)\[\/url\]/gi, (_all, address: string) => link(address, address))
  return raw(linked.replace(/\n/g, '<br>'))
}
