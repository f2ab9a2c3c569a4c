// How the customer felt, turn by turn, where they agreed that it is noticed: a line with the turns that moved it and their words, the
// same as a table, and what was done for them. Without consent there is nothing, and that is said.

import { useEffect, useRef } from "react";
import { Badge, Button, Icon, IconButton, Menu, Skeleton, api, clock, fullTime, texts, toast, useLoad } from "@rapport/ui";
import type { CareDone, ConversationRow, FeelingState, MoodPoint, MoodView } from "@rapport/ui";
import { useDesk } from "../state/context.ts";
import type { Desk } from "../state/desk.ts";
import { words } from "../words.ts";
import { becauseOf } from "../conversation/step-words.ts";
import { jumpTo } from "./jump.ts";
import { Compensations } from "./compensations.tsx";
import { HEIGHT, WIDTH, heightOf, turnsOf, wordsOf } from "./trend.ts";
import type { Turn } from "./trend.ts";

const t = texts({
  title: { zh: "情绪走势", en: "How they feel" },
  none: { zh: "客户未同意留意情绪：不推断，也不记录。", en: "No consent: nothing is inferred, and nothing is kept." },
  waiting: { zh: "客户已同意。还没有可供判断的消息。", en: "The customer agreed. There is nothing to go by yet." },
  tense: { zh: "不满或愤怒的可能性 {percent}%", en: "{percent}% likely upset or angry" },
  raised: { zh: "自 {time} 起需要关注", en: "Needs attention since {time}" },
  summary: { zh: "情绪走势：{turns} 轮，目前{state}，效价 {valence}", en: "How they feel: {turns} turns, now {state}, valence {valence}" },
  better: { zh: "好", en: "good" },
  worse: { zh: "差", en: "bad" },
  turn: { zh: "{time} {state}，{step}：{words}。跳到这条消息", en: "{time} {state}, {step}: {words}. Go to the message" },
  up: { zh: "好转", en: "better" },
  down: { zh: "变差", en: "worse" },
  moving: { zh: "影响较大的几轮", en: "Turns that moved it" },
  actually: { zh: "其实是…", en: "Actually…" },
  actuallyOf: { zh: "{time} 这条其实是…", en: "Actually, at {time} they were…" },
  learned: { zh: "已学会：以后类似的话按“{state}”识别", en: "Learned: similar words are read as {state} from now on" },
  table: { zh: "以表格查看", en: "As a table" },
  time: { zh: "时间", en: "Time" },
  state: { zh: "状态", en: "State" },
  valence: { zh: "效价", en: "Valence" },
  because: { zh: "依据", en: "Because of" },
  care: { zh: "已采取的关怀", en: "What was done" },
  undone: { zh: "{time} 结束", en: "over at {time}" },
  basis: { zh: "经客户同意，仅用于更好地服务", en: "With the customer's consent, only to serve them better" },
  retry: { zh: "重试", en: "Try again" },
});

const TONES: Record<FeelingState, "good" | "neutral" | "warn" | "bad"> = { calm: "good", concerned: "neutral", upset: "warn", angry: "bad" };

export function MoodCard({ row }: { row: ConversationRow }) {
  const { data, fault, reload } = useLoad(`mood-${row.id}`, () => api.get<MoodView>(`/conversations/${row.id}/mood`));
  const read = useRef(row.last_seq);
  useEffect(() => {
    if (row.last_seq === read.current) return;
    read.current = row.last_seq;
    reload();
  }, [row.last_seq, reload]);
  const none = fault?.code === "consent.none" || data?.consented === false;
  return (
    <section className="dk-card dk-mood" aria-labelledby="dk-mood-title" data-testid="mood" data-consented={data?.consented ?? false}>
      <h3 id="dk-mood-title">{t("title")}</h3>
      {none ? (
        <p className="dk-mood-none" data-testid="mood-none">
          <Icon name="shield" size={16} />
          {t("none")}
        </p>
      ) : data ? (
        <Felt row={row} view={data} />
      ) : fault ? (
        <Button size="s" kind="quiet" icon="refresh" onPress={reload}>
          {fault.message} · {t("retry")}
        </Button>
      ) : (
        <Skeleton height={72} />
      )}
      <Compensations row={row} />
    </section>
  );
}

function Felt({ row, view }: { row: ConversationRow; view: MoodView }) {
  const desk = useDesk();
  const turns = turnsOf(view.points);
  const last = view.points.at(-1);
  const jump = (seq: number) => void jumpTo(desk, row.id, seq);
  if (!last) return <p className="ui-muted">{t("waiting")}</p>;
  return (
    <>
      <div className="dk-mood-now" data-testid="mood-now" data-state={last.state}>
        <Badge tone={TONES[last.state]}>{words(last.state)}</Badge>
        <span>{t("tense", { percent: percentOf(last.tense) })}</span>
      </div>
      {view.level === "raised" && view.since ? (
        <p className="dk-mood-raised">
          <Icon name="warning" size={14} />
          {t("raised", { time: clock(view.since) })}
        </p>
      ) : null}
      <Line turns={turns} last={last} jump={jump} />
      <Moving turns={turns.filter((it) => it.moved)} jump={jump} conversation={row.id} />
      <AsTable turns={turns} jump={jump} conversation={row.id} />
      <Done care={view.care} desk={desk} row={row} />
      <p className="dk-mood-basis">{t("basis")}</p>
    </>
  );
}

/** Nothing that is felt is certain. */
function percentOf(p: number): string {
  if (p > 0.99) return ">99";
  return p < 0.01 ? "<1" : String(Math.round(p * 100));
}

interface Jumping {
  jump: (seq: number) => void;
}

function Line({ turns, last, jump }: { turns: Turn[]; last: MoodPoint } & Jumping) {
  const path = turns.map((it, index) => `${index === 0 ? "M" : "L"}${it.x.toFixed(1)} ${it.y.toFixed(1)}`).join("");
  return (
    <div className="dk-trend" data-testid="trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("summary", { turns: turns.length, state: words(last.state), valence: last.valence.toFixed(2) })}>
        <line x1="0" x2={WIDTH} y1={heightOf(0)} y2={heightOf(0)} className="dk-trend-zero" />
        <text x="2" y="10" className="dk-trend-end">
          {t("better")}
        </text>
        <text x="2" y={HEIGHT - 3} className="dk-trend-end">
          {t("worse")}
        </text>
        <path d={path} className="dk-trend-line" />
        {turns.map((it) => (
          <circle key={it.point.seq} cx={it.x} cy={it.y} r={it.moved ? 4 : 2.2} data-state={it.point.state} />
        ))}
      </svg>
      {turns.map((it) =>
        it.moved ? (
          <button key={it.point.seq} type="button" style={{ left: `${(it.x / WIDTH) * 100}%`, top: `${(it.y / HEIGHT) * 100}%` }} aria-label={turnLabel(it)} title={wordsOf(it.point).join(" · ")} onClick={() => jump(it.point.seq)} data-testid="trend-turn" data-seq={it.point.seq} />
        ) : null,
      )}
    </div>
  );
}

function turnLabel({ point, step }: Turn): string {
  return t("turn", { time: clock(point.at), state: words(point.state), step: t(step < 0 ? "down" : "up"), words: wordsOf(point).join(" · ") });
}

const STATES: readonly FeelingState[] = ["calm", "concerned", "upset", "angry"];

/** Says how they really felt: the message becomes an example, and similar ones are read so. */
function Actually({ point, conversation }: { point: MoodPoint; conversation: string }) {
  const teach = async (state: FeelingState) => {
    try {
      await api.post(`/conversations/${conversation}/entries/${point.seq}/feeling`, { state });
      toast.good(t("learned", { state: words(state) }));
    } catch (error) {
      toast.fault(error);
    }
  };
  const items = STATES.map((state) => ({ id: state, label: words(state), testId: `actually-${state}`, onAction: () => void teach(state) }));
  return <Menu label={t("actually")} groups={[{ items }]} trigger={<IconButton icon="edit" size="s" label={t("actuallyOf", { time: clock(point.at) })} testId="actually" />} />;
}

function Moving({ turns, jump, conversation }: { turns: Turn[]; conversation: string } & Jumping) {
  if (turns.length === 0) return null;
  return (
    <>
      <h4>{t("moving")}</h4>
      <ul className="dk-moving">
        {turns.map((it) => (
          <li key={it.point.seq}>
            <button type="button" onClick={() => jump(it.point.seq)} aria-label={turnLabel(it)} data-testid="moving-turn">
              <time className="ui-num">{clock(it.point.at)}</time>
              <span className="dk-moving-step" data-down={it.step < 0}>
                <Icon name={it.step < 0 ? "arrowDown" : "arrowUp"} size={13} />
                {t(it.step < 0 ? "down" : "up")}
              </span>
              <span className="dk-moving-words">
                {wordsOf(it.point).map((what) => (
                  <mark key={what}>{what}</mark>
                ))}
              </span>
            </button>
            <Actually point={it.point} conversation={conversation} />
          </li>
        ))}
      </ul>
    </>
  );
}

function AsTable({ turns, jump, conversation }: { turns: Turn[]; conversation: string } & Jumping) {
  return (
    <details className="dk-mood-table">
      <summary>{t("table")}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("time")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("valence")}</th>
            <th scope="col">{t("because")}</th>
            <th scope="col">
              <span className="ui-hidden">{t("actually")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {turns.map(({ point }) => (
            <tr key={point.seq}>
              <td>
                <button type="button" className="dk-link ui-num" onClick={() => jump(point.seq)}>
                  {clock(point.at)}
                </button>
              </td>
              <td>{words(point.state)}</td>
              <td className="ui-num">{point.valence.toFixed(2)}</td>
              <td>{wordsOf(point).join(" · ")}</td>
              <td>
                <Actually point={point} conversation={conversation} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Done({ care, desk, row }: { care: CareDone[]; desk: Desk; row: ConversationRow }) {
  // Two rules that do the same at the same time did it once.
  const each = care.filter((it, index) => care.findIndex((other) => other.act === it.act && other.at === it.at) === index);
  if (each.length === 0) return null;
  return (
    <>
      <h4>{t("care")}</h4>
      <ul className="dk-done">
        {each.map((it, index) => {
          // What is done at one time rests on the same: told once.
          const because = each[index - 1]?.at === it.at ? "" : becauseOf(it.reasons);
          return (
            <li key={`${it.seq}-${it.act}`} data-testid="care-done" data-act={it.act} data-undone={Boolean(it.undone_at)}>
              <button type="button" className="dk-link ui-num" title={fullTime(it.at)} onClick={() => void jumpTo(desk, row.id, it.seq)}>
                {clock(it.at)}
              </button>
              <span>
                {words(it.act)}
                {it.undone_at ? <small> · {t("undone", { time: clock(it.undone_at) })}</small> : null}
                {because ? <small className="dk-done-because">{because}</small> : null}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
