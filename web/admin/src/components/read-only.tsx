// What people see who may look but not change: whom they can ask.

import { Notice, texts, useLoad } from "@rapport/ui";
import type { MemberRow, Role } from "@rapport/ui";
import { fetchAll } from "../shell/data.ts";
import { atLeast, useMay } from "../shell/session.ts";

const t = texts({
  text: { zh: "您可以查看此页面，但不能修改。需要修改时，请联系：{names}", en: "You can look at this page but not change it. To have something changed, ask {names}" },
  textOnly: { zh: "您可以查看此页面，但不能修改。需要修改时，请联系管理员。", en: "You can look at this page but not change it. To have something changed, ask an administrator." },
  closed: { zh: "此页面仅管理员可用。需要时，请联系：{names}", en: "This page is for administrators. If you need something here, ask {names}" },
  closedOnly: { zh: "此页面仅管理员可用。", en: "This page is for administrators." },
  and: { zh: "、", en: ", " },
});

function Names({ needed, closed }: { needed: Role; closed: boolean }) {
  const members = useLoad("ask-admin", () => fetchAll<MemberRow>("/members"));
  const names = (members.data ?? [])
    .filter((it) => it.active && atLeast(it.role, needed) && atLeast(it.role, "administrator"))
    .slice(0, 3)
    .map((it) => it.name)
    .join(t("and"));
  if (closed) return names ? t("closed", { names }) : t("closedOnly");
  return names ? t("text", { names }) : t("textOnly");
}

/** Shown only to those whose role is below `needed`. */
export function ReadOnlyNotice({ needed = "administrator", closed = false }: { needed?: Role; closed?: boolean }) {
  const may = useMay(needed);
  if (may) return null;
  return (
    <Notice icon="info">
      <Names needed={needed} closed={closed} />
    </Notice>
  );
}
