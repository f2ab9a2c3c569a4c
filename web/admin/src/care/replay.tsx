// Playing a conversation again: at each message of the customer, what the rules would do and what moved them.

import { useState } from "react";
import { api, Badge, Button, clock, ComboBox, EmptyState, ErrorState, Fault, Icon, Notice, pick, Spinner, texts, useLoad } from "@rapport/ui";
import type { ConversationRow, Entry, Page, Tone } from "@rapport/ui";
import { percent } from "../components/figures.tsx";
import type { FeelingState, ReplayTurn } from "./nouns.ts";
import { TrendLine } from "./trend.tsx";
import { actName, feelingName } from "./words.ts";

const t = texts({
  intro: { zh: "选一个会话，看现在启用的规则在客户每句话之后会做什么、凭什么。只是推演，什么也不会发生。", en: "Choose a conversation and see what the rules that are on would do after each message, and why. Nothing happens by it." },
  conversation: { zh: "会话", en: "Conversation" },
  choose: { zh: "输入编号、客户或内容", en: "Number, customer or text" },
  play: { zh: "推演", en: "Play" },
  customer: { zh: "未留名的客户", en: "No name" },
  noConsent: { zh: "这位客户没有同意感知情绪，或已撤回", en: "This customer has not agreed, or has taken it back" },
  noConsentText: { zh: "没有同意就没有任何记录，因此没有可推演的内容。", en: "Without consent nothing is kept, so there is nothing to play." },
  nothing: { zh: "没有感知到的消息", en: "Nothing was noticed" },
  nothingText: { zh: "同意之后客户还没有写过文字。", en: "The customer wrote nothing since agreeing." },
  moved: { zh: "凭这些字词：{words}", en: "By these words: {words}" },
  does: { zh: "“{rule}”：{act}", en: "“{rule}”: {act}" },
  ends: { zh: "“{rule}”结束：情绪已恢复", en: "“{rule}” ends: the customer is well again" },
  none: { zh: "什么也不做", en: "Nothing is done" },
  anxious: { zh: "焦急 {p}", en: "anxious {p}" },
  urgent: { zh: "紧急 {p}", en: "urgent {p}" },
  turns: { zh: "逐句推演", en: "Turn by turn" },
  raised: { zh: "持续偏高", en: "Level raised" },
});

const TONE: Record<FeelingState, Tone> = { calm: "good", concerned: "accent", upset: "warn", angry: "bad" };
/** Signals of one message are shown from here on. */
const WORTH_SAYING = 0.5;

export function ReplayTab({ first }: { first: string | undefined }) {
  const conversations = useLoad("replay-conversations", async () => (await api.get<Page<ConversationRow>>("/conversations", { query: { view: "all", limit: 50 } })).items);
  const done = useLoad("replay-done", async () => (await api.get<Page<ConversationRow>>("/conversations", { query: { view: "done", limit: 50 } })).items);
  const [chosen, setChosen] = useState<string | null>(first ?? null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [played, setPlayed] = useState<{ turns: ReplayTurn[]; said: Map<number, string> }>();
  const rows = [...(conversations.data ?? []), ...(done.data ?? [])];
  const options = [...new Map(rows.map((it) => [it.id, it])).values()].map((it) => ({ id: it.id, label: `#${it.number} ${it.contact.name || t("customer")}`, ...(it.last_message?.text ? { detail: it.last_message.text.slice(0, 60) } : {}) }));
  const play = async () => {
    if (!chosen) return;
    setBusy(true);
    setFault(undefined);
    setPlayed(undefined);
    try {
      const { turns } = await api.post<{ turns: ReplayTurn[] }>("/care/replay", { conversation: chosen });
      const entries = await api.get<Page<Entry>>(`/conversations/${chosen}/entries`, { query: { limit: 200 } });
      setPlayed({ turns, said: new Map(entries.items.flatMap((it) => (it.event.kind === "message_received" && it.event.message.content.type === "text" ? [[it.seq, it.event.message.content.text] as const] : []))) });
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="ad-stack cr-tab">
      <div className="ui-card ui-card-body cr-replay">
        <p className="ui-muted">{t("intro")}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void play();
          }}
        >
          <ComboBox label={t("conversation")} options={options} value={chosen} onChange={setChosen} placeholder={t("choose")} testId="replay-conversation" />
          <Button type="submit" kind="primary" icon="play" busy={busy} isDisabled={!chosen} testId="replay-play">
            {t("play")}
          </Button>
        </form>
      </div>
      <div aria-live="polite" className="ad-stack">
        {busy ? <Spinner /> : null}
        {fault?.code === "consent.none" ? (
          <Notice icon="lock">
            <b>{t("noConsent")}</b>
            <div className="ui-muted">{t("noConsentText")}</div>
          </Notice>
        ) : fault ? (
          <ErrorState fault={fault} retry={() => void play()} />
        ) : null}
        {played ? <Played {...played} /> : null}
      </div>
    </div>
  );
}

function Played({ turns, said }: { turns: ReplayTurn[]; said: Map<number, string> }) {
  if (turns.length === 0)
    return (
      <div className="ui-card">
        <EmptyState icon="heart" title={t("nothing")} text={t("nothingText")} />
      </div>
    );
  return (
    <section className="ui-card cr-played" aria-label={t("turns")} data-testid="replayed">
      <TrendLine points={turns.map((it) => ({ at: it.at, valence: it.felt.valence, state: it.felt.state }))} />
      <ol>
        {turns.map((turn) => (
          <li key={turn.seq} data-testid="replay-turn">
            <div className="cr-turn-head">
              <Badge tone={TONE[turn.felt.state]}>{feelingName(turn.felt.state)}</Badge>
              {turn.felt.raised ? <Badge tone="warn">{t("raised")}</Badge> : null}
              {turn.felt.anxious >= WORTH_SAYING ? <Badge>{t("anxious", { p: percent(turn.felt.anxious) })}</Badge> : null}
              {turn.felt.urgent >= WORTH_SAYING ? <Badge>{t("urgent", { p: percent(turn.felt.urgent) })}</Badge> : null}
              <time>{clock(turn.at)}</time>
            </div>
            {said.has(turn.seq) ? <p className="cr-turn-text">{said.get(turn.seq)}</p> : null}
            {turn.because && turn.because !== "-" ? <p className="ui-hint">{t("moved", { words: turn.because })}</p> : null}
            <ul className="cr-turn-acts">
              {turn.take.map((it, index) => (
                <li key={index}>
                  <Icon name="chevronRight" size={15} />
                  {t("does", { rule: pick(it.name), act: actName(it.act) })}
                </li>
              ))}
              {turn.end.map((it) => (
                <li key={it.rule} data-end>
                  <Icon name="undo" size={15} />
                  {t("ends", { rule: pick(it.name) })}
                </li>
              ))}
              {turn.take.length + turn.end.length === 0 ? <li className="ui-muted">{t("none")}</li> : null}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
