import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconCopy, IconDownload, IconTableExport } from '@tabler/icons-react';
import type { Client, TrialFilter, TrialOrder } from '../../../../client/index.ts';
import { countOf } from '../../../format/number.ts';
import { useAction } from '../../../live/use-action.ts';
import { type TrialRow, trialRows } from '../../../operations/trials.ts';
import { copyText } from '../../../parts/copy-text.ts';
import type { TrialColumn } from './trial-columns.ts';
import { trialsAsCsv } from './trials-as-csv.ts';

const pageSize = 1000;

export interface CsvMenuProps {
  readonly study: string;
  readonly fileName: string;
  readonly filter: TrialFilter | null;
  readonly orderBy: TrialOrder;
  readonly columns: readonly TrialColumn[];
  /** Only these trials, where there are any. */
  readonly selected: readonly number[];
}

/** The trials of the list, or the selected ones, with the columns that are shown, as CSV. */
export function CsvMenu(props: CsvMenuProps) {
  const { fileName, selected } = props;
  const [copy, isCopying] = useAction(async (client) => {
    const { text, count } = await readCsv(client, props);
    await copyText(text);
    notifications.show({ message: `Copied ${countOf(count, 'trial')} as CSV.` });
  });
  const [download, isDownloading] = useAction(async (client) => {
    const { text } = await readCsv(client, props);
    const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${fileName}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  const what = selected.length > 0 ? `the ${selected.length} selected` : 'all of the list';
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconTableExport size={14} />}
          rightSection={<IconChevronDown size={12} />}
          loading={isCopying || isDownloading}
        >
          CSV
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void copy()}>
          Copy {what}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => void download()}>
          Download {what}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function readCsv(
  client: Client,
  { study, filter, orderBy, columns, selected }: CsvMenuProps,
): Promise<{ text: string; count: number }> {
  const wanted = selected.length > 0 ? { numbers: selected } : filter;
  const trials: TrialRow[] = [];
  for (;;) {
    const answer = await client.query(trialRows, {
      study,
      offset: trials.length,
      first: pageSize,
      filter: wanted,
      orderBy,
    });
    const page = answer.study?.trials.edges ?? [];
    for (const { node } of page) trials.push(node);
    if (page.length < pageSize) break;
  }
  return { text: trialsAsCsv(columns, trials), count: trials.length };
}
