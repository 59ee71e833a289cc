import {
  Autocomplete,
  type AutocompleteProps,
  defaultOptionsFilter,
  type OptionsFilter,
} from '@mantine/core';

export interface MetricFieldProps extends Omit<AutocompleteProps, 'data' | 'filter'> {
  /** Those that the trainable reports; others can be typed. */
  readonly metrics: readonly string[];
}

/** The name of a metric. All are offered until something else than one of them is typed. */
export function MetricField({ metrics, ...props }: MetricFieldProps) {
  return (
    <Autocomplete
      data={[...metrics]}
      filter={unlessChosen}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      {...props}
    />
  );
}

const unlessChosen: OptionsFilter<string> = (input) =>
  input.options.some((option) => 'value' in option && option.value === input.search)
    ? input.options
    : (defaultOptionsFilter(input) as typeof input.options);
