import type { Writable } from 'node:stream';
import type { CANCEL_SYMBOL } from '@clack/prompts';
import { intro, isCancel, log, password, select, text } from '@clack/prompts';
import { UsageError } from '../domain/failure.ts';

/** What is known before the questions, and how an answer is judged. */
export interface SetupForm {
  /** Where the questions appear: a terminal. */
  readonly output: Writable;
  /** The keys that need no question. */
  readonly given: ReadonlySet<string>;
  /** The text that a key is set to; `undefined` if it is not, or has a placeholder. */
  current(key: string): string | undefined;
  /** Why a text cannot be a key's value; `undefined` if it can. */
  problemWith(key: string, text: string): string | undefined;
  /** The same of the file that holds a private key. */
  problemWithKeyFile(path: string): Promise<string | undefined>;
}

const TOKEN_KEYS = ['api_token', 'api_token_file'];
const SECRET_KEYS = ['client_secret', 'client_secret_file'];
const CREDENTIAL_KEYS = [...TOKEN_KEYS, ...SECRET_KEYS, 'client_id', 'private_key_file', 'key_id'];

/**
 * Asks at a terminal for what a configuration needs; gives the answers by key: an empty one takes the
 * key out, and what is to stay as it is has none. Secrets do not appear. Rejects with a `UsageError` if the person gives up.
 */
export async function askSetup(form: SetupForm): Promise<ReadonlyMap<string, string>> {
  const { output, given } = form;
  intro('okta-collector: what it collects, and how it signs in', { output });
  const org = given.has('okta_org_url')
    ? []
    : [await ask(form, 'okta_org_url', 'Address of the Okta org', 'https://acme.okta.com')];
  const credential = CREDENTIAL_KEYS.some((key) => given.has(key)) ? [] : await askCredential(form);
  return new Map([...org, ...credential].filter((answer) => answer !== undefined));
}

type Answer = readonly [key: string, text: string] | undefined;

async function askCredential(form: SetupForm): Promise<readonly Answer[]> {
  const initialValue = wayOf(form);
  const way = answered(
    await select({
      message: 'How does it sign in?',
      options: [
        { value: 'api token', label: 'API token', hint: 'signs in as the admin who made it' },
        { value: 'private key', label: 'Service app with a private key', hint: 'recommended' },
        { value: 'client secret', label: 'Service app with a client secret' },
      ],
      ...(initialValue === undefined ? {} : { initialValue }),
      output: form.output,
    }),
  );
  if (way === 'api token') return [await askSecret(form, 'api_token', TOKEN_KEYS, 'The API token')];
  const clientId = await ask(form, 'client_id', 'Client ID of the service app', '0oa…');
  if (way === 'client secret')
    return [clientId, await askSecret(form, 'client_secret', SECRET_KEYS, 'The client secret')];
  return [clientId, await askKeyFile(form), await askKeyId(form)];
}

function wayOf(form: SetupForm): string | undefined {
  const isSet = (key: string): boolean => form.current(key) !== undefined;
  if (SECRET_KEYS.some(isSet)) return 'client secret';
  if (isSet('client_id')) return 'private key';
  return TOKEN_KEYS.some(isSet) ? 'api token' : undefined;
}

async function ask(
  form: SetupForm,
  key: string,
  message: string,
  placeholder: string,
): Promise<Answer> {
  const initialValue = form.current(key) ?? '';
  const validate = (value = ''): string | undefined => form.problemWith(key, value.trim());
  const { output } = form;
  const value = answered(await text({ message, placeholder, initialValue, validate, output }));
  return [key, value.trim()];
}

async function askSecret(
  form: SetupForm,
  key: string,
  rivals: readonly string[],
  name: string,
): Promise<Answer> {
  const isSet = rivals.some((one) => form.current(one) !== undefined);
  const value = answered(
    await password({
      message: isSet ? `${name} (leave it empty to keep the one that is set)` : name,
      validate: (typed = '') =>
        isSet && typed === '' ? undefined : form.problemWith(key, typed.trim()),
      output: form.output,
    }),
  );
  return value === '' ? undefined : [key, value.trim()];
}

async function askKeyFile(form: SetupForm): Promise<Answer> {
  const key = 'private_key_file';
  const answer = await ask(
    form,
    key,
    'File with its private key (PEM or JWK)',
    '/etc/okta/key.pem',
  );
  const problem = answer && (await form.problemWithKeyFile(answer[1]));
  if (problem === undefined) return answer;
  log.error(problem, { output: form.output });
  return askKeyFile(form);
}

async function askKeyId(form: SetupForm): Promise<Answer> {
  const key = 'key_id';
  const value = answered(
    await text({
      message: 'ID of that key (kid); leave it empty if the app has one key only',
      initialValue: form.current(key) ?? '',
      validate: (typed = '') => (typed === '' ? undefined : form.problemWith(key, typed.trim())),
      output: form.output,
    }),
  );
  return value === '' && form.current(key) === undefined ? undefined : [key, value.trim()];
}

function answered<Value>(answer: Value | typeof CANCEL_SYMBOL): Value {
  if (isCancel(answer))
    throw new UsageError('Cannot set up okta-collector: the questions were not answered', {
      hint: 'Nothing was changed; start again, or give the answers as options (okta-collector setup --help)',
    });
  return answer;
}
