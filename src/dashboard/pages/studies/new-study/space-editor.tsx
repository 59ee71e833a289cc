import { Menu, Switch } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '../../../../client/index.ts';
import type { DraftPartProps } from './draft.ts';
import { AddButton } from './goals.tsx';
import { JsonField } from './json-field.tsx';
import { type JsonFields, withField } from './json-fields.ts';
import { ParameterRow } from './parameter-row.tsx';
import { Section } from './section.tsx';
import classes from './space-editor.module.css';
import { useSpaceFaults } from './use-space-faults.ts';

export interface SpaceEditorProps extends DraftPartProps {
  /** The space of the trainable, which takes no other parameters; null where the trials run elsewhere. */
  readonly whole: JsonFields | null;
}

/** The search space: a row a parameter with its range or choices and its condition, or all of it as JSON. */
export function SpaceEditor({ draft, onChange, whole }: SpaceEditorProps) {
  const [isJson, setIsJson] = useState(false);
  const { searchSpace } = draft;
  const faults = useSpaceFaults(searchSpace);
  const isFaulty = (name: string) => faults.some(({ parameter }) => parameter === name);
  const parameters = Object.entries(searchSpace).filter(([name]) => !name.startsWith('$'));
  const removed = Object.entries(whole ?? {}).filter(
    ([name]) => !name.startsWith('$') && !(name in searchSpace),
  );
  const constraints = searchSpace.$constraints;
  const set = (name: string, parameter: JsonFields | undefined) =>
    onChange({ searchSpace: withField(searchSpace, name, parameter as Json | undefined) });
  return (
    <Section
      title="Search space"
      hint={`${parameters.length} parameters`}
      actions={
        <>
          <Switch
            label="as JSON"
            checked={isJson}
            onChange={(event) => setIsJson(event.currentTarget.checked)}
          />
          {!isJson && whole === null && (
            <AddButton label="Parameter" onClick={() => set(freeName(searchSpace), newParameter)} />
          )}
          {!isJson && removed.length > 0 && (
            <Menu position="bottom-end">
              <Menu.Target>
                <AddButton label="Parameter" />
              </Menu.Target>
              <Menu.Dropdown>
                {removed.map(([name, parameter]) => (
                  <Menu.Item key={name} onClick={() => set(name, parameter as JsonFields)}>
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {isJson ? (
        <JsonField
          label="Search space (JSON)"
          path="searchSpace"
          maxRows={24}
          value={searchSpace}
          onChange={(next) => onChange({ searchSpace: next })}
        />
      ) : (
        <div className={classes.rows}>
          {parameters.map(([name, parameter], i) => (
            <ParameterRow
              // A parameter that is renamed stays the same row.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              key={i}
              name={name}
              parameter={parameter as JsonFields}
              others={parameters.map(([other]) => other).filter((other) => other !== name)}
              isFaulty={isFaulty(name)}
              canRename={draft.trainable === null}
              onChange={(next) => set(name, next)}
              onRename={(next) => onChange({ searchSpace: renamed(searchSpace, name, next) })}
            />
          ))}
          {Array.isArray(constraints) && constraints.length > 0 && (
            <p className={classes.constraints}>
              {constraints.length} constraints between parameters; edit them as JSON.
            </p>
          )}
        </div>
      )}
      {faults.length > 0 && (
        <ul className={classes.faults} aria-label="Faults of the search space">
          {faults.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <b>{path}</b> {message}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const newParameter: JsonFields = { type: 'float', low: 0, high: 1 };

function freeName(space: JsonFields): string {
  for (let i = 1; ; i++) if (!(`parameter${i}` in space)) return `parameter${i}`;
}

/** The name changes in the conditions that use it too. */
function renamed(space: JsonFields, from: string, to: string): JsonFields {
  if (to === '' || to in space) return space;
  return Object.fromEntries(
    Object.entries(space).map(([name, parameter]) => {
      const { when } = (parameter ?? {}) as { readonly when?: JsonFields };
      if (when === undefined || !(from in when)) return [name === from ? to : name, parameter];
      const moved = Object.entries(when).map(([parent, test]) => [parent === from ? to : parent, test]);
      return [name, { ...(parameter as JsonFields), when: Object.fromEntries(moved) }];
    }),
  );
}
