import classes from './tag-list.module.css';

export function TagList({ tags }: { readonly tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className={classes.tags}>
      {tags.map((tag) => (
        <span key={tag} title={tag}>
          {tag}
        </span>
      ))}
    </span>
  );
}
