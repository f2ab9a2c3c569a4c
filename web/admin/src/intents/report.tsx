// What is taken for what: figures of the last training, the grid of confusions, and behind each cell its examples, which one click moves.

import { useRef, useState } from "react";
import { Badge, Button, EmptyState, fullTime, Icon, IconButton, listTime, texts, toast } from "@rapport/ui";
import { count, Figures, percent, seconds, ShareMeter } from "../components/figures.tsx";
import { Section } from "../components/section.tsx";
import { to } from "../shell/route.ts";
import { words } from "../shell/words.ts";
import { confusionGrid } from "./confusion.ts";
import type { Grid } from "./confusion.ts";
import { fetchIntents, moveExample, recallTone, removeExample, sameText } from "./data.ts";
import { intentName } from "./name.ts";
import type { Confusion, Intent, IntentFigures, Report } from "./nouns.ts";

const t = texts({
  figures: { zh: "最近一次训练", en: "Last training" },
  accuracy: { zh: "准确率", en: "Accuracy" },
  range: { zh: "95% 区间 {low}–{high}", en: "95 % within {low}–{high}" },
  ece: { zh: "校准误差", en: "Calibration error" },
  eceHint: { zh: "说 80% 把握时，是否真有八成对", en: "Whether “80 %” is right 8 times of 10" },
  taught: { zh: "例句", en: "Examples" },
  taughtHint: { zh: "{n} 个意图", en: "{n} intents" },
  trained: { zh: "训练", en: "Trained" },
  took: { zh: "用时 {s}", en: "took {s}" },
  vectors: { zh: "含语义向量", en: "with sentence vectors" },
  none: { zh: "还没有训练结果", en: "Nothing has been trained yet" },
  noneText: { zh: "给至少两个意图各写 3 条例句，训练会自动进行；之后这里会显示什么容易被认错。", en: "Give at least two intents three examples each. Training follows by itself; then this shows what is easily mistaken." },
  clean: { zh: "没有被认错的例句", en: "No example is mistaken" },
  cleanText: { zh: "交叉验证中每条例句都认对了。再加些真实会话里的说法，结果会更可信。", en: "In cross-validation every example was recognised. Add wordings from real conversations, so that this means more." },
  matrix: { zh: "混淆表", en: "Confusion matrix" },
  matrixText: { zh: "行是例句所属的意图，列是模型的判断。颜色越深，认错越多；点击格子看例句。", en: "Rows are where examples belong, columns what the model said. The darker, the more mistaken; press a cell to see the examples." },
  left: { zh: "另有 {n} 个意图的零星混淆见下表", en: "{n} more intents are confused now and then: see below" },
  truth: { zh: "例句属于", en: "Belongs to" },
  cell: { zh: "“{truth}”被当成“{said}”：{n} 条", en: "“{truth}” taken for “{said}”: {n}" },
  right: { zh: "“{truth}”认对 {n} 条", en: "“{truth}” right: {n}" },
  pairs: { zh: "认错的例句", en: "Mistaken examples" },
  pairsText: { zh: "放错了地方的，挪过去；说法含糊的，删掉或改写得更明确。", en: "Move what sits in the wrong place; delete what is vague, or write it more clearly." },
  takenFor: { zh: "{truth} 被当成 {said}", en: "{truth} taken for {said}" },
  sure: { zh: "把握 {p}", en: "{p} sure" },
  move: { zh: "挪到“{name}”", en: "Move to “{name}”" },
  moved: { zh: "已挪到“{name}”", en: "Moved to “{name}”" },
  undo: { zh: "撤销", en: "Undo" },
  removed: { zh: "已删除例句", en: "The example was deleted" },
  gone: { zh: "已处理", en: "Done" },
  more: { zh: "再显示 {n} 组", en: "{n} more" },
  each: { zh: "各意图表现", en: "Each intent" },
  eachText: { zh: "认出率低：例句太少或和别的意图太像。精确率低：别的话常被误当成它。", en: "Low recall: too few examples, or too like another intent. Low precision: other things are taken for it." },
  intent: { zh: "意图", en: "Intent" },
  recall: { zh: "认出率", en: "Recall" },
  precision: { zh: "精确率", en: "Precision" },
});

const AT_ONCE = 12;

export function ReportTab({ report, intents, may, onChanged }: { report: Report | null; intents: Intent[]; may: boolean; onChanged: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const [drawn, setDrawn] = useState(AT_ONCE);
  const list = useRef<HTMLUListElement>(null);
  if (!report)
    return (
      <div className="ui-card">
        <EmptyState icon="chart" title={t("none")} text={t("noneText")} />
      </div>
    );
  const grid = confusionGrid(report.confusion, report.per_intent);
  const choose = (truth: string, said: string) => {
    const at = report.confusion.findIndex((it) => it.truth === truth && it.said === said);
    setDrawn((it) => Math.max(it, at + 1));
    setChosen(pairId(truth, said));
    requestAnimationFrame(() => {
      const row = list.current?.querySelector<HTMLElement>("[data-open=true]");
      row?.scrollIntoView({ block: "nearest" });
      row?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    });
  };
  return (
    <div className="ad-stack">
      <ReportFigures report={report} />
      {report.confusion.length === 0 ? (
        <div className="ui-card">
          <EmptyState icon="checkCircle" title={t("clean")} text={t("cleanText")} />
        </div>
      ) : (
        <>
          <Section title={t("matrix")} text={t("matrixText")} icon="target" testId="confusion">
            <Matrix grid={grid} chosen={chosen} onChoose={choose} />
            {grid.left > 0 ? <p className="ui-hint">{t("left", { n: grid.left })}</p> : null}
          </Section>
          <Section title={t("pairs")} text={t("pairsText")} icon="edit">
            <ul className="it-pairs" ref={list}>
              {report.confusion.slice(0, drawn).map((pair) => {
                const id = pairId(pair.truth, pair.said);
                return <Pair key={id} pair={pair} open={chosen === id} onToggle={() => setChosen(chosen === id ? undefined : id)} intents={intents} may={may} onChanged={onChanged} />;
              })}
            </ul>
            {report.confusion.length > drawn ? (
              <div className="ad-more">
                <Button onPress={() => setDrawn(drawn + AT_ONCE)}>{t("more", { n: Math.min(AT_ONCE, report.confusion.length - drawn) })}</Button>
              </div>
            ) : null}
          </Section>
        </>
      )}
      <Each figures={report.per_intent} intents={intents} />
    </div>
  );
}

const pairId = (truth: string, said: string) => JSON.stringify([truth, said]);

export function ReportFigures({ report }: { report: Report }) {
  return (
    <Figures
      label={t("figures")}
      testId="report-figures"
      figures={[
        { id: "accuracy", label: t("accuracy"), value: percent(report.accuracy, 1), hint: t("range", { low: percent(report.low, 1), high: percent(report.high, 1) }), ...(report.accuracy >= 0.9 ? { tone: "good" as const } : report.accuracy < 0.75 ? { tone: "warn" as const } : {}) },
        { id: "ece", label: t("ece"), value: percent(report.ece, 1), hint: t("eceHint") },
        { id: "examples", label: t("taught"), value: count(report.examples), hint: t("taughtHint", { n: report.labels.length }) },
        { id: "trained", label: t("trained"), value: <time title={fullTime(report.date)}>{listTime(report.date)}</time>, hint: `${t("took", { s: seconds(report.train_s) })}${report.vectors ? ` · ${t("vectors")}` : ""}` },
      ]}
    />
  );
}

function Matrix({ grid, chosen, onChoose }: { grid: Grid; chosen: string | undefined; onChoose: (truth: string, said: string) => void }) {
  const darkest = Math.max(...grid.rows.flat().map((it) => (it.truth === it.said ? 0 : it.share)), 0.01);
  return (
    <div className="it-matrix-wrap" tabIndex={0} role="group" aria-label={t("matrix")}>
      <table className="it-matrix">
        <thead>
          <tr>
            <th scope="col">{t("truth")}</th>
            {grid.labels.map((name, index) => (
              <th key={name} scope="col" title={intentName(name)}>
                <span aria-hidden="true">{index + 1}</span>
                <span className="ui-hidden">{intentName(name)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row, at) => (
            <tr key={grid.labels[at]}>
              <th scope="row">
                <span className="ui-num">{at + 1}</span> {intentName(grid.labels[at] ?? "")}
              </th>
              {row.map((cell) => {
                if (cell.truth === cell.said)
                  return (
                    <td key={cell.said} data-diagonal title={t("right", { truth: intentName(cell.truth), n: cell.count })}>
                      {cell.count}
                    </td>
                  );
                if (cell.count === 0) return <td key={cell.said} />;
                const name = t("cell", { truth: intentName(cell.truth), said: intentName(cell.said), n: cell.count });
                return (
                  <td key={cell.said}>
                    <button type="button" title={name} aria-label={name} aria-pressed={chosen === pairId(cell.truth, cell.said)} style={{ "--heat": `${Math.round(18 + 82 * (cell.share / darkest))}%` } as React.CSSProperties} data-dark={cell.share / darkest > 0.55 || undefined} onClick={() => onChoose(cell.truth, cell.said)} data-testid="confusion-cell">
                      {cell.count}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pair({ pair, open, onToggle, intents, may, onChanged }: { pair: Confusion; open: boolean; onToggle: () => void; intents: Intent[]; may: boolean; onChanged: () => void }) {
  const [done, setDone] = useState<readonly string[]>([]);
  const truth = intents.find((it) => it.name === pair.truth);
  const said = intents.find((it) => it.name === pair.said);
  const move = async (text: string) => {
    if (!truth || !said) return;
    try {
      await moveExample(text, truth, said);
      setDone((it) => [...it, text]);
      onChanged();
      toast.good(t("moved", { name: intentName(said.name) }), { label: t("undo"), onPress: () => void undo(text) });
    } catch (error) {
      toast.fault(error);
    }
  };
  /** The lists are read anew: numbers of examples have changed. */
  const undo = async (text: string) => {
    if (!truth || !said) return;
    try {
      const now = await fetchIntents();
      const from = now.intents.find((it) => it.id === said.id);
      const into = now.intents.find((it) => it.id === truth.id);
      if (from && into) await moveExample(text, from, into);
      setDone((it) => it.filter((other) => other !== text));
      onChanged();
    } catch (error) {
      toast.fault(error);
    }
  };
  const remove = async (text: string) => {
    const example = truth?.examples.find((it) => sameText(it.text, text));
    if (!truth || !example) return;
    try {
      await removeExample(truth.id, example.id);
      setDone((it) => [...it, text]);
      toast.good(t("removed"));
      onChanged();
    } catch (error) {
      toast.fault(error);
    }
  };
  return (
    <li className="it-pair" data-open={open} data-testid="pair">
      <button type="button" className="it-pair-head" aria-expanded={open} onClick={onToggle}>
        <Icon name={open ? "chevronDown" : "chevronRight"} size={16} />
        <span className="ui-hidden">{t("takenFor", { truth: intentName(pair.truth), said: intentName(pair.said) })}</span>
        <span className="it-pair-names" aria-hidden="true">
          <b>{intentName(pair.truth)}</b>
          <span className="ui-muted">→</span>
          <span>{intentName(pair.said)}</span>
        </span>
        <Badge tone="warn">{count(pair.count)}</Badge>
      </button>
      {open ? (
        <ul className="it-pair-examples">
          {pair.examples.map(({ text, p }) => {
            const gone = done.includes(text) || (truth !== undefined && !truth.examples.some((it) => sameText(it.text, text)));
            return (
              <li key={text} data-gone={gone || undefined}>
                <span className="it-pair-text">{text}</span>
                <small className="ui-num">{t("sure", { p: percent(p) })}</small>
                {gone ? (
                  <Badge tone="good" icon="check">
                    {t("gone")}
                  </Badge>
                ) : may && truth ? (
                  <span className="ui-row">
                    {said ? (
                      <Button size="s" onPress={() => void move(text)} testId="move-example">
                        {t("move", { name: intentName(said.name) })}
                      </Button>
                    ) : null}
                    <IconButton icon="trash" size="s" label={words("removeOf", { name: text })} onPress={() => void remove(text)} />
                  </span>
                ) : null}
              </li>
            );
          })}
        </ul>
      ) : null}
    </li>
  );
}

function Each({ figures, intents }: { figures: IntentFigures[]; intents: Intent[] }) {
  const ids = new Map(intents.map((it) => [it.name, it.id]));
  const rows = [...figures].sort((a, b) => a.recall - b.recall || a.name.localeCompare(b.name));
  return (
    <Section title={t("each")} text={t("eachText")} icon="chart">
      <div className="ui-table-wrap it-each" tabIndex={0} role="group" aria-label={t("each")}>
        <table className="ui-table">
          <thead>
            <tr>
              <th scope="col">{t("intent")}</th>
              <th scope="col">{t("taught")}</th>
              <th scope="col">{t("recall")}</th>
              <th scope="col">{t("precision")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((it) => (
              <tr key={it.name}>
                <td>{ids.has(it.name) ? <a href={to("intents", ids.get(it.name))}>{intentName(it.name)}</a> : intentName(it.name)}</td>
                <td className="ui-num">{count(it.examples)}</td>
                {([["recall", it.recall], ["precision", it.precision]] as const).map(([which, share]) => (
                  <td key={which}>
                    <span className="it-share">
                      <ShareMeter share={share} label={`${t(which)} ${percent(share)}`} tone={recallTone(share)} />
                      <span className="ui-num" aria-hidden="true">
                        {percent(share)}
                      </span>
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
