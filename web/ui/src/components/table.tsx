// A plain table: columns, rows, one thing to press per row (its first cell is the button, so that keyboards reach it).

import type { ReactNode } from "react";

export interface Column<T> {
  id: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** Holds buttons: aligned to the end, does not open the row. */
  actions?: boolean;
  width?: number | string;
}

export function Table<T>({ label, columns, rows, rowKey, onOpen, rowTestId }: { label: string; columns: Column<T>[]; rows: readonly T[]; rowKey: (row: T) => string; onOpen?: (row: T) => void; rowTestId?: string }) {
  return (
    <div className="ui-table-wrap">
      <table className="ui-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" style={column.width === undefined ? {} : { width: column.width }}>
                {column.actions ? <span className="ui-hidden">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} {...(rowTestId ? { "data-testid": rowTestId } : {})} {...(onOpen ? { "data-clickable": true, onClick: () => onOpen(row) } : {})}>
              {columns.map((column, index) => (
                <td key={column.id} {...(column.actions ? { "data-actions": true, onClick: (event) => event.stopPropagation() } : {})}>
                  {index === 0 && onOpen ? (
                    <button type="button" className="ui-table-main">
                      {column.cell(row)}
                    </button>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
