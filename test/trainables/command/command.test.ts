import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCommand } from '../../../src/trainables/command/command.ts';
import { installedTrainables } from '../../../src/trainables/own/installed-trainables.ts';

const folder = mkdtempSync(join(tmpdir(), 'trialgraph-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'program.sh'), '#!/bin/sh\n');
writeFileSync(join(folder, 'text.txt'), '');
chmodSync(join(folder, 'program.sh'), 0o755);

const sound = {
  name: 'sound',
  command: ['./program.sh', '--lr={params.lr}', '--data={options.data}'],
  space: {
    lr: { type: 'float', low: 0, high: 1 },
    optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
  },
  metrics: ['loss'],
  options: { data: 'small', epochs: 3 },
  totalSteps: '{options.epochs}',
};
const command = (changes: object = {}) =>
  readCommand(JSON.stringify({ ...sound, ...changes }), join(folder, 'x.command.json'));

describe('a declared command', () => {
  test('is a trainable', () => {
    const trainable = command();
    expect(trainable).toMatchObject({ name: 'sound', metrics: ['loss'], command: { cwd: folder } });
    expect(trainable.totalSteps({}, { epochs: 5 })).toBe(5);
    expect(trainable.totalSteps({}, {})).toBe(3);
    expect(trainable.runsOn({})).toBe('any');
    expect(trainable.optionsSchema()).toMatchObject({
      properties: { data: { type: 'string', default: 'small' }, epochs: { type: 'number', default: 3 } },
    });
  });

  test.each([
    [
      'a placeholder of no parameter',
      { command: ['./program.sh', '{params.rate}'] },
      /command\[1\]: has \{params\.rate\}/,
    ],
    ['no placeholder', { env: { X: '{lr}' } }, /env\.X: has "\{lr\}", which is no placeholder/],
    [
      'a program that a client chooses',
      { command: ['{params.lr}'] },
      /command\[0\]: .*cannot have placeholders/,
    ],
    [
      'a text that could be an option',
      { command: ['./program.sh', '{options.data}'] },
      /"--data=\{options\.data\}"/,
    ],
    [
      'a program that is not there',
      { command: ['./missing'] },
      /command\[0\]: there is no program .*missing\./,
    ],
    ['none in PATH', { command: ['no-such-program'] }, /in the folders of PATH/],
    ['one that is not executable', { command: ['./text.txt'] }, /text\.txt is not executable/],
    ['a field too many', { shell: true }, /command\.json\.shell: there is no such setting/],
    ['no metrics', { metrics: [] }, /command\.json\.metrics/],
  ])('is refused with %s', (_, changes, message) => {
    expect(() => command(changes)).toThrow(message);
  });

  test('takes only what the operator has named', () => {
    const trainable = command();
    trainable.checkSpace({ lr: { type: 'float', low: 0.1, high: 10 } });
    expect(() => trainable.checkSpace({ depth: { type: 'int', low: 1, high: 2 } })).toThrow(
      'searchSpace.depth',
    );
    expect(() =>
      trainable.checkSpace({ optimizer: { type: 'categorical', choices: ['sgd', '--help'] } }),
    ).toThrow('searchSpace.optimizer: the trainable "sound" does not take "--help".');
    expect(() => trainable.checkSpace({ lr: { type: 'categorical', choices: ['x'] } })).toThrow(
      'searchSpace.lr',
    );
    trainable.checkOptions({ epochs: 9 });
    expect(() => trainable.checkOptions({ epochs: '9', other: 1 })).toThrow(
      /trainableOptions\.epochs: must be a number.*\ntrainableOptions\.other: /,
    );
  });

  test('is found in the folder of trainables, with all its faults', async () => {
    writeFileSync(join(folder, 'good.command.json'), JSON.stringify({ ...sound, name: 'good' }));
    expect((await installedTrainables(folder)).get('good')).toMatchObject({ name: 'good' });
    writeFileSync(join(folder, 'bad.command.json'), '{');
    writeFileSync(join(folder, 'same.command.json'), JSON.stringify({ ...sound, name: 'good' }));
    await expect(installedTrainables(folder)).rejects.toThrow(
      /bad\.command\.json: file: is no JSON.*\n.*same\.command\.json: the name "good" is that of .*good\.command\.json/,
    );
  });
});
