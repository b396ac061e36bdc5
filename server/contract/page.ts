import { z } from 'zod'
import { Problem } from './problem.ts'
import { Language, SessionAnswer } from './session.ts'

/** Id of the `<script type="application/json">` element by which the server hands the page its beginning. */
export const pageBootElementId = 'leadrail-boot'

/** What a page knows from its first moment. `session` is null when the opening user could not be proved: `problem` then says why. */
export const PageBoot = z.object({
  page: z.enum(['app', 'conversion', 'install', 'lead-tab']),
  lang: Language,
  session: SessionAnswer.nullable(),
  portal: z.object({ domain: z.string(), memberId: z.string() }),
  /** Code of the place in Bitrix24's interface, `DEFAULT` for the main page. */
  placement: z.string(),
  /** What the place says of itself, e.g. `ID` of the lead. Comes from the browser and proves nothing. */
  options: z.record(z.string(), z.string()),
  problem: Problem.nullable(),
})
export type PageBoot = z.infer<typeof PageBoot>
