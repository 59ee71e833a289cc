import { showBytes } from '../show-bytes.ts';

/** A device as the packer sees it. */
export interface DeviceLoad {
  readonly id: string;
  /** For people to read. */
  readonly name: string;
  /** What the predictions of its trials may sum up to; null: nobody knows its size, and only the slots bound it. */
  readonly capacityBytes: number | null;
  /** Whether it may have more: then what seems too large for it is tried alone. */
  readonly isAtLeast: boolean;
  /** What one trial may take at most; null: no less than the device has. */
  readonly trialBytes: number | null;
  /** Of the capacity, what other programs hold now. */
  readonly othersBytes: number;
  /** What is reserved for the trials that run on it. */
  readonly reservedBytes: number;
  readonly running: number;
  readonly slots: number;
  /** Why no trial can start on it now, in words. */
  readonly fault: string | null;
  /** The trial that waits for it to become free. */
  readonly keptFor: Waiting | null;
}

export interface Waiting {
  readonly trial: number;
  readonly priority: number;
}

/** What a trial needs of a device. */
export interface TrialNeed {
  /** Null: unknown. Then it is taken for an equal part of the device. */
  readonly predictedBytes: number | null;
  /** What it takes even if all goes well. */
  readonly leastBytes: number;
  readonly priority: number;
  /** Null for one that has never waited. */
  readonly trial: number | null;
}

export type TrialPlacement =
  | { readonly action: 'START'; readonly device: string; readonly reservedBytes: number }
  /** `devices`: those that have the size for it. */
  | { readonly action: 'WAIT'; readonly reason: string; readonly devices: readonly string[] }
  /** It fits no device, however long it waits. */
  | { readonly action: 'REJECT'; readonly reason: string };

/**
 * Where a trial starts now, of the devices that could run it: the one with the smallest part of its slots taken, then
 * the one that has least memory left. The predictions on a device never sum up to more than its capacity, and trials of
 * no higher priority leave a device alone that is kept for another. What may not fit, but might, has a device for itself.
 * Memory that other programs hold is left to them while
 * trials run; a device without trials takes any that it has the size for, as waiting would not help it.
 */
export function placeTrial(devices: readonly DeviceLoad[], need: TrialNeed): TrialPlacement {
  if (devices.length === 0)
    return { action: 'REJECT', reason: 'There is no device of the kind that it needs.' };
  const large = devices.filter((device) => need.leastBytes <= mostBytes(device));
  if (large.length === 0) return { action: 'REJECT', reason: tooLarge(devices, need) };
  const free = large.filter((device) => fitsNow(device, need));
  if (free.length === 0) {
    return { action: 'WAIT', reason: whyItWaits(large, need), devices: large.map(({ id }) => id) };
  }
  const best = free.reduce((best, device) => (isBetter(device, best) ? device : best));
  return { action: 'START', device: best.id, reservedBytes: bytesOn(best, need) };
}

/** Whether a trial of unknown size may be asked for: a slot is free that nobody waits for. */
export function hasOpenSlot(device: DeviceLoad, priority: number): boolean {
  return (
    device.fault === null && device.running < device.slots && !isKeptFrom(device, { priority, trial: null })
  );
}

/** Of the capacity, what neither trials nor other programs hold; infinite where the size is not known. */
export function freeBytes({ capacityBytes, reservedBytes, othersBytes }: DeviceLoad): number {
  if (capacityBytes === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, capacityBytes - reservedBytes - othersBytes);
}

function fitsNow(device: DeviceLoad, need: TrialNeed): boolean {
  if (device.fault !== null || device.running >= device.slots || isKeptFrom(device, need)) return false;
  return device.running === 0 || bytesOn(device, need) <= freeBytes(device);
}

function isKeptFrom(
  { keptFor }: DeviceLoad,
  { trial, priority }: Pick<TrialNeed, 'trial' | 'priority'>,
): boolean {
  return keptFor !== null && keptFor.trial !== trial && keptFor.priority >= priority;
}

/** What is reserved for a trial: as predicted, as far as there is so much. */
function bytesOn(device: DeviceLoad, { predictedBytes }: TrialNeed): number {
  const { capacityBytes, slots } = device;
  return Math.min(capacityBytes ?? Number.POSITIVE_INFINITY, predictedBytes ?? (capacityBytes ?? 0) / slots);
}

function mostBytes({ capacityBytes, isAtLeast, trialBytes }: DeviceLoad): number {
  const capacity = isAtLeast ? null : capacityBytes;
  return Math.min(capacity ?? Number.POSITIVE_INFINITY, trialBytes ?? Number.POSITIVE_INFINITY);
}

function isBetter(device: DeviceLoad, than: DeviceLoad): boolean {
  const taken = device.running / device.slots - than.running / than.slots;
  return taken !== 0 ? taken < 0 : freeBytes(device) < freeBytes(than);
}

function tooLarge(devices: readonly DeviceLoad[], need: TrialNeed): string {
  const largest = devices.reduce((a, b) => (mostBytes(b) > mostBytes(a) ? b : a));
  return (
    `It would need about ${showBytes(need.predictedBytes ?? need.leastBytes)} of memory, and ${largest.name} ` +
    `has ${showBytes(mostBytes(largest))} for a trial. Use a smaller batch or model.`
  );
}

function whyItWaits(all: readonly DeviceLoad[], need: TrialNeed): string {
  const devices = all.filter(({ fault }) => fault === null);
  if (devices.length === 0) return `${all[0]!.name} cannot be used now. ${all[0]!.fault}`;
  const names = devices.length === 1 ? devices[0]!.name : `all ${devices.length} devices`;
  if (devices.every(({ running, slots }) => running >= slots)) {
    const slots = devices.reduce((sum, device) => sum + device.slots, 0);
    return slots === 1 ? `The slot of ${names} is taken.` : `All ${slots} slots of ${names} are taken.`;
  }
  const open = devices.filter(
    (device) => hasOpenSlot(device, need.priority) || device.keptFor?.trial === need.trial,
  );
  if (open.length === 0) return `${names} is kept free for a trial that has waited for longer.`;
  const roomiest = open.reduce((a, b) => (freeBytes(b) > freeBytes(a) ? b : a));
  const needed = showBytes(bytesOn(roomiest, need));
  const needs =
    need.predictedBytes === null
      ? `What it needs is not known before a trial of its study has ended, so it counts as one of ${roomiest.slots} equal parts, ${needed} of memory`
      : `It needs about ${needed} of memory`;
  return `${needs}, and ${showBytes(freeBytes(roomiest))} of ${roomiest.name} are free for trials.`;
}
