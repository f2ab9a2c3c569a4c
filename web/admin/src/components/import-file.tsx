// Importing one file that is taken whole or not at all: a broken one is refused with the line that is wrong.

import { useState } from "react";
import type { ReactNode } from "react";
import { api, Button, Dialog, Fault, Notice, Spinner, texts } from "@rapport/ui";
import { words } from "../shell/words.ts";
import { DropFile } from "./drop-file.tsx";
import { lineFault } from "./line-fault-words.ts";

const t = texts({
  drop: { zh: "把文件拖到这里，或点击选择", en: "Drop a file here, or choose one" },
  reading: { zh: "正在读取 {name}…", en: "Reading {name}…" },
  line: { zh: "第 {n} 行有问题，什么都没有导入", en: "Line {n} is wrong; nothing was imported" },
  tooLarge: { zh: "文件超过 {mb} MB", en: "The file is larger than {mb} MB" },
  tooLargeHint: { zh: "请拆分后分别导入", en: "Split it and import the parts" },
});

const LARGEST_MB = 20;

/** The line that a refused import names, in its detail: `line 7: …` or `7: …`. */
export function badLine(fault: Fault): { line: number; what: string } | undefined {
  if (fault.code !== "import.bad_line") return undefined;
  const found = /^(?:line )?(\d+)(?::\s*)?(.*)$/s.exec(fault.detail ?? "");
  return found ? { line: Number(found[1]), what: found[2] ?? "" } : undefined;
}

export interface ImportFileProps<T> {
  title: string;
  path: string;
  accept: string;
  /** Kinds of files and what is expected inside. */
  types: ReactNode;
  help: ReactNode;
  onClose: () => void;
  onDone: () => void;
  /** What came of it. */
  report: (answer: T) => ReactNode;
}

/** Mounted while it is open. */
export function ImportFileDialog<T>({ title, path, accept, types, help, onClose, onDone, report }: ImportFileProps<T>) {
  const [busy, setBusy] = useState<string>();
  const [fault, setFault] = useState<Fault>();
  const [answer, setAnswer] = useState<T>();
  const send = async (file: File) => {
    setFault(undefined);
    setAnswer(undefined);
    if (file.size > LARGEST_MB * 1024 * 1024) {
      setFault(new Fault({ code: "import.too_large", message: t("tooLarge", { mb: LARGEST_MB }), hint: t("tooLargeHint") }, 413));
      return;
    }
    setBusy(file.name);
    try {
      setAnswer(await api.post<T>(path, new Blob([await file.arrayBuffer()], { type: file.type || "text/csv" })));
      onDone();
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(undefined);
    }
  };
  const wrong = fault ? badLine(fault) : undefined;
  return (
    <Dialog
      title={title}
      isOpen
      onClose={() => !busy && onClose()}
      testId="import-dialog"
      footer={
        <Button kind={answer === undefined ? "secondary" : "primary"} onPress={onClose} isDisabled={busy !== undefined} testId="import-done">
          {answer === undefined ? words("cancel") : words("done")}
        </Button>
      }
    >
      <DropFile title={t("drop")} text={types} accept={accept} onFile={(file) => void send(file)} isDisabled={busy !== undefined} testId="import-file" />
      <div className="ui-hint">{help}</div>
      <div aria-live="polite">
        {busy ? (
          <span className="ui-row">
            <Spinner size="s" /> {t("reading", { name: busy })}
          </span>
        ) : null}
        {answer === undefined ? null : <div data-testid="import-report">{report(answer)}</div>}
      </div>
      {fault ? (
        <Notice tone="bad">
          <strong data-testid="import-fault">{wrong ? t("line", { n: wrong.line }) : fault.message}</strong>
          <div className="ui-muted">{wrong ? lineFault(wrong.what) || fault.hint : fault.detail ? `${fault.hint} (${fault.detail})` : fault.hint}</div>
        </Notice>
      ) : null}
    </Dialog>
  );
}
