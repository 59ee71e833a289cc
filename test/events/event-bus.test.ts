import { expect, test } from 'vitest';
import { EventBus } from '../../src/events/event-bus.ts';

test('an event reaches those who subscribed to its name, in the order of subscribing', () => {
  const bus = new EventBus();
  const heard: string[] = [];
  bus.subscribe('studyChanged', ({ studyId }) => heard.push(`a${studyId}`));
  bus.subscribe('studyChanged', ({ studyId }) => heard.push(`b${studyId}`));
  bus.subscribe('studyDeleted', ({ studyId }) => heard.push(`c${studyId}`));
  bus.publish('studyChanged', { studyId: 1 });
  bus.publish('metricsStored', { studyId: 1 });
  expect(heard).toEqual(['a1', 'b1']);
});

test('who unsubscribes hears nothing more, even of an event that is being told', () => {
  const bus = new EventBus();
  const heard: string[] = [];
  const ends: (() => void)[] = [];
  ends.push(
    bus.subscribe('devicesChanged', () => {
      heard.push('first');
      ends[1]!();
    }),
  );
  ends.push(bus.subscribe('devicesChanged', () => heard.push('second')));
  bus.publish('devicesChanged', {});
  ends[0]!();
  bus.publish('devicesChanged', {});
  expect(heard).toEqual(['first']);
});
