import type { Json, JsonObject } from '../../core/json.ts';
import type { Params } from '../../core/search-space/space.ts';

/** What the placeholders of a command stand for. */
export interface TemplateValues {
  readonly params: Params;
  readonly options: JsonObject;
  readonly seed: number;
  /** The trial's id and the number of its attempt. */
  readonly trial: string;
  readonly attempt: number;
  /** The file that holds all of this as JSON. */
  readonly paramsFile: string;
  /** A folder for this attempt alone. */
  readonly directory: string;
}

const plain = ['seed', 'trial', 'attempt', 'paramsFile', 'directory'] as const;

/** `{{` and `}}` are braces; `{name}` and `{params.name}` are placeholders. */
const piece = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** The names in a template, such as `params.lr`; `faulty` are those that are none, or a brace that stands alone. */
export function placeholdersOf(template: string): { names: string[]; faulty: string[] } {
  const names: string[] = [];
  const faulty: string[] = [];
  for (const [sign, name] of template.matchAll(piece)) {
    if (sign === '{{' || sign === '}}') continue;
    const isKnown =
      name !== undefined &&
      (/^(params|options)(\..+)?$/.test(name) || (plain as readonly string[]).includes(name));
    if (isKnown) names.push(name);
    else faulty.push(sign);
  }
  return { names, faulty };
}

/**
 * The arguments of a program: each element of the template is one, whatever is in the values; no shell reads them.
 * `{params}` and `{options}`, each an element of its own, are `--name=value` for every parameter or option. An element
 * that names a parameter which the trial does not have is left out.
 */
export function expandArguments(template: readonly string[], values: TemplateValues): string[] {
  return template.flatMap((element) => {
    if (element === '{params}' || element === '{options}') {
      const group = element === '{params}' ? values.params : values.options;
      return Object.entries(group).map(([name, value]) => `--${name}=${textOf(value)}`);
    }
    return expand(element, values) ?? [];
  });
}

/** Environment variables; one that names a parameter which the trial does not have is left out. */
export function expandEnvironment(
  template: Readonly<Record<string, string>>,
  values: TemplateValues,
): Record<string, string> {
  const expanded = Object.entries(template).map(([name, text]) => [name, expand(text, values)] as const);
  return Object.fromEntries(expanded.filter((entry): entry is [string, string] => entry[1] !== null));
}

function expand(template: string, values: TemplateValues): string | null {
  let isComplete = true;
  const text = template.replace(piece, (sign, name: string | undefined) => {
    if (name === undefined) return sign[0]!;
    const value = lookUp(name, values);
    if (value === undefined) isComplete = false;
    return textOf(value ?? null);
  });
  return isComplete ? text : null;
}

function lookUp(name: string, values: TemplateValues): Json | undefined {
  if (name === 'params' || name === 'options') return JSON.stringify(values[name]);
  const dot = name.indexOf('.');
  if (dot < 0) return values[name as (typeof plain)[number]];
  const group: Readonly<Record<string, Json>> = name.startsWith('params.') ? values.params : values.options;
  const key = name.slice(dot + 1);
  return Object.hasOwn(group, key) ? group[key] : undefined;
}

/** Numbers as JavaScript writes them (every bit comes back), null as nothing, lists and objects as JSON. */
function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
