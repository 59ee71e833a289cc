import { Page } from '../../shell/page.tsx';

export function CompareStudiesPage() {
  return <Page title="Compare studies">{null}</Page>;
}
