// Putting a conversation aside: a few usual times, or any other.

import { useState } from "react";
import { FormDialog, Icon, IconButton, TextField, dateTime, texts } from "@rapport/ui";
import { useDeskState } from "../state/context.ts";
import { openMenu, useUi } from "../shell/ui.ts";
import { words } from "../words.ts";
import { Anchored, PickList } from "../shell/pick-menu.tsx";
import type { HeadMenuProps } from "./head.tsx";
import { localInput, snoozeTimes } from "./snooze-times.ts";

const t = texts({
  hour: { zh: "1 小时后", en: "In an hour" },
  afternoon: { zh: "今天下午", en: "This afternoon" },
  tomorrow: { zh: "明天上午", en: "Tomorrow morning" },
  monday: { zh: "下周一上午", en: "Monday morning" },
  other: { zh: "其他时间…", en: "Another time…" },
  title: { zh: "暂缓到什么时候？", en: "Put aside until when?" },
  label: { zh: "日期与时间", en: "Date and time" },
  hint: { zh: "到时自动回到列表；客户在此之前来信会立即恢复。", en: "It comes back by itself, or at once when the customer writes." },
  past: { zh: "请选择将来的时间", en: "Choose a time that lies ahead" },
});

export function SnoozeMenu({ how, actions, anchor }: HeadMenuProps) {
  const open = useUi((it) => it.menu === "snooze");
  const skew = useDeskState((state) => state.skewMs);
  const [asking, setAsking] = useState(false);
  const [text, setText] = useState("");
  const at = new Date(text).getTime();
  const past = text !== "" && !(at > Date.now());
  const show = (it: boolean) => openMenu(it ? "snooze" : undefined);
  const ask = () => {
    setText(localInput(Date.now() + 2 * 3_600_000));
    setAsking(true);
  };
  return (
    <>
      <Anchored label={words("snooze")} isOpen={open} onOpenChange={show} anchor={anchor} trigger={anchor ? undefined : <IconButton icon="moon" label={words("snooze")} keys="S" active={how.snoozed} testId="action-snooze" placement="bottom" />}>
        <PickList
          label={words("snooze")}
          onDone={() => show(false)}
          groups={[
            { items: how.snoozed ? [{ id: "wake", label: words("wake"), icon: <Icon name="sun" />, testId: "snooze-wake", onAction: () => void actions.wake() }] : [] },
            { items: snoozeTimes(Date.now()).map((it) => ({ id: it.key, label: t(it.key), detail: dateTime(it.at), icon: <Icon name="clock" />, testId: `snooze-${it.key}`, onAction: () => void actions.snooze(Math.round(it.at - skew)) })) },
            { items: [{ id: "other", label: t("other"), icon: <Icon name="calendar" />, testId: "snooze-other", onAction: ask }] },
          ]}
        />
      </Anchored>
      <FormDialog
        title={t("title")}
        size="s"
        isOpen={asking}
        onClose={() => setAsking(false)}
        submitLabel={words("snooze")}
        submitTestId="snooze-save"
        canSubmit={text !== "" && !past}
        onSubmit={async () => {
          setAsking(false);
          await actions.snooze(at - skew);
        }}
      >
        <TextField label={t("label")} type="datetime-local" value={text} onChange={setText} min={localInput(Date.now())} hint={t("hint")} error={past ? t("past") : undefined} testId="snooze-time" />
      </FormDialog>
    </>
  );
}
