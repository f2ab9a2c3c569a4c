// Canned replies: texts that agents insert on the desk by typing `/` and a shortcut.

import { useRef, useState } from "react";
import { api, Button, ConfirmDialog, EmptyState, IconButton, Kbd, PageLayout, TextArea, texts, TextField, toast } from "@rapport/ui";
import type { CannedReply, Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { EditDialog } from "../components/edit-dialog.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { matches, SearchBox } from "../components/search.tsx";
import { Filters, List, Row } from "../components/section.tsx";
import { itemDraft, useList } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { go, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import "./replies.css";

const t = texts({
  text: { zh: "常用的话只写一次。坐席在工作台输入 / 加短语即可插入。", en: "Write it once. On the desk, agents type / and a shortcut to insert it." },
  add: { zh: "新建快捷回复", en: "New reply" },
  search: { zh: "搜索短语或内容", en: "Search shortcuts and texts" },
  empty: { zh: "还没有快捷回复", en: "No canned replies yet" },
  emptyText: { zh: "从每天都要说的那几句开始：问候、请稍等、结束语。", en: "Start with what is said every day: hello, one moment, goodbye." },
  shortcut: { zh: "短语", en: "Shortcut" },
  shortcutHint: { zh: "坐席输入 /{shortcut} 插入。中英文均可，不含空格", en: "Agents type /{shortcut}. Chinese or English, without spaces" },
  shortcutSpaces: { zh: "短语不能含空格或 /", en: "A shortcut has no spaces and no /" },
  shortcutTaken: { zh: "已有同名短语", en: "There is one with this shortcut already" },
  body: { zh: "内容", en: "Text" },
  insertName: { zh: "插入客户称呼", en: "Insert the customer's name" },
  preview: { zh: "客户会看到", en: "Customers will read" },
  sampleName: { zh: "王女士", en: "Ms Wang" },
  removeTitle: { zh: "删除 /{name}？", en: "Delete /{name}?" },
  removeText: { zh: "已发送的消息不受影响。", en: "Messages already sent stay as they are." },
  removed: { zh: "已删除", en: "Deleted" },
});

interface ReplyForm {
  shortcut: string;
  text: string;
}
const form = ({ shortcut, text }: CannedReply): ReplyForm => ({ shortcut, text });

export default function RepliesPage({ route }: PageProps) {
  const replies = useList<CannedReply>("/canned-replies");
  const may = useMay("supervisor");
  const [search, setSearch] = useState("");
  const [removing, setRemoving] = useState<CannedReply>();
  const open = (id: string | undefined) => go(id ? to("replies", id) : to("replies"));
  const editing = route.id && route.id !== "new" ? replies.data?.find((it) => it.id === route.id) : undefined;
  const add = (
    <Button kind="primary" icon="plus" onPress={() => open("new")} testId="canned-new">
      {t("add")}
    </Button>
  );
  return (
    <PageLayout title={pageTitle("replies")} text={t("text")} actions={may ? add : null}>
      <ReadOnlyNotice needed="supervisor" />
      <Loading of={replies}>
        {(rows) => {
          if (rows.length === 0)
            return (
              <div className="ui-card">
                <EmptyState icon="bolt" title={t("empty")} text={t("emptyText")} action={may ? add : undefined} />
              </div>
            );
          const shown = rows.filter((it) => matches(search, it.shortcut, it.text)).sort((a, b) => a.shortcut.localeCompare(b.shortcut));
          return (
            <>
              <Filters>
                <SearchBox value={search} onChange={setSearch} label={t("search")} />
              </Filters>
              {shown.length === 0 ? (
                <div className="ui-card">
                  <EmptyState icon="search" title={words("noMatch")} text={words("noMatchHint")} />
                </div>
              ) : (
                <List label={pageTitle("replies")}>
                  {shown.map((reply) => (
                    <Row
                      key={reply.id}
                      title={`/${reply.shortcut}`}
                      onOpen={() => open(reply.id)}
                      testId="canned-row"
                      detail={<span className="ad-clamp-2 rp-text">{reply.text}</span>}
                      actions={may ? <IconButton icon="trash" label={words("removeOf", { name: `/${reply.shortcut}` })} onPress={() => setRemoving(reply)} /> : null}
                    />
                  ))}
                </List>
              )}
            </>
          );
        }}
      </Loading>
      {replies.data && (editing || (route.id === "new" && may)) ? <ReplyDialog key={route.id} reply={editing} taken={replies.data.filter((it) => it.id !== editing?.id).map((it) => it.shortcut)} onClose={() => open(undefined)} onSaved={replies.reload} /> : null}
      {removing ? (
        <ConfirmDialog
          isOpen
          title={t("removeTitle", { name: removing.shortcut })}
          text={t("removeText")}
          confirmLabel={words("remove")}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await api.del(`/canned-replies/${removing.id}`);
            toast.good(t("removed"));
            replies.reload();
          }}
        />
      ) : null}
    </PageLayout>
  );
}

function ReplyDialog({ reply, taken, onClose, onSaved }: { reply: Versioned<CannedReply> | undefined; taken: string[]; onClose: () => void; onSaved: () => void }) {
  const readOnly = !useMay("supervisor");
  const draft = useDraft(itemDraft<CannedReply, ReplyForm>("/canned-replies", reply, form, { shortcut: "", text: "" }, onSaved));
  const area = useRef<HTMLTextAreaElement>(null);
  const { value, patch } = draft;
  const shortcut = value.shortcut.replace(/^\//, "");
  const problem = /[\s/]/.test(shortcut) ? t("shortcutSpaces") : taken.includes(shortcut) ? t("shortcutTaken") : undefined;
  const insertName = () => {
    const at = area.current?.selectionStart ?? value.text.length;
    patch({ text: `${value.text.slice(0, at)}{name}${value.text.slice(area.current?.selectionEnd ?? at)}` });
    area.current?.focus();
  };
  return (
    <EditDialog title={reply ? (readOnly ? `/${reply.shortcut}` : words("editOf", { name: `/${reply.shortcut}` })) : t("add")} draft={draft} onClose={onClose} canSave={shortcut !== "" && !problem && value.text.trim() !== ""} saveTestId="canned-save" readOnly={readOnly}>
      <TextField label={t("shortcut")} hint={t("shortcutHint", { shortcut: shortcut || "…" })} value={value.shortcut} onChange={(next) => patch({ shortcut: next.replace(/^\//, "") })} error={problem} isRequired isDisabled={readOnly} maxLength={30} autoFocus={!reply} testId="canned-shortcut" />
      <div className="ad-field-group">
        <TextArea label={t("body")} value={value.text} onChange={(text) => patch({ text })} rows={5} isRequired isDisabled={readOnly} maxLength={4000} inputRef={area} testId="canned-text" />
        {readOnly ? null : (
          <div>
            <Button size="s" icon="user" onPress={insertName}>
              {t("insertName")} <Kbd>{"{name}"}</Kbd>
            </Button>
          </div>
        )}
      </div>
      {value.text.trim() ? (
        <div className="ad-field-group">
          <span className="ui-label">{t("preview")}</span>
          <div className="rp-bubble">{value.text.replaceAll("{name}", t("sampleName"))}</div>
        </div>
      ) : null}
    </EditDialog>
  );
}
