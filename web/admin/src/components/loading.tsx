// What a page shows while its list is on its way, when that failed, and when it is there.

import type { ReactNode } from "react";
import { ErrorState, SkeletonRows } from "@rapport/ui";
import type { Loaded } from "@rapport/ui";

export function Loading<T>({ of, rows = 4, height = 52, children }: { of: Loaded<T>; rows?: number; height?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.fault) return <ErrorState fault={of.fault} retry={of.reload} />;
  return (
    <div className="ui-card">
      <SkeletonRows rows={rows} height={height} />
    </div>
  );
}
