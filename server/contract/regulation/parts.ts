/** What the parts of a regulation are written with. */
import { z } from 'zod'
import type { DepartmentId, FieldName, StageId, UserId } from '../../domain/lead.ts'

/** The brand says what an id is of; on the wire it is the plain value. */
const branded = <T>(schema: z.ZodType): z.ZodType<T> => schema as z.ZodType<T>

const id = z.int().min(1).max(2_147_483_647)
export const User = branded<UserId>(id)
export const Department = branded<DepartmentId>(id)
export const Stage = branded<StageId>(z.string().min(1).max(100))
export const Field = branded<FieldName>(z.string().min(1).max(100))
/** By user id; JSON knows text as keys only. */
export const byUser = <T>(value: z.ZodType<T>): z.ZodType<Readonly<Record<number, T>>> => branded(z.record(z.string().regex(/^[1-9]\d{0,9}$/), value))

export const Code = z.string().min(1).max(64)
export const Words = z.string().max(20_000)
export const Text = z.strictObject({ ru: Words, en: Words.exactOptional() })
export const ShortText = z.strictObject({ ru: z.string().min(1).max(500), en: z.string().max(500).exactOptional() })
/** Whether it is a span of working time is told by the lint, with the place. */
export const Span = z.string().min(1).max(20)
export const Time = z.string().min(1).max(5)
export const Url = z.url({ protocol: /^https?$/ }).max(2_000)
export const list = <T extends z.ZodType>(item: T, most: number) => z.array(item).max(most)
