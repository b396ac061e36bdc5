/** The tables as TypeScript sees them. Moments are ISO 8601 text, `json` columns are values. */
import type { ColumnType, Generated } from 'kysely'
import type { Command, IncidentAbout, PortalCommand } from '../domain/command.ts'
import type { Act, Duplicate } from '../domain/lead.ts'
import type { Plan } from '../domain/conversion/plan.ts'
import type { ConversionStep, StepResult } from '../domain/conversion/step.ts'
import type { Stored } from '../domain/regulation/upgrade.ts'
import type { Moment, Watch } from '../domain/watch.ts'

/** Written as JSON text (`toJson`), read back as a value. */
type Json<T> = ColumnType<T, string, string>
type JsonOrNull<T> = ColumnType<T | null, string | null, string | null>

export interface Schema {
  portals: {
    member_id: string
    domain: string
    client_endpoint: string
    server_endpoint: string
    status: 'active' | 'suspended' | 'uninstalled'
    status_reason: string | null
    status_at: Moment
    application_token: string | null
    scope: Json<readonly string[]>
    language: 'ru' | 'en'
    time_zone: string
    license_family: string | null
    installed_version: number | null
    admin_ids: Json<readonly number[]>
    installed_at: Moment | null
    /** The portal regards the application as installed. */
    finished: Generated<boolean>
    purge_at: Moment | null
  }
  portal_tokens: {
    member_id: string
    user_id: number
    access_token: string
    refresh_token: string
    server_endpoint: string
    expires_at: Moment
    is_admin: boolean
    failed: string | null
    refreshed_at: Moment
  }
  regulations: {
    member_id: string
    version: number
    regulation: ColumnType<Stored, string, string>
    published_at: Moment
    author_id: number | null
    /** Which leads go over to it: new ones, or all. */
    applies: 'new' | 'all'
    mode: 'live' | 'shadow'
    comment: string
    /** A shadow that was ended before another version. */
    ended: Generated<boolean>
  }
  drafts: { member_id: string; regulation: ColumnType<Stored, string, string>; base_version: number | null; revision: number; author_id: number | null; updated_at: Moment }
  /** What a version in shadow mode remembers of each lead. */
  shadow_watches: { member_id: string; lead_id: number; regulation_version: number; watch: Json<Watch>; next_at: Moment | null }
  previews: { member_id: string; revision: number; applies: 'new' | 'all'; status: 'running' | 'done' | 'failed'; done: number; total: number; result: JsonOrNull<unknown>; started_at: Moment; problem: string | null }
  /** What a regulation may name on the portal, and what the last daily check did not find. */
  portal_directories: { member_id: string; directory: Json<unknown>; read_at: Moment; missing: Json<readonly unknown[]> }
  watches: {
    member_id: string
    lead_id: number
    version: number
    status: Watch['status']
    watch: Json<Watch>
    responsible_id: number | null
    due_at: Moment | null
    next_at: Moment | null
    follow_up_mark: string | null
    follow_up_form: 'task' | 'todo' | null
    follow_up_id: number | null
    updated_at: Moment
  }
  incidents: {
    member_id: string
    incident_id: string
    lead_id: number
    user_id: number
    about: IncidentAbout
    due_at: Moment
    noticed_at: Moment
    system_delay: boolean
    delivered_at: Moment | null
    resolved_at: Moment | null
    escalated_at: Moment | null
    acknowledged_at: Moment | null
    /** The deadline had been met after all: never counted. Null: not known to be so. */
    in_time: boolean | null
  }
  inbox: {
    member_id: string
    kind: 'lead' | 'activity' | 'task'
    id: number
    /** Renewed by each event: a row may only be deleted at the seq that was read. */
    seq: Generated<number>
    /** Place in the queue: the seq of the first event. */
    first_seq: Generated<number>
    urgent: boolean
    not_before: Moment | null
    tries: Generated<number>
    /** When an event first asked for it; null: none has. */
    asked_at: ColumnType<Moment | null, Moment | null | undefined, Moment | null>
  }
  outbox: {
    member_id: string
    mark: string
    id: Generated<number>
    lead_id: number
    command: Json<PortalCommand>
    state: 'pending' | 'attempting' | 'done' | 'failed' | 'gone'
    urgent: boolean
    attempts: Generated<number>
    not_before: Moment | null
    result: JsonOrNull<{ id?: number }>
    error_code: string | null
    error_message: string | null
    settled_at: Moment | null
  }
  journal: {
    member_id: string
    id: Generated<number>
    at: Moment
    lead_id: number
    regulation_version: number
    kind: Command['kind']
    rule: string
    command: Json<Command>
    mark: string | null
    outcome: 'recorded' | 'pending' | 'done' | 'failed' | 'gone' | 'shadow'
    outcome_at: Moment | null
    outcome_detail: string | null
  }
  acts: {
    member_id: string
    id: Generated<number>
    lead_id: number
    at: Moment
    by_user_id: number | null
    kind: Act['kind']
    facts: Json<Readonly<Record<string, unknown>>>
    mark: string | null
  }
  duplicate_searches: { member_id: string; lead_id: number; key: string; found: Json<readonly Duplicate[]>; found_at: Moment | null }
  shares: { member_id: string; pool: string; user_id: number; received: number; due: number }
  portal_facts: { member_id: string; facts: Json<unknown>; read_at: Moment }
  portal_work: {
    member_id: string
    not_before: Moment | null
    failures: Generated<number>
    /** When the last sweep and the last refresh began. */
    sweep_at: Moment | null
    refresh_at: Moment | null
    sweep_mark: JsonOrNull<unknown>
    /** Last id seen of the walk over leads that were open before the installation; null: there is none under way. */
    open_after: ColumnType<number | null, number | null | undefined, number | null>
    taken_over_at: ColumnType<Moment | null, Moment | null | undefined, Moment | null>
    /** The last one given to a draft, whatever became of that. */
    draft_revision: Generated<number>
    /** A published version for which every lead is still to be looked at. */
    look_for_version: ColumnType<number | null, number | null | undefined, number | null>
    /** Address at which the portal's robots are known to ask, and whose token they bring. */
    robots_at: ColumnType<string | null, string | null | undefined, string | null>
    robots_user_id: ColumnType<number | null, number | null | undefined, number | null>
    /** What administrators are still to be told, and when to try. */
    notice: ColumnType<unknown, string | null | undefined, string | null>
    notice_at: ColumnType<Moment | null, Moment | null | undefined, Moment | null>
  }
  simulations: {
    member_id: string
    id: Generated<number>
    /** Null: the draft. */
    version: number | null
    regulation: ColumnType<Stored, string, string>
    from_at: Moment
    to_at: Moment
    status: 'running' | 'done' | 'failed' | 'cancelled'
    phase: 'waiting' | 'reading' | 'computing'
    done: Generated<number>
    total: number | null
    problem: string | null
    result: JsonOrNull<unknown>
    author_id: number | null
    asked_at: Moment
    ended_at: Moment | null
    /** What lies after it is not looked at; null until reading begins. */
    until_at: Moment | null
  }
  simulation_pages: {
    member_id: string
    simulation_id: number
    page: number
    /** Where reading goes on; null: everything is read. */
    next: JsonOrNull<unknown>
    gaps: ColumnType<unknown, string, string>
    /** Compressed, in base64. */
    content: string
  }
  conversions: {
    member_id: string
    id: string
    lead_id: number
    status: 'running' | 'held' | 'done' | 'taking-back' | 'taken-back' | 'undoing' | 'undone'
    by_user_id: number
    by_user_name: string
    regulation_version: number
    plan: Json<Plan>
    /** Why it was taken back or is held: a code. */
    why: string | null
    /** The portal's own words. */
    why_words: string | null
    /** Deals by which the lead was converted elsewhere. */
    elsewhere: JsonOrNull<readonly number[]>
    started_at: Moment
    ended_at: Moment | null
    /** Days within which it may be undone once it is done; 0: never. */
    undo_days: Generated<number>
    /** Of a done one. */
    undo_until: Moment | null
    /** Since when it waits for a person. */
    held_at: Moment | null
    undone_by_id: number | null
    /** Real time: not to be gone on with before. */
    not_before: Moment | null
    failures: Generated<number>
    /** Its plan and steps have lost what only an undoing needs. */
    thinned: Generated<boolean>
  }
  conversion_steps: {
    member_id: string
    conversion_id: string
    place: number
    step: Json<ConversionStep>
    state: Generated<'waiting' | 'begun' | 'done' | 'refused' | 'taken-back' | 'kept'>
    attempts: Generated<number>
    /** Real time of the last attempt. */
    begun_at: Moment | null
    result: JsonOrNull<StepResult>
    /** The portal's words when it refused, or why it is kept. */
    words: string | null
  }
  budgets: { member_id: string; level: number; at: Moment }
  rest_log: {
    member_id: string
    id: Generated<number>
    at: Moment
    method: string
    status: number
    duration_ms: number
    request: JsonOrNull<unknown>
    response: JsonOrNull<unknown>
    error: string | null
  }
}
