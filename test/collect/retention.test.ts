import { describe, expect, test } from 'vitest';
import { tellOfLag, withinRetention } from '../../src/collect/retention.ts';
import { days, earlier, formatInstant, instant, milliseconds } from '../../src/domain/time.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON, progress } from '../support/stream.ts';

const ago = (count: number) => earlier(NOON, days(count));
const aMoment = milliseconds(1);

describe('withinRetention', () => {
  test('leaves a start that Okta can serve as it is', () => {
    const log = notedLog();
    expect(withinRetention(ago(90), NOON, log)).toBe(ago(90));
    expect(log.records).toEqual([]);
  });

  test('names the gap of an older one, and asks from two days before it all the same: the clock may be ahead', () => {
    const log = notedLog();
    const start = earlier(ago(92), aMoment);
    expect(withinRetention(start, NOON, log)).toBe(ago(92));
    expect(log.messages('warn')).toHaveLength(1);
    expect(log.fieldsOf('Gap')).toEqual({
      caveat: 'gap',
      from: formatInstant(start),
      to: formatInstant(ago(90)),
    });
    expect(withinRetention(ago(91), NOON, log)).toBe(ago(91));
  });
});

describe('tellOfLag', () => {
  const said = (parts: Parameters<typeof progress>[0]) => {
    const log = notedLog();
    tellOfLag(progress({ start: ago(1000), ...parts }).checkpoint, NOON, log);
    expect(log.records.every(({ level }) => level === 'warn')).toBe(true);
    return log.messages('warn').join();
  };

  test.each([
    { lag: days(60), says: '' },
    { lag: days(60) + 1, says: 'The stream is 60 days behind; Okta keeps events for 90 days' },
    { lag: days(90), says: 'The stream is 90 days behind; Okta keeps events for 90 days' },
    { lag: days(90) + 1, says: 'Gap: Okta no longer has the events of this time' },
  ])('says "$says" of a stream $lag ms behind', ({ lag, says }) => {
    const reached = instant(NOON - lag);
    expect(said({ newestPublished: reached, tipReachedAt: undefined })).toBe(says);
    expect(said({ newestPublished: undefined, tipReachedAt: reached })).toBe(says);
    expect(said({ start: reached })).toBe(says);
  });

  test('goes by the latest sign of progress: an org may be silent for months', () => {
    expect(said({ newestPublished: ago(200), tipReachedAt: ago(1) })).toBe('');
    expect(said({ newestPublished: ago(1), tipReachedAt: ago(200) })).toBe('');
  });

  test('names what is gone', () => {
    const log = notedLog();
    tellOfLag(progress({ start: ago(200), tipReachedAt: ago(100) }).checkpoint, NOON, log);
    expect(log.fieldsOf('Gap')).toEqual({
      caveat: 'gap',
      from: formatInstant(ago(100)),
      to: formatInstant(ago(90)),
    });
  });
});
