import { usePlotColors } from '../../../charts/parts/plot-colors.ts';
import { seriesColor } from '../../../theme/chart-palette.ts';
import classes from './compare-studies.module.css';

/** The colour that a study has in the charts of the page. */
export function useStudyColor(place: number): string {
  const { scheme } = usePlotColors();
  return seriesColor(place, scheme);
}

/** A dot in the colour of a study. */
export function StudyKey({ place }: { readonly place: number }) {
  return <i className={classes.key} style={{ background: useStudyColor(place) }} />;
}
