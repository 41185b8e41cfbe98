import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const sizes = (maxLines) => ({
  'max-lines': ['error', { max: maxLines, skipBlankLines: false, skipComments: false }],
  // A closed switch over a vocabulary is one decision, however many words it has.
  complexity: ['error', { max: 15, variant: 'modified' }],
  'max-depth': ['error', 4],
  'max-params': ['error', 5],
})

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/fixtures/**', 'data/**', 'reports/**', 'test-results/**'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...sizes(400),
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers in messages are the normal case, not an accident.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // An interface may promise a promise where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // `query<Row>` names what a statement returns; the driver cannot know it.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', 'tests/**/*.ts'],
    rules: { ...sizes(600), complexity: 'off' },
  },
  {
    files: ['frontend/src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
)
