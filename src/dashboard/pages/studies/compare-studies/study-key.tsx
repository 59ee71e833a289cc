import { usePlotColors } from '../../../charts/parts/plot-colors.ts';
import { seriesColor } from '../../../theme/chart-palette.ts';
import classes from './compare-studies.module.css';

/** The colour that a study has in the charts of the page. */
export function StudyKey({ place }: { readonly place: number }) {
  const { scheme } = usePlotColors();
  return <i className={classes.key} style={{ background: seriesColor(place, scheme) }} />;
}
