import { useI18n } from 'vue-i18n'
import type { IncidentView } from '../../server/contract/lead-view.ts'

/** What was missed, in words. */
export const useIncidentWords = (): ((about: IncidentView['about']) => string) => {
  const { t } = useI18n()
  return (about) => {
    switch (about) {
      case 'no-first-contact': return t('incident.about.no_first_contact')
      case 'not-finished': return t('incident.about.not_finished')
      case 'converted-past': return t('incident.about.converted_past')
      default: return t('incident.about.answers_missing')
    }
  }
}
