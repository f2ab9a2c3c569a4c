// Above the field when a reply is not one's own to give: why, and the one step that changes it.

import { Button, Icon, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { actionsOf } from "../conversation/actions.ts";
import type { Standing } from "../conversation/actions.ts";
import { useDesk, useMemberName } from "../state/context.ts";
import { words } from "../words.ts";

const t = texts({
  resolved: { zh: "会话已解决。重新打开后由您接待，即可回复客户。", en: "Resolved. Reopen it to reply: it becomes yours." },
  held: { zh: "{name}正在接待。您可以写备注，或接手后回复客户。", en: "{name} has it. You can leave a note, or take it over to reply." },
  offered: { zh: "系统邀请您接待此客户。接受后即可回复。", en: "You are asked to take this customer. Accept to reply." },
});

export function ClosedBar({ row, how }: { row: ConversationRow; how: Standing }) {
  const desk = useDesk();
  const memberName = useMemberName();
  const actions = actionsOf(desk, row);
  if (how.offered) {
    return (
      <div className="dk-closed" data-tone="warn">
        <Icon name="bell" size={18} />
        <span className="ui-grow">{t("offered")}</span>
        <Button onPress={() => void actions.decline()}>{words("decline")}</Button>
        <Button kind="good" icon="check" onPress={() => void actions.accept()}>
          {words("accept")}
        </Button>
      </div>
    );
  }
  return (
    <div className="dk-closed">
      <Icon name={how.resolved ? "checkCircle" : "user"} size={18} />
      <span className="ui-grow">{how.resolved ? t("resolved") : t("held", { name: memberName(how.holder) })}</span>
      <Button size="s" icon={how.resolved ? "undo" : "userPlus"} onPress={() => void (how.resolved ? actions.reopen() : actions.take())} testId={how.resolved ? "bar-reopen" : "bar-take"}>
        {how.resolved ? words("reopen") : words("takeOver")}
      </Button>
    </div>
  );
}
