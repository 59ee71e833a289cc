import { lazy, Suspense } from 'react';
import { loadPart } from '../live/load-part.ts';
import classes from './markdown.module.css';

const ReactMarkdown = lazy(() => loadPart(() => import('react-markdown')));

/**
 * Text that people wrote, as Markdown. HTML in it stays text, links of other kinds than http and mailto lead nowhere,
 * and pictures are shown as links, since nothing comes from another server.
 */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={classes.markdown} data-testid="markdown">
      <Suspense fallback={<p>{text}</p>}>
        <ReactMarkdown
          components={{
            a: ({ href, children }) =>
              href ? (
                <a href={href} target="_blank" rel="noreferrer noopener nofollow">
                  {children}
                </a>
              ) : (
                <span>{children}</span>
              ),
            img: ({ src, alt }) => (
              <a
                href={typeof src === 'string' ? src : undefined}
                target="_blank"
                rel="noreferrer noopener nofollow"
              >
                {alt || 'picture'}
              </a>
            ),
          }}
        >
          {text}
        </ReactMarkdown>
      </Suspense>
    </div>
  );
}
