// Tabs with counts.

import type { ReactNode } from "react";
import { Tab as AriaTab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import { Badge } from "./display.tsx";

export interface TabPage {
  id: string;
  label: string;
  count?: number;
  content: ReactNode;
  testId?: string;
}

export function Tabs({ label, pages, selected, onChange }: { label: string; pages: TabPage[]; selected?: string; onChange?: (id: string) => void }) {
  return (
    <AriaTabs className="ui-tabs" {...(selected === undefined ? {} : { selectedKey: selected })} {...(onChange ? { onSelectionChange: (key) => onChange(String(key)) } : {})}>
      <TabList className="ui-tab-list" aria-label={label}>
        {pages.map((page) => (
          <AriaTab key={page.id} id={page.id} className="ui-tab" {...(page.testId ? { "data-testid": page.testId } : {})}>
            {page.label}
            {page.count ? <Badge>{page.count}</Badge> : null}
          </AriaTab>
        ))}
      </TabList>
      {pages.map((page) => (
        <TabPanel key={page.id} id={page.id}>
          {page.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
