import { useI18n } from 'vue-i18n'
import type { ApiError } from '../api/api-error.ts'

export interface ErrorWords {
  readonly title: string
  /** What to do about it. */
  readonly text: string
}

/** An ApiError as the person reads it: the server's own sentences where it gave some. */
export const useErrorWords = (): ((error: ApiError) => ErrorWords) => {
  const { t } = useI18n()
  return (error) => {
    if (error.problem !== null) return { title: error.problem.title, text: error.problem.detail }
    switch (error.kind) {
      case 'offline': return { title: t('error.offline.title'), text: t('error.offline.text') }
      case 'timeout': return { title: t('error.timeout.title'), text: t('error.timeout.text') }
      case 'session': return { title: t('error.session.title'), text: t('error.session.text') }
      case 'server': return { title: t('error.server.title'), text: t('error.server.text') }
      default: return { title: t('error.unexpected.title'), text: t('error.unexpected.text') }
    }
  }
}
