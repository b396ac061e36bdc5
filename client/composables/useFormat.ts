import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import { createFormat, type Format } from '../i18n/format.ts'

const timeZoneKey: InjectionKey<() => string> = Symbol('time zone')

/** Everything below speaks of time in this zone (IANA name). */
export const provideTimeZone = (timeZone: () => string): void => provide(timeZoneKey, timeZone)

/** Dates and spans in the page's language and the portal's time zone. */
export const useFormat = (): ComputedRef<Format> => {
  const { locale } = useI18n()
  const timeZone = inject(timeZoneKey, () => 'UTC')
  return computed(() => createFormat(locale.value, timeZone()))
}
