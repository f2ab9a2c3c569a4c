// API tokens: for programs that act on behalf of the company. Made, shown once, revoked.

import { useState } from "react";
import { api, API_BASE, Badge, Button, ConfirmDialog, day, Dialog, EmptyState, fullTime, Icon, Notice, PageLayout, Select, texts, TextField, toast } from "@rapport/ui";
import type { Role } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { RadioCards } from "../components/choice.tsx";
import { CodeBlock, CopyLine } from "../components/code.tsx";
import { EditDialog } from "../components/edit-dialog.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { List, Row } from "../components/section.tsx";
import { useList } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { go, to } from "../shell/route.ts";
import { rolesBelow, useMay, useSession } from "../shell/session.ts";
import { pageTitle, roleName, roleText, words } from "../shell/words.ts";
import { expiryOf } from "./expiry.ts";
import type { Expiry } from "./expiry.ts";

const t = texts({
  text: { zh: "让您自己的程序调用 Rapport：同步客户资料、导入知识、把会话接入其他系统", en: "Let your own programs talk to Rapport: sync customers, import knowledge, connect other systems" },
  add: { zh: "新建令牌", en: "New token" },
  empty: { zh: "还没有令牌", en: "No tokens yet" },
  emptyText: { zh: "为每个程序单独创建一个令牌：出问题时只吊销那一个，其他不受影响。", en: "Make one for each program: when something goes wrong you revoke that one, and the others go on." },
  docs: { zh: "接口说明（OpenAPI）", en: "API description (OpenAPI)" },
  label: { zh: "用途", en: "What it is for" },
  labelHint: { zh: "例如：订单系统同步。日后据此判断能否吊销", en: "Such as: order sync. It tells you later whether it can be revoked" },
  role: { zh: "权限", en: "What it may do" },
  expiry: { zh: "有效期", en: "Valid for" },
  d30: { zh: "30 天", en: "30 days" },
  d90: { zh: "90 天", en: "90 days" },
  d365: { zh: "1 年", en: "1 year" },
  never: { zh: "长期有效", en: "No end" },
  neverNote: { zh: "长期有效的令牌泄露后一直可用，建议设置有效期", en: "A token without an end stays usable if it leaks; better give it one" },
  create: { zh: "创建令牌", en: "Create the token" },
  made: { zh: "令牌已创建", en: "The token is ready" },
  once: { zh: "请立即复制并妥善保存：关闭后无法再次查看。", en: "Copy it now and keep it safe: it is not shown again." },
  token: { zh: "令牌", en: "Token" },
  example: { zh: "试一下", en: "Try it" },
  exampleLabel: { zh: "示例命令", en: "Example command" },
  revoke: { zh: "吊销", en: "Revoke" },
  revokeTitle: { zh: "吊销“{name}”？", en: "Revoke “{name}”?" },
  revokeText: { zh: "使用它的程序会立即无法访问，且不能恢复。", en: "Programs that use it lose access at once. This cannot be undone." },
  revoked: { zh: "已吊销", en: "Revoked" },
  until: { zh: "有效期至 {day}", en: "Until {day}" },
  expired: { zh: "已过期", en: "Expired" },
  used: { zh: "最近使用 {day}", en: "Last used {day}" },
  unused: { zh: "尚未使用", en: "Never used" },
  since: { zh: "创建于 {day}", en: "Created {day}" },
});

interface Token {
  id: string;
  label: string;
  role: Role | null;
  created_at?: number;
  expires_at?: number | null;
  last_used_at?: number | null;
}

export default function TokensPage({ route }: PageProps) {
  const may = useMay("administrator");
  return (
    <PageLayout
      title={pageTitle("tokens")}
      text={t("text")}
      actions={
        may ? (
          <Button kind="primary" icon="plus" onPress={() => go(to("tokens", "new"))} testId="token-new">
            {t("add")}
          </Button>
        ) : null
      }
    >
      <ReadOnlyNotice closed />
      {may ? <Tokens isNew={route.id === "new"} /> : null}
    </PageLayout>
  );
}

function Tokens({ isNew }: { isNew: boolean }) {
  const tokens = useList<Token>("/tokens");
  const [made, setMade] = useState<string>();
  const [revoking, setRevoking] = useState<Token>();
  return (
    <>
      <Loading of={tokens}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="ui-card">
              <EmptyState icon="key" title={t("empty")} text={t("emptyText")} />
            </div>
          ) : (
            <List label={pageTitle("tokens")}>
              {rows.map((token) => (
                <TokenLine key={token.id} token={token} onRevoke={() => setRevoking(token)} />
              ))}
            </List>
          )
        }
      </Loading>
      <p>
        <a href="/api/openapi.json" target="_blank" rel="noreferrer">
          {t("docs")}
        </a>
      </p>
      {isNew ? (
        <TokenDialog
          onClose={() => go(to("tokens"))}
          onMade={(token) => {
            setMade(token);
            tokens.reload();
          }}
        />
      ) : null}
      {made ? <MadeDialog token={made} onClose={() => setMade(undefined)} /> : null}
      {revoking ? (
        <ConfirmDialog
          isOpen
          title={t("revokeTitle", { name: revoking.label })}
          text={t("revokeText")}
          confirmLabel={t("revoke")}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await api.del(`/tokens/${revoking.id}`);
            toast.good(t("revoked"));
            tokens.reload();
          }}
        />
      ) : null}
    </>
  );
}

function TokenLine({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const expired = typeof token.expires_at === "number" && token.expires_at <= Date.now();
  return (
    <Row
      lead={
        <span className="ad-row-icon">
          <Icon name="key" />
        </span>
      }
      title={token.label}
      testId="token-row"
      muted={expired}
      badges={
        <>
          {token.role ? <Badge tone="accent">{roleName(token.role)}</Badge> : null}
          {expired ? <Badge tone="bad">{t("expired")}</Badge> : null}
        </>
      }
      detail={
        <>
          {token.created_at ? <span title={fullTime(token.created_at)}>{t("since", { day: day(token.created_at) })}</span> : null}
          <span>{token.last_used_at ? t("used", { day: day(token.last_used_at) }) : t("unused")}</span>
          {expired ? null : <span>{token.expires_at ? t("until", { day: day(token.expires_at) }) : t("never")}</span>}
        </>
      }
      actions={
        <Button size="s" onPress={onRevoke} testId="token-revoke">
          {t("revoke")}
        </Button>
      }
    />
  );
}

interface TokenForm {
  label: string;
  role: Role;
  expiry: Expiry;
}

function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
  const { me } = useSession();
  const blank: TokenForm = { label: "", role: "agent", expiry: "d90" };
  const draft = useDraft<TokenForm>({
    stored: { value: blank, version: undefined },
    put: async (value) => {
      const expires = expiryOf(value.expiry, Date.now());
      const { token } = await api.post<{ id: string; token: string }>("/tokens", { label: value.label.trim(), role: value.role, ...(expires === undefined ? {} : { expires_at: expires }) });
      onMade(token);
      return { value, version: undefined };
    },
    latest: async () => ({ value: blank, version: undefined }),
  });
  const { value, patch } = draft;
  const options: { id: Expiry; label: string }[] = (["d30", "d90", "d365", "never"] as const).map((id) => ({ id, label: t(id) }));
  return (
    <EditDialog title={t("add")} draft={draft} onClose={onClose} canSave={value.label.trim() !== ""} saveLabel={t("create")} saveTestId="token-save" savedText={false}>
      <TextField label={t("label")} hint={t("labelHint")} value={value.label} onChange={(label) => patch({ label })} isRequired maxLength={60} autoFocus testId="token-label" />
      <RadioCards label={t("role")} options={rolesBelow(me.member.role).map((id) => ({ id, label: roleName(id), text: roleText(id) }))} value={value.role} onChange={(role) => patch({ role })} testId="token-role" />
      <Select label={t("expiry")} options={options} value={value.expiry} onChange={(expiry) => patch({ expiry })} hint={value.expiry === "never" ? t("neverNote") : undefined} testId="token-expiry" />
    </EditDialog>
  );
}

function MadeDialog({ token, onClose }: { token: string; onClose: () => void }) {
  const example = `curl -H "Authorization: Bearer ${token}" \\\n  ${location.origin}${API_BASE}/conversations/counts`;
  return (
    <Dialog
      title={t("made")}
      isOpen
      onClose={onClose}
      size="l"
      footer={
        <Button kind="primary" onPress={onClose} testId="token-done">
          {words("done")}
        </Button>
      }
    >
      <Notice tone="warn" icon="key">
        {t("once")}
      </Notice>
      <CopyLine text={token} label={t("token")} testId="token-value" />
      <div className="ad-field-group">
        <span className="ui-label">{t("example")}</span>
        <CodeBlock code={example} label={t("exampleLabel")} />
      </div>
    </Dialog>
  );
}
