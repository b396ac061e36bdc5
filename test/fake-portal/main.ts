/** Runs the emulator alone, with empty portals: `node test/fake-portal/main.ts --port 8100 --portals 2` (README.md). */
import { parseArgs } from 'node:util'
import { startFakePortals } from './fake-portals.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8100' },
    portals: { type: 'string', default: '1' },
    app: { type: 'string', default: 'http://127.0.0.1:3000' },
    strict: { type: 'boolean', default: false },
  },
})

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

const portals = await startFakePortals({ port: Number(values.port), appUrl: values.app, strict: values.strict })
say(`Authorisation server: ${portals.authServer}`)
say(`Application:          client_id ${portals.app.clientId}, client_secret ${portals.app.clientSecret}, code ${portals.app.code}`)
for (let number = 0; number < Number(values.portals); number += 1) {
  const portal = await portals.create()
  const { accessToken, refreshToken } = portal.tokensFor(1)
  say(`\nPortal ${portal.baseUrl}  member_id ${portal.memberId}`)
  say(`  access token of the administrator:  ${accessToken}`)
  say(`  refresh token of the administrator: ${refreshToken}`)
  say(`  try: curl '${portal.clientEndpoint}profile?auth=${accessToken}'`)
}

const stop = (): void => { void portals.close() }
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
