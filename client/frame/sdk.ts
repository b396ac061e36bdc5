/** The portal's own client is fetched after the first paint: nothing that is seen first needs it. */
export { initializeB24Frame } from '@bitrix24/b24jssdk'
