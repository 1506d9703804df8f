import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The lint rules: everything typescript-eslint can prove with types, and the house's own ceilings. */
export default defineConfig(
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    basePath: import.meta.dirname + '/../..',
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname + '/../..' },
    },
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'no-console': 'error',
      'no-warning-comments': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The time comes from the Clock port.' },
        { object: 'Math', property: 'random', message: 'Chance comes in as an argument.' },
        {
          object: 'process',
          property: 'exit',
          message: 'Set process.exitCode: exit() loses buffered output.',
        },
      ],
    },
  },
  {
    basePath: import.meta.dirname + '/../..',
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'writable' } },
  },
  {
    basePath: import.meta.dirname + '/../..',
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
