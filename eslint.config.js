import { fileURLToPath } from 'node:url'
import { dirname, relative, resolve, sep } from 'node:path'
import vueI18n from '@intlify/eslint-plugin-vue-i18n'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import vueParser from 'vue-eslint-parser'

const root = dirname(fileURLToPath(import.meta.url))

/**
 * The doors of the house: what each room may import from. Rooms are folders; `*` is every room.
 * A package named under `only` may be imported in its room and nowhere else.
 */
export const doors = {
  'server/domain': { rooms: [], packages: ['temporal-polyfill'] },
  'server/contract': { rooms: ['server/domain'], packages: ['zod'] },
  'server/registries': { rooms: ['server/domain'] },
  'server/portal': { rooms: ['server/domain'] },
  'server/store': { rooms: ['server/domain'] },
  'server/jobs': { rooms: ['server/domain', 'server/store', 'server/portal', 'server/registries'] },
  'server/http': { rooms: ['server/domain', 'server/contract', 'server/portal', 'server/store', 'server/jobs', 'server/registries', 'server/config.ts', 'server/log.ts'] },
  server: { rooms: ['server'] },
  client: { rooms: ['server/contract'] },
  placements: { rooms: ['client', 'server/contract'] },
  'test/fake-portal': { rooms: [] },
  test: { rooms: ['server', 'client', 'placements', 'test', 'scripts', 'bench', 'eslint.config.js'] },
  scripts: { rooms: ['server', 'test', 'scripts'] },
  bench: { rooms: ['server', 'test', 'scripts', 'bench'] },
}

/** Packages with one room of their own. */
export const only = {
  'pg-boss': ['server/jobs'],
  kysely: ['server/store'],
  pg: ['server/store', 'test/support'],
  '@electric-sql/pglite': ['server/store', 'test/support'],
  hono: ['server/http'],
  '@hono/node-server': ['server/http'],
  '@bitrix24/b24jssdk': ['client'],
}

const places = Object.keys(doors).sort((a, b) => b.length - a.length)
const placeOf = file => places.find(place => file === place || file.startsWith(`${place}/`)) ?? null
const within = (file, room) => file === room || file.startsWith(`${room}/`)

/** Reports an import that goes through a wall. Does not follow re-exports and does not read strings built at run time. */
const houseRule = {
  meta: { type: 'problem', messages: { door: '{{from}} has no door to {{to}}', package: '{{name}} belongs to {{rooms}} only' }, schema: [] },
  create(context) {
    const file = relative(root, context.filename).split(sep).join('/')
    const place = placeOf(file)
    if (place === null) return {}
    const check = (node, source) => {
      if (source.startsWith('.')) {
        const target = relative(root, resolve(dirname(context.filename), source)).split(sep).join('/')
        const room = placeOf(target)
        if (within(target, place) && room === place) return
        if (place === 'server' && file.startsWith('server/')) return
        if (doors[place].rooms.some(allowed => within(target, allowed))) return
        context.report({ node, messageId: 'door', data: { from: place, to: target } })
        return
      }
      const name = source.startsWith('@') ? source.split('/').slice(0, 2).join('/') : source.split('/')[0]
      const rooms = only[name]
      if (rooms !== undefined && /^(server|client|placements)/.test(place) && !rooms.some(room => within(file, room)))
        context.report({ node, messageId: 'package', data: { name, rooms: rooms.join(', ') } })
      const packages = doors[place].packages
      if (packages !== undefined && !packages.includes(name))
        context.report({ node, messageId: 'package', data: { name, rooms: 'other rooms' } })
    }
    return {
      ImportDeclaration: node => check(node, node.source.value),
      ExportNamedDeclaration: node => node.source && check(node, node.source.value),
      ExportAllDeclaration: node => check(node, node.source.value),
      ImportExpression: node => node.source.type === 'Literal' && check(node, String(node.source.value)),
      TSImportType: node => node.source?.type === 'Literal' && check(node, String(node.source.value)),
    }
  },
}

const typed = ['server/**/*.ts', 'client/**/*.ts', 'placements/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', '*.ts']

export default [
  { ignores: ['dist/', 'data/', 'node_modules/', '.cache/', '.vitest/', '.architecture/', '**/*.d.ts'] },
  ...tseslint.configs.recommended.map(config => ({ ...config, files: [...typed, '**/*.vue', '*.js'] })),
  ...vue.configs['flat/recommended'].map(config => ({ ...config, files: config.files ?? ['**/*.vue'] })),
  ...a11y.configs['flat/recommended'].map(config => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'], sourceType: 'module' }, globals: globals.browser },
    plugins: { '@intlify/vue-i18n': vueI18n },
    settings: { 'vue-i18n': { localeDir: 'client/i18n/*.json', messageSyntaxVersion: '^11.0.0' } },
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/component-name-in-template-casing': ['error', 'PascalCase'],
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      '@intlify/vue-i18n/no-raw-text': ['error', { ignorePattern: '^[-#:()&·…—–/.,\\s\\d]+$' }],
      '@intlify/vue-i18n/no-missing-keys': 'error',
      '@intlify/vue-i18n/no-dynamic-keys': 'off',
    },
  },
  {
    files: [...typed, '**/*.vue', '*.js'],
    plugins: { house: { rules: { doors: houseRule } } },
    rules: {
      'house/doors': 'error',
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'no enums: types are stripped at run time' }],
    },
  },
  {
    files: ['server/**/*.ts'],
    ignores: ['server/config.ts', 'server/main.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'only config.ts reads the environment' }, { object: 'Math', property: 'random', message: 'use node:crypto' }] },
  },
  {
    files: ['server/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'Date', message: 'time is an argument here' }, { name: 'process', message: 'the domain is pure' }, { name: 'fetch', message: 'the domain is pure' }, { name: 'setTimeout', message: 'the domain is pure' }],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'the domain is pure' }, { object: 'Temporal', property: 'Now', message: 'time is an argument here' }],
      'no-restricted-syntax': ['error', { selector: 'AwaitExpression', message: 'the domain does not wait' }, { selector: 'TSEnumDeclaration', message: 'no enums' }],
    },
  },
  { files: ['scripts/**/*.ts', 'bench/**/*.ts', 'test/support/**/*.ts'], rules: { 'no-console': 'off' } },
]
