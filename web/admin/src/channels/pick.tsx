// Adding a channel: which one, then what it is called.

import { useRef } from "react";
import { channelIcon, channelName, Dialog, Icon, texts, TextField } from "@rapport/ui";
import type { Inbox } from "@rapport/ui";
import { EditDialog } from "../components/edit-dialog.tsx";
import { blankInbox } from "../inboxes/form.ts";
import { storeItem } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { go, to } from "../shell/route.ts";
import { useSession } from "../shell/session.ts";
import { words } from "../shell/words.ts";
import { kindGroups, kindText } from "./kinds.ts";
import type { AddedKind } from "./kinds.ts";

const t = texts({
  title: { zh: "添加渠道", en: "Add a channel" },
  intro: { zh: "您的客户在哪里找您？下一步会说明要到平台后台复制哪些信息。", en: "Where do your customers write? The next step says what to copy from the provider's console." },
  nameTitle: { zh: "添加“{kind}”", en: "Add {kind}" },
  name: { zh: "名称", en: "Name" },
  nameHint: { zh: "仅团队内部可见，用来区分多个账号", en: "Only your team sees it; it tells several accounts apart" },
});

export function PickDialog() {
  return (
    <Dialog title={t("title")} isOpen onClose={() => go(to("channels"))} size="l" testId="channel-picker">
      <p className="ui-muted">{t("intro")}</p>
      {kindGroups().map(({ title, kinds }) => (
        <section key={title} className="ch-group" aria-label={title}>
          <h3>{title}</h3>
          <div className="ch-kinds">
            {kinds.map((kind) => (
              <button key={kind} type="button" className="ch-kind" onClick={() => go(to("channels", "new", kind), true)} data-testid={`kind-${kind}`}>
                <span className="ad-row-icon">
                  <Icon name={channelIcon(kind)} size={19} />
                </span>
                <span>
                  <b>{channelName(kind)}</b>
                  <small>{kindText(kind)}</small>
                </span>
              </button>
            ))}
          </div>
        </section>
      ))}
    </Dialog>
  );
}

export function NameDialog({ kind, onSaved }: { kind: AddedKind; onSaved: () => void }) {
  const { me } = useSession();
  const blank = { name: "" };
  const made = useRef<string>(undefined);
  const draft = useDraft({
    stored: { value: blank, version: undefined },
    put: async (value) => {
      const stored = await storeItem<Inbox>("/inboxes", undefined, { ...blankInbox(value.name.trim(), me.tenant.locale, me.tenant.name), channel: kind }, undefined);
      onSaved();
      made.current = stored.id;
      return { value, version: undefined };
    },
    latest: async () => ({ value: blank, version: undefined }),
  });
  return (
    <EditDialog
      title={t("nameTitle", { kind: channelName(kind) })}
      draft={draft}
      onClose={() => go(made.current ? to("channels", made.current) : to("channels"))}
      canSave={draft.value.name.trim() !== ""}
      saveLabel={words("create")}
      saveTestId="channel-create"
      savedText={false}
    >
      <p className="ui-muted">{kindText(kind)}</p>
      <TextField label={t("name")} hint={t("nameHint")} value={draft.value.name} onChange={(name) => draft.patch({ name })} placeholder={channelName(kind)} isRequired maxLength={60} autoFocus testId="channel-name" />
    </EditDialog>
  );
}
