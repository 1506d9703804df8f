import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { keyList } from '../../src/config/keys.ts';
import { UsageError } from '../../src/domain/failure.ts';

const parse = (...args: readonly string[]) => parseCommandLine(args, '1.2.3');

const plain = {
  kind: 'collect',
  check: false,
  configPath: undefined,
  section: 'oktacollector',
  options: {},
  quiet: false,
};

function usageErrorOf(...args: readonly string[]): UsageError {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`understood ${args.join(' ')}`);
}

function printed(...args: readonly string[]): string {
  const command = parse(...args);
  if (command.kind !== 'print') throw new Error(`did ${command.kind}`);
  return command.text;
}

describe('a collection', () => {
  test.each([
    [[], {}],
    [['collect'], {}],
    [['-r'], {}],
    [['--run'], {}],
    [['-s'], { check: true }],
    [['--setup'], { check: true }],
    [['--quiet'], { quiet: true }],
    [['collect', '--quiet'], { quiet: true }],
    [['--config', 'a.ini'], { configPath: 'a.ini' }],
    [['--config=a=b.ini'], { configPath: 'a=b.ini' }],
    [['--section', 'other'], { section: 'other' }],
    [['-r', '-e', '1800'], { options: { max_runtime_seconds: '1800' } }],
    [['-s', '-e1800'], { check: true, options: { max_runtime_seconds: '1800' } }],
    [['--max-runtime', '60'], { options: { max_runtime_seconds: '60' } }],
    [['--start', '7d', '--end', 'now'], { options: { start_time: '7d', end_time: 'now' } }],
    [['--start', ''], { options: { start_time: '' } }],
    [['--start=-5'], { options: { start_time: '-5' } }],
    [['--start', '1d', '--start', '2d'], { options: { start_time: '2d' } }],
    [['--poll-interval', '20'], { options: { poll_interval_seconds: '20' } }],
    [['--settle', '0'], { options: { settle_seconds: '0' } }],
    [['--limit', '10'], { options: { pagination_limit: '10' } }],
    [['--org-url', 'https://x'], { options: { okta_org_url: 'https://x' } }],
    [['--api-token-file', 'x'], { options: { api_token_file: 'x' } }],
    [['--stream-pos-path', 'x'], { options: { stream_pos_path: 'x' } }],
    [['--log-file', 'x'], { options: { log_file: 'x' } }],
    [['--log-level', 'warn'], { options: { log_level: 'warn' } }],
    [['-d'], { options: { log_level: 'debug' } }],
    [['--debug', '--log-level', 'warn'], { options: { log_level: 'debug' } }],
  ])('is asked for by %j', (args, expected) => {
    expect(parse(...args)).toEqual({ ...plain, ...expected });
  });

  test('has options only for keys that exist, and none for a secret', () => {
    const help = printed('--help');
    const flags = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+) <\w+>/gmu)].map(
      ([, flag]) => flag ?? '',
    );
    const set = flags.flatMap((flag) => {
      const command = parse(flag, 'x');
      return command.kind === 'collect' ? Object.keys(command.options) : [];
    });
    const open = keyList.filter((key) => key.secret !== true).map((key) => key.name);
    expect(flags.length).toBeGreaterThan(10);
    expect(open).toEqual(expect.arrayContaining(set));
  });
});

describe('the embedded org', () => {
  const org = {
    kind: 'sandbox',
    port: 0,
    host: '127.0.0.1',
    events: 5000,
    seed: 1,
    days: 7,
    eventsPerMinute: 60,
    rateLimit: 600,
    faults: [],
  };

  test.each([
    [[], {}],
    [['--port', '8080', '--host', '::1'], { port: 8080, host: '::1' }],
    [
      ['--token', 'x', '--events', '10', '--seed', '7', '--days', '90'],
      { token: 'x', events: 10, seed: 7, days: 90 },
    ],
    [['--events-per-minute', '0', '--rate-limit', '20'], { eventsPerMinute: 0, rateLimit: 20 }],
    [['--fault', '503x3', '--fault=429@2'], { faults: ['503x3', '429@2'] }],
  ])('is asked for by sandbox %j', (args, expected) => {
    expect(parse('sandbox', ...args)).toEqual({ ...org, ...expected });
  });

  test.each([
    ['--port', '65536'],
    ['--port', 'http'],
    ['--events', '-1'],
    ['--days', '0'],
  ])('is refused with %s %s', (flag, value) => {
    expect(usageErrorOf('sandbox', flag, value).message).toContain(flag);
  });
});

describe('a set-up', () => {
  const { configPath, section, options, quiet } = plain;
  const setUp = { kind: 'setup', configPath, section, options, quiet, tokenFromStdin: false };

  test.each([
    [['setup'], {}],
    [['setup', '-s'], {}],
    [['setup', '--setup', '--quiet'], { quiet: true }],
    [['setup', '--api-token-stdin'], { tokenFromStdin: true }],
    [
      ['setup', '--org-url', 'x', '--client-id', 'y', '--private-key-file', 'z', '--key-id', 'k'],
      { options: { okta_org_url: 'x', client_id: 'y', private_key_file: 'z', key_id: 'k' } },
    ],
    [
      ['setup', '--client-secret-file', 'x', '--ca-file', 'y', '--config', 'a.ini'],
      { configPath: 'a.ini', options: { client_secret_file: 'x', ca_file: 'y' } },
    ],
  ])('is asked for by %j', (args, expected) => {
    expect(parse(...args)).toEqual({ ...setUp, ...expected });
  });

  test.each([['--api-token'], ['--client-secret'], ['--private-key']])(
    'takes no secret as %s',
    (flag) => {
      expect(usageErrorOf('setup', flag, '00secret').message).not.toContain('00secret');
    },
  );
});

describe('a check and a status', () => {
  const { configPath, section, options, quiet } = plain;
  const from = { configPath, section, options, quiet };

  test.each([
    [['check'], { kind: 'check', json: false }],
    [['check', '--json', '--quiet'], { kind: 'check', json: true, quiet: true }],
    [['status'], { kind: 'status', form: 'text' }],
    [['status', '--json'], { kind: 'status', form: 'json' }],
    [
      ['status', '--prometheus', '--config', 'a.ini'],
      { kind: 'status', form: 'prometheus', configPath: 'a.ini' },
    ],
  ])('is asked for by %j', (args, expected) => {
    expect(parse(...args)).toEqual({ ...from, ...expected });
  });

  test('takes one form at a time', () => {
    expect(usageErrorOf('status', '--json', '--prometheus').message).toContain('--prometheus');
  });

  test('say in their help what their exit codes mean', () => {
    expect(printed('check', '--help')).toMatch(/Exit code: that of the first fault/);
    expect(printed('status', '--help')).toMatch(/ 0 {2}healthy[^]* 1 {2}not healthy/);
  });
});

describe('a checkpoint', () => {
  const { configPath, section, options, quiet } = plain;
  const from = { configPath, section, options, quiet };

  test.each([
    [['checkpoint'], { action: 'show', json: false }],
    [['checkpoint', 'show'], { action: 'show', json: false }],
    [['checkpoint', 'show', '--json'], { action: 'show', json: true }],
    [['checkpoint', '--json'], { action: 'show', json: true }],
    [['checkpoint', 'set', '--since', '2d'], { action: 'set', since: '2d' }],
    [['checkpoint', 'reset'], { action: 'reset' }],
    [['checkpoint', 'export', '--config', 'a.ini'], { action: 'export', configPath: 'a.ini' }],
  ])('is asked for by %j', (args, expected) => {
    expect(parse(...args)).toEqual({ kind: 'checkpoint', ...from, ...expected });
  });

  test('is not set without a time', () => {
    expect(usageErrorOf('checkpoint', 'set').message).toContain("'--since <time>' not specified");
  });
});

describe('a Script Source', () => {
  const usual = { kind: 'script-source', name: 'OktaCollector', category: 'okta', siem: false };

  test.each([
    [['script-source'], {}],
    [['script-source', '--siem'], { siem: true }],
    [
      ['script-source', '--name', 'x', '--category', 'y', '--platform', 'windows', '--folder', 'z'],
      { name: 'x', category: 'y', platform: 'windows', folder: 'z' },
    ],
  ])('is asked for by %j', (args, expected) => {
    expect(parse(...args)).toEqual({ ...usual, ...expected });
  });

  test('is printed for the systems that there are', () => {
    expect(usageErrorOf('script-source', '--platform', 'vms').message).toContain('linux, windows');
  });
});

describe('nonsense', () => {
  const hint = 'okta-collector --help lists what there is';

  test.each([
    [['--conifg', 'x'], "unknown option '--conifg'", 'Did you mean --config?'],
    [['snadbox'], "unknown command 'snadbox'", 'Did you mean sandbox?'],
    [
      ['sandbox', '--start', '1d'],
      "unknown option '--start'",
      'okta-collector sandbox --help lists what there is',
    ],
    [
      ['backfill', '--gzip', '--parallel', '17'],
      "option '--parallel <requests>' argument '17' is invalid. It must be a whole number from 1 to 16",
      'okta-collector backfill --help lists what there is',
    ],
    [['collect', '-x'], "unknown option '-x'", hint],
    [['--frobnicate'], "unknown option '--frobnicate'", hint],
    [['-x'], "unknown option '-x'", hint],
    [
      ['--quiet', 'extra'],
      "too many arguments for 'collect'. Expected 0 arguments but got 1",
      hint,
    ],
    [['-e'], "option '-e, --max-runtime <seconds>' argument missing", hint],
  ])('%j is refused', (args, fault, way) => {
    const error = usageErrorOf(...args);
    expect(error.message).toBe(`Cannot read the command line: ${fault}`);
    expect(error.hint).toBe(way);
  });

  test.each([[['--api-token=00secret']], [['--api-token', '00secret']]])(
    '%j is refused without showing the value',
    (args) => {
      const error = usageErrorOf(...args);
      expect(error.message).toBe("Cannot read the command line: unknown option '--api-token'");
      expect(error.hint).toContain('--api-token-file');
    },
  );
});

describe('what is printed', () => {
  test.each([[['--version']], [['-V']]])('for %j is the version', (args) => {
    expect(printed(...args)).toBe('1.2.3\n');
  });

  test.each([[['--help']], [['-h']], [['help']], [['help', 'collect']], [['--quiet', '--help']]])(
    'for %j is the help of a collection',
    (args) => {
      expect(printed(...args)).toBe(printed('collect', '--help'));
    },
  );

  test('shows options, examples and exit codes on lines of 80 columns at most', () => {
    const help = printed('--help');
    expect(help).toMatch(/^Usage: okta-collector \[collect\] \[options\]\n/u);
    for (const part of ['-e, --max-runtime <seconds>', 'Examples:', 'Exit codes:', 'sandbox']) {
      expect(help).toContain(part);
    }
    for (const text of [help, printed('sandbox', '--help')]) {
      expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test('for help about a command that does not exist is what commands there are', () => {
    expect(printed('help', 'snadbox')).toMatch(/^Commands:\n {2}collect [^]*^ {2}sandbox /mu);
  });

  test('tells about the options of the embedded org', () => {
    expect(printed('help', 'sandbox')).toContain('--fault <fault>');
  });
});
