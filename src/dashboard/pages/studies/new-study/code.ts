import type { CreateStudyInput } from '../../../../client/index.ts';

/** What the panel beside the form has room for. */
const lineWidth = 44;
const graphqlName = /^[_A-Za-z][_0-9A-Za-z]*$/;
/** Of CreateStudyInput, the paths of enum values. */
const enums = new Set(['objectives.direction', 'constraints.comparison', 'isolation']);

/** The mutation that creates the study, with its variables beneath where a key cannot be written into the document. */
export function graphqlCode(input: CreateStudyInput): string {
  if (hasOnlyNames(input)) {
    return `mutation {\n  createStudy(\n    input: ${literal(input, '    ', graphqlStyle)}\n  ) {\n    id\n  }\n}\n`;
  }
  const mutation = 'mutation ($input: CreateStudyInput!) {\n  createStudy(input: $input) {\n    id\n  }\n}\n';
  return `${mutation}\n# Variables:\n${JSON.stringify({ input }, null, 2)}\n`;
}

/** A program that creates and starts the study with the client. */
export function typescriptCode(input: CreateStudyInput, url: string): string {
  return [
    "import { createClient } from 'trialgraph';",
    '',
    `const client = createClient({ url: '${url}' });`,
    `const study = await client.studies.create(${literal(input, '', typescriptStyle)});`,
    'await study.start();',
    '',
  ].join('\n');
}

interface Style {
  key(name: string): string;
  text(value: string, path: string): string;
}

const graphqlStyle: Style = {
  key: (name) => name,
  text: (value, path) => (enums.has(path) ? value : JSON.stringify(value)),
};

const typescriptStyle: Style = {
  key: (name) => (/^[_$A-Za-z][_$0-9A-Za-z]*$/.test(name) ? name : quoted(name)),
  text: quoted,
};

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A value on one line where it is short, and otherwise a line a field. */
function literal(value: unknown, indent: string, style: Style, path = ''): string {
  if (typeof value === 'string') return style.text(value, path);
  if (value === null || typeof value !== 'object') return String(value);
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  const items = isList
    ? value.map((item) => literal(item, inner, style, path))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(
          ([name, item]) =>
            `${style.key(name)}: ${literal(item, inner, style, path === '' ? name : `${path}.${name}`)}`,
        );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return open + close;
  const line = isList ? `${open}${items.join(', ')}${close}` : `${open} ${items.join(', ')} ${close}`;
  if (!line.includes('\n') && indent.length + line.length <= lineWidth) return line;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}${close}`;
}

function hasOnlyNames(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(hasOnlyNames);
  return Object.entries(value).every(([name, item]) => graphqlName.test(name) && hasOnlyNames(item));
}
