// A place for one file: chosen or dropped. And a file made here, to begin from.

import { useState } from "react";
import type { ReactNode } from "react";
import { Icon } from "@rapport/ui";
import "./drop-file.css";

export function DropFile({ title, text, accept, onFile, isDisabled = false, testId }: { title: string; text: ReactNode; accept: string; onFile: (file: File) => void; isDisabled?: boolean; testId?: string }) {
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file && !isDisabled) onFile(file);
  };
  return (
    <label
      className="dz-box"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <input
        type="file"
        className="ui-hidden"
        accept={accept}
        disabled={isDisabled}
        data-testid={testId}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      <Icon name="upload" size={24} />
      <b>{title}</b>
      <small>{text}</small>
    </label>
  );
}

/** Rows as a CSV that Excel reads as UTF-8, saved under `name`. */
export function TemplateLink({ name, rows, children }: { name: string; rows: readonly (readonly string[])[]; children: ReactNode }) {
  const download = () => {
    const csv = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\r\n");
    const url = URL.createObjectURL(new Blob([`\uFEFF${csv}\r\n`], { type: "text/csv" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 1_000);
  };
  return (
    <button type="button" className="dz-link" onClick={download}>
      {children}
    </button>
  );
}
