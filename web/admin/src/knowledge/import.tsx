// Importing files into knowledge: choose or drop, progress, and a report of what became of each part.

import { useEffect, useRef, useState } from "react";
import type { DragEvent, ReactNode } from "react";
import { api, Badge, Button, Dialog, Fault, Icon, IconButton, Switch, texts } from "@rapport/ui";
import { fileSize } from "@rapport/ui";
import { to } from "../shell/route.ts";
import { words } from "../shell/words.ts";
import { fileProblem, IMPORT_TYPES, placeText, reasonText } from "./report.ts";
import type { FileProblem, ImportAnswer } from "./report.ts";

const t = texts({
  title: { zh: "导入知识", en: "Import knowledge" },
  text: { zh: "再次导入同一个文件会更新原有文章，不会重复。", en: "Importing the same file again updates its articles; nothing appears twice." },
  drop: { zh: "把文件拖到这里，或点击选择", en: "Drop files here, or choose them" },
  types: { zh: "Markdown、HTML、纯文本、CSV、TSV、Excel（xlsx），每个不超过 5 MB", en: "Markdown, HTML, plain text, CSV, TSV or Excel (xlsx), 5 MB each at most" },
  table: { zh: "表格首行写“问题”“答案”，可选“其他问法”“链接”；语言按文字自动识别。", en: "The first row of a sheet names its columns: question and answer, and if you like similar questions and link. The language is told from the text." },
  template: { zh: "下载表格模板", en: "Download a template" },
  publish: { zh: "导入后立即发布", en: "Publish at once" },
  publishHint: { zh: "关闭则存为草稿，检查后再发布", en: "Otherwise they become drafts that you publish after a look" },
  dropPage: { zh: "松开以导入到知识库", en: "Drop to import into knowledge" },
  sending: { zh: "上传中 {percent}%", en: "Sending, {percent}%" },
  reading: { zh: "正在读取内容…", en: "Reading it…" },
  cancel: { zh: "取消 {name}", en: "Cancel {name}" },
  cancelled: { zh: "已取消", en: "Cancelled" },
  created: { zh: "新增 {n}", en: "{n} new" },
  updated: { zh: "更新 {n}", en: "{n} updated" },
  unchanged: { zh: "未变 {n}", en: "{n} unchanged" },
  skipped: { zh: "跳过 {n}", en: "{n} skipped" },
  skippedTitle: { zh: "跳过的部分", en: "What was skipped" },
  articles: { zh: "导入的文章（{n}）", en: "Articles ({n})" },
  problem_type: { zh: "不支持这种文件，请转换为上述格式之一", en: "Files of this kind are not read; convert it to one of those above" },
  problem_size: { zh: "文件超过 5 MB，请拆分后再导入", en: "It is larger than 5 MB; split it first" },
  problem_empty: { zh: "文件是空的", en: "The file is empty" },
  more: { zh: "还有 {n} 项", en: "{n} more" },
});

interface Job {
  id: number;
  name: string;
  bytes: number;
  state: { type: "refused"; problem: FileProblem } | { type: "sending"; part: number } | { type: "done"; answer: ImportAnswer } | { type: "failed"; fault: Fault } | { type: "cancelled" };
}

let nextJob = 1;

export function ImportDialog({ first, onClose, onDone }: { first: File[]; onClose: () => void; onDone: () => void }) {
  const [publish, setPublish] = useState(true);
  const [jobs, setJobs] = useState<Job[]>([]);
  const running = useRef(new Map<number, () => void>());
  const started = useRef(false);
  const set = (id: number, state: Job["state"]) => setJobs((all) => all.map((it) => (it.id === id ? { ...it, state } : it)));
  const send = (files: readonly File[]) => {
    for (const file of files) {
      const id = nextJob;
      nextJob += 1;
      const problem = fileProblem(file.name, file.size);
      setJobs((all) => [...all, { id, name: file.name, bytes: file.size, state: problem ? { type: "refused", problem } : { type: "sending", part: 0 } }]);
      if (problem) continue;
      const upload = api.upload<ImportAnswer>("/knowledge/import", file, (part) => set(id, { type: "sending", part }), { publish: String(publish) });
      running.current.set(id, upload.cancel);
      upload.done
        .then((answer) => {
          set(id, { type: "done", answer });
          onDone();
        })
        .catch((error: unknown) => set(id, (error as Error).name === "AbortError" ? { type: "cancelled" } : { type: "failed", fault: Fault.of(error) }))
        .finally(() => running.current.delete(id));
    }
  };
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    send(first);
  });
  const busy = jobs.some((it) => it.state.type === "sending");
  return (
    <Dialog
      title={t("title")}
      isOpen
      onClose={() => !busy && onClose()}
      size="l"
      testId="import-dialog"
      footer={
        <Button kind="primary" onPress={onClose} isDisabled={busy} testId="import-done">
          {words("done")}
        </Button>
      }
    >
      <p className="ui-muted">{t("text")}</p>
      <Switch isSelected={publish} onChange={setPublish} hint={t("publishHint")} isDisabled={busy} testId="import-publish">
        {t("publish")}
      </Switch>
      <DropBox onFiles={send} />
      {jobs.length > 0 ? (
        <ul className="kn-jobs" aria-live="polite" data-testid="import-report">
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} onCancel={() => running.current.get(job.id)?.()} onOpen={onClose} />
          ))}
        </ul>
      ) : null}
    </Dialog>
  );
}

function DropBox({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  return (
    <div>
      <label
        className="kn-drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOver(false);
          onFiles([...event.dataTransfer.files]);
        }}
      >
        <input
          type="file"
          multiple
          className="ui-hidden"
          accept={IMPORT_TYPES.join(",")}
          data-testid="import-file"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <Icon name="upload" size={24} />
        <b>{t("drop")}</b>
        <small>{t("types")}</small>
      </label>
      <p className="ui-hint kn-template">
        {t("table")} <TemplateLink />
      </p>
    </div>
  );
}

/** A table to begin from, made here: with a byte order mark, so that Excel reads it as UTF-8. */
function TemplateLink() {
  const download = () => {
    const rows = [
      ["问题", "答案", "其他问法", "链接"],
      ["鞋子买大了可以换码吗？", "可以。签收后 15 天内，未穿着、吊牌完好即可免费换码。", "尺码不合适怎么办\n能换大一号吗", "https://shop.example.com/help/size"],
      ["How long does delivery take?", "Two to four working days within the country.", "When will my parcel arrive", ""],
    ];
    const csv = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\r\n");
    const url = URL.createObjectURL(new Blob([`\uFEFF${csv}\r\n`], { type: "text/csv" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = "knowledge.csv";
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 1_000);
  };
  return (
    <button type="button" className="kn-linklike" onClick={download}>
      {t("template")}
    </button>
  );
}

function JobLine({ job, onCancel, onOpen }: { job: Job; onCancel: () => void; onOpen: () => void }) {
  const { state } = job;
  return (
    <li className="kn-job" data-state={state.type}>
      <div className="kn-job-head">
        <Icon name={state.type === "done" ? "checkCircle" : state.type === "sending" ? "file" : "warning"} size={18} />
        <b className="ui-grow ui-truncate">{job.name}</b>
        <small className="ui-muted">{fileSize(job.bytes)}</small>
        {state.type === "sending" && state.part < 1 ? <IconButton icon="close" size="s" label={t("cancel", { name: job.name })} onPress={onCancel} /> : null}
      </div>
      {state.type === "sending" ? (
        <div className="kn-progress">
          <progress max={1} value={state.part < 1 ? state.part : undefined} aria-label={job.name} />
          <small>{state.part < 1 ? t("sending", { percent: Math.round(state.part * 100) }) : t("reading")}</small>
        </div>
      ) : null}
      {state.type === "refused" ? <p className="ui-field-error">{t(`problem_${state.problem}`)}</p> : null}
      {state.type === "cancelled" ? <p className="ui-muted">{t("cancelled")}</p> : null}
      {state.type === "failed" ? (
        <p className="ui-field-error">
          {state.fault.message}
          {state.fault.hint ? `：${state.fault.hint}` : ""}
        </p>
      ) : null}
      {state.type === "done" ? <Report answer={state.answer} onOpen={onOpen} /> : null}
    </li>
  );
}

const SHOWN = 100;

function Report({ answer, onOpen }: { answer: ImportAnswer; onOpen: () => void }) {
  const { created, updated, unchanged, skipped, articles } = answer;
  return (
    <>
      <div className="ad-tags">
        <Badge tone={created > 0 ? "good" : "neutral"}>{t("created", { n: created })}</Badge>
        <Badge tone={updated > 0 ? "accent" : "neutral"}>{t("updated", { n: updated })}</Badge>
        <Badge>{t("unchanged", { n: unchanged })}</Badge>
        <Badge tone={skipped.length > 0 ? "warn" : "neutral"}>{t("skipped", { n: skipped.length })}</Badge>
      </div>
      {skipped.length > 0 ? (
        <details open>
          <summary>{t("skippedTitle")}</summary>
          <ul className="kn-details">
            {skipped.slice(0, SHOWN).map((it, index) => (
              <li key={index}>
                <b>{placeText(it.place)}</b>
                <span>{reasonText(it.reason)}</span>
              </li>
            ))}
            {skipped.length > SHOWN ? <li>{t("more", { n: skipped.length - SHOWN })}</li> : null}
          </ul>
        </details>
      ) : null}
      {articles.length > 0 ? (
        <details>
          <summary>{t("articles", { n: articles.length })}</summary>
          <ul className="kn-details">
            {articles.slice(0, SHOWN).map((it) => (
              <li key={it.id}>
                <a href={to("knowledge", it.id)} onClick={onOpen}>
                  {it.title}
                </a>
              </li>
            ))}
            {articles.length > SHOWN ? <li>{t("more", { n: articles.length - SHOWN })}</li> : null}
          </ul>
        </details>
      ) : null}
    </>
  );
}

/** The whole page takes files. */
export function DropPage({ onFiles, enabled, children }: { onFiles: (files: File[]) => void; enabled: boolean; children: ReactNode }) {
  const [depth, setDepth] = useState(0);
  const holds = (event: DragEvent) => enabled && event.dataTransfer.types.includes("Files");
  return (
    <div
      className="kn-drop-page"
      onDragEnter={(event) => {
        if (holds(event)) setDepth((it) => it + 1);
      }}
      onDragLeave={(event) => {
        if (holds(event)) setDepth((it) => Math.max(0, it - 1));
      }}
      onDragOver={(event) => {
        if (holds(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!holds(event)) return;
        event.preventDefault();
        setDepth(0);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {depth > 0 ? (
        <div className="kn-drop-veil">
          <Icon name="upload" size={32} />
          <b>{t("dropPage")}</b>
        </div>
      ) : null}
    </div>
  );
}
