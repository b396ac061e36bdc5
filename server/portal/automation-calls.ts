/** Comments, triggers and answers to robots as REST calls. */
import type { PortalCommand } from '../domain/command.ts'
import { plain } from './bbcode.ts'
import { triggerCodeOf } from './install-automation.ts'
import { withMark } from './marks.ts'
import { type Call, leadType } from './rows.ts'

type Command<Kind extends PortalCommand['kind']> = Extract<PortalCommand, { kind: Kind }>

/** crm-timeline-comment-add.md; the mark in the last line tells a repeat that the first attempt was done. */
export const comment = ({ leadId, text, mark }: Command<'comment'>): Call =>
  ({ method: 'crm.timeline.comment.add', params: { fields: { ENTITY_ID: leadId, ENTITY_TYPE: 'lead', COMMENT: withMark(plain(text), mark) } } })

/** crm-automation-trigger-execute.md. Fired twice it moves a lead to where it stands already. */
export const fireTrigger = ({ leadId, trigger }: Command<'fire-trigger'>): Call =>
  ({ method: 'crm.automation.trigger.execute', params: { CODE: triggerCodeOf(trigger), OWNER_TYPE_ID: leadType, OWNER_ID: leadId } })

/** bizproc-event-send.md: the token works once. */
export const answerRobot = ({ token, values }: Command<'answer-robot'>): Call => ({ method: 'bizproc.event.send', params: { EVENT_TOKEN: token, RETURN_VALUES: values } })
