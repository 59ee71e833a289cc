import { useEffect, useState } from 'react';
import { rememberedColumns, rememberWidths } from './remembered-columns.ts';

/** In pixels, by the column's id, of those that were made wider or narrower. */
export type ColumnWidths = Readonly<Record<string, number>>;

/** How wide the columns of a study's trials were made, remembered by this browser. Undefined: as wide as at first. */
export function useColumnWidths(
  study: string,
): readonly [widths: ColumnWidths, resize: (id: string, width: number | undefined) => void] {
  const [widths, setWidths] = useState<ColumnWidths>({});
  useEffect(() => setWidths(rememberedColumns(study).widths), [study]);
  const resize = (id: string, width: number | undefined) => {
    const { [id]: _, ...others } = widths;
    const next = width === undefined ? others : { ...others, [id]: width };
    setWidths(next);
    rememberWidths(study, next);
  };
  return [widths, resize];
}
