import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const indigo: MantineColorsTuple = [
  '#eef0fd',
  '#dbe0fa',
  '#b5bff4',
  '#97a5ff',
  '#6f80ea',
  '#5264db',
  '#3f51c9',
  '#3544ad',
  '#2c398f',
  '#232d72',
];

/** Dark enough below white text, and light enough as text on dark ground, for a contrast of 4.5. */
const red: MantineColorsTuple = [
  '#fff1ef',
  '#ffe0dc',
  '#ffc0b8',
  '#ff8f83',
  '#ee6a5c',
  '#d03a30',
  '#b42318',
  '#981b11',
  '#7c150d',
  '#60100a',
];

/** From text to the darkest ground, as in tokens.css. */
const dark: MantineColorsTuple = [
  '#e8e9ee',
  '#c5c8d3',
  '#a3a8b8',
  '#8d92a3',
  '#434652',
  '#2c2e36',
  '#1c1d22',
  '#16171b',
  '#121317',
  '#0d0e11',
];

/** Mantine's components in the sizes of a dense tool. Colours and distances of our own are in tokens.css. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 6, dark: 5 },
  colors: { indigo, red, dark },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  defaultRadius: 'sm',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { sm: '6px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs', radius: 4 } },
    // A menu may hold nothing but its items.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, radius: 'md' } },
  },
});

/** Mantine's own names for what tokens.css decides. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-dim)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-placeholder': 'var(--text-faint)',
  };
  return { variables: {}, light: shared, dark: { ...shared, '--mantine-color-default': 'var(--surface)' } };
};
