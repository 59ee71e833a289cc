import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceLoad, placeTrial, type TrialNeed } from '../../../src/core/packing/place-trial.ts';

const bytes = fc.integer({ min: 1, max: 1000 });
const loads: fc.Arbitrary<DeviceLoad[]> = fc
  .array(
    fc.record({
      capacityBytes: fc.option(bytes),
      isAtLeast: fc.boolean(),
      fault: fc.option(fc.constant('It is gone.'), { freq: 3 }),
      trialBytes: fc.option(bytes),
      othersBytes: fc.nat(300),
      reservedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      running: fc.nat(4),
      slots: fc.integer({ min: 1, max: 4 }),
      keptFor: fc.option(fc.record({ trial: fc.nat(3), priority: fc.integer({ min: -1, max: 1 }) })),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((devices) =>
    devices.map(({ reservedShare, ...device }, i) => ({
      ...device,
      id: `device ${i}`,
      name: `device ${i}`,
      reservedBytes: device.running === 0 ? 0 : reservedShare * (device.capacityBytes ?? 1000),
    })),
  );
const needs: fc.Arbitrary<TrialNeed> = fc
  .record({
    predictedBytes: fc.option(fc.oneof(bytes, fc.constant(0))),
    leastShare: fc.double({ min: 0, max: 1, noNaN: true }),
    priority: fc.integer({ min: -1, max: 1 }),
    trial: fc.option(fc.nat(3)),
  })
  .map(({ leastShare, ...need }) => ({ ...need, leastBytes: leastShare * (need.predictedBytes ?? 0) }));

const most = (device: DeviceLoad) =>
  Math.min((device.isAtLeast ? null : device.capacityBytes) ?? Infinity, device.trialBytes ?? Infinity);

describe('placing a trial', () => {
  test('never takes more than the capacity, the slots or what one trial may take', () => {
    fc.assert(
      fc.property(loads, needs, (devices, need) => {
        const placement = placeTrial(devices, need);
        if (placement.action !== 'START') return;
        const device = devices.find(({ id }) => id === placement.device)!;
        const wanted = need.predictedBytes ?? (device.capacityBytes ?? 0) / device.slots;
        expect(placement.reservedBytes).toBe(Math.min(wanted, device.capacityBytes ?? Infinity));
        expect(device.reservedBytes + placement.reservedBytes).toBeLessThanOrEqual(
          device.capacityBytes ?? Infinity,
        );
        expect(need.leastBytes).toBeLessThanOrEqual(most(device));
        expect(device.running).toBeLessThan(device.slots);
        expect(device.fault).toBeNull();
        const { keptFor } = device;
        expect(keptFor === null || keptFor.trial === need.trial || keptFor.priority < need.priority).toBe(
          true,
        );
      }),
    );
  });

  test('rejects exactly what no empty device could take', () => {
    fc.assert(
      fc.property(loads, needs, (devices, need) => {
        const free = { reservedBytes: 0, running: 0, keptFor: null, fault: null };
        const empty = devices.map((device) => ({ ...device, ...free }));
        const fits = placeTrial(empty, need).action === 'START';
        expect(placeTrial(devices, need).action === 'REJECT').toBe(!fits);
      }),
    );
  });

  test('waits only where nothing is free, and names the devices it waits for', () => {
    fc.assert(
      fc.property(loads, needs, (devices, need) => {
        const placement = placeTrial(devices, need);
        if (placement.action !== 'WAIT') return;
        for (const id of placement.devices) {
          const device = devices.find((one) => one.id === id)!;
          const open = { ...device, running: 0, reservedBytes: 0, keptFor: null, fault: null };
          expect(placeTrial([open], need).action).toBe('START');
          expect(placeTrial([device], need).action).toBe('WAIT');
        }
      }),
    );
  });

  test('gives a trial more room, never less, when a trial ends', () => {
    fc.assert(
      fc.property(loads, needs, (devices, need) => {
        if (placeTrial(devices, need).action !== 'START') return;
        const freed = devices.map((device) => ({
          ...device,
          running: Math.max(0, device.running - 1),
          reservedBytes: device.reservedBytes / 2,
        }));
        expect(placeTrial(freed, need).action).toBe('START');
      }),
    );
  });
});

const device: DeviceLoad = {
  id: 'cuda:0',
  name: 'H100, GPU 0',
  capacityBytes: 64 * 2 ** 30,
  isAtLeast: false,
  trialBytes: null,
  othersBytes: 0,
  reservedBytes: 0,
  running: 0,
  slots: 4,
  fault: null,
  keptFor: null,
};
const need = { predictedBytes: 2 ** 30, leastBytes: 2 ** 29, priority: 0, trial: null };

test('trials are spread over equal devices, and fill the fuller of two that run as many', () => {
  const second = { ...device, id: 'cuda:1' };
  expect(placeTrial([{ ...device, running: 1 }, second], need)).toMatchObject({ device: 'cuda:1' });
  const fuller = { ...second, running: 1, reservedBytes: 2 ** 30 };
  expect(placeTrial([{ ...device, running: 1 }, fuller], need)).toMatchObject({ device: 'cuda:1' });
});

test('the reasons are told in words', () => {
  const large = { ...need, predictedBytes: 80 * 2 ** 30, leastBytes: 70 * 2 ** 30 };
  expect(placeTrial([device], large)).toEqual({
    action: 'REJECT',
    reason:
      'It would need about 80 GiB of memory, and H100, GPU 0 has 64 GiB for a trial. Use a smaller batch or model.',
  });
  const busy = { ...device, running: 1, reservedBytes: 63.5 * 2 ** 30 };
  expect(placeTrial([busy], need)).toMatchObject({
    reason: 'It needs about 1.0 GiB of memory, and 512 MiB of H100, GPU 0 are free for trials.',
  });
  expect(placeTrial([busy], { ...need, predictedBytes: null, leastBytes: 0 })).toMatchObject({
    reason:
      'What it needs is not known before a trial of its study has ended, so it counts as one of 4 equal parts, ' +
      '16 GiB of memory, and 512 MiB of H100, GPU 0 are free for trials.',
  });
  expect(placeTrial([{ ...device, running: 4 }], need)).toMatchObject({
    reason: 'All 4 slots of H100, GPU 0 are taken.',
  });
  const kept = { ...device, keptFor: { trial: 7, priority: 0 } };
  expect(placeTrial([kept], need)).toMatchObject({
    reason: 'H100, GPU 0 is kept free for a trial that has waited for longer.',
  });
  expect(placeTrial([{ ...device, fault: 'The GPU was lost.' }], need)).toMatchObject({
    reason: 'H100, GPU 0 cannot be used now. The GPU was lost.',
  });
  expect(placeTrial([], need)).toMatchObject({
    action: 'REJECT',
    reason: expect.stringContaining('no device'),
  });
});

test('other programs’ memory is left to them, but a device without trials is taken all the same', () => {
  const others = { ...device, othersBytes: 63.5 * 2 ** 30 };
  expect(placeTrial([{ ...others, running: 1 }], need).action).toBe('WAIT');
  expect(placeTrial([others], need).action).toBe('START');
});

test('what may not fit, but might, has the device for itself', () => {
  const doubtful = { ...need, predictedBytes: 80 * 2 ** 30, leastBytes: 40 * 2 ** 30 };
  expect(placeTrial([device], doubtful)).toMatchObject({ action: 'START', reservedBytes: 64 * 2 ** 30 });
  expect(placeTrial([{ ...device, running: 1, reservedBytes: 1 }], doubtful).action).toBe('WAIT');
});

test('a device that may have more than is known tries what seems too large for it, alone', () => {
  const large = { ...need, predictedBytes: 80 * 2 ** 30, leastBytes: 70 * 2 ** 30 };
  const modest = { ...device, isAtLeast: true };
  expect(placeTrial([modest], large)).toMatchObject({ action: 'START', reservedBytes: 64 * 2 ** 30 });
  expect(placeTrial([{ ...modest, running: 1, reservedBytes: 1 }], large).action).toBe('WAIT');
});
