// Says when the live connection is away, when it is tried again, and that nothing written is lost.

import { useEffect, useState } from "react";
import { Button, Icon, Spinner, texts, toast } from "@rapport/ui";
import { useDesk, useDeskState, useNow } from "../state/context.ts";

const t = texts({
  live: { zh: "已连接", en: "Connected" },
  waiting: { zh: "连接已断开，{seconds} 秒后重试", en: "Connection lost, trying again in {seconds} s" },
  connecting: { zh: "正在重新连接", en: "Reconnecting" },
  catching: { zh: "正在补齐离开期间的消息", en: "Fetching what you missed" },
  kept: { zh: "写下的内容不会丢失，恢复后自动发送", en: "What you write is kept and sent once it is back" },
  now: { zh: "立即重试", en: "Try now" },
  back: { zh: "已重新连接，离开期间的消息都已补齐", en: "Connected again; nothing was missed" },
});

type Look = "live" | "waiting" | "connecting" | "catching";

export function Connection() {
  const desk = useDesk();
  const live = useDeskState((state) => state.live);
  const now = useNow(500);
  const look: Look = live.phase === "live" ? (live.caughtUp ? "live" : "catching") : live.phase === "waiting" ? "waiting" : "connecting";
  // The first connection and quick catching up are nobody's business.
  const troubled = look === "waiting" || (look === "connecting" && live.attempts > 0);
  const [was, setWas] = useState(false);
  useEffect(() => {
    if (troubled) setWas(true);
    else if (was && look === "live") {
      setWas(false);
      toast.good(t("back"));
    }
  }, [troubled, was, look]);
  const seconds = Math.max(1, Math.ceil(((live.retryAt ?? now) - now) / 1000));
  const text = look === "waiting" ? t("waiting", { seconds }) : t(look);
  const shown = troubled || (was && look === "catching");
  return (
    <div className={shown ? "dk-connection" : "ui-hidden"} data-testid="connection" data-state={look}>
      {shown ? look === "waiting" ? <Icon name="wifiOff" size={17} /> : <Spinner size="s" label={text} /> : null}
      <span className="dk-connection-text">{text}</span>
      {/* Told once: the running seconds would be read out again and again. */}
      <span className="ui-hidden" role="status">
        {troubled ? `${t("connecting")}. ${t("kept")}` : ""}
      </span>
      {shown ? <span className="dk-connection-more">{t("kept")}</span> : null}
      {shown && look === "waiting" ? (
        <Button size="s" onPress={() => desk.reconnect()}>
          {t("now")}
        </Button>
      ) : null}
    </div>
  );
}
