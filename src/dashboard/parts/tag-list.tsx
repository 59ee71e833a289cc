import { formatCount } from '../format/number.ts';
import classes from './tag-list.module.css';

/** So many have room in a line at most; the others are counted. */
const shownTags = 12;

/** Tags in one line, as far as there is room. */
export function TagList({ tags }: { readonly tags: readonly string[] }) {
  if (tags.length === 0) return null;
  const others = tags.length - shownTags;
  return (
    <span className={classes.tags} title={tags.join(', ')}>
      {tags.slice(0, shownTags).map((tag) => (
        <span key={tag}>{tag}</span>
      ))}
      {others > 0 && <span>+{formatCount(others)}</span>}
    </span>
  );
}
