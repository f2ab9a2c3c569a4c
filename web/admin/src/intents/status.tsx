// Whether what is taught is already in the model: training with its progress, examples that wait for it, training at once.

import { useState } from "react";
import { api, Button, Notice, texts, toast } from "@rapport/ui";
import { percent } from "../components/figures.tsx";
import type { Intents } from "./nouns.ts";

const t = texts({
  running: { zh: "正在训练新模型", en: "Training a new model" },
  runningText: { zh: "训练期间照常服务；新例句已经能被认出。", en: "Service goes on meanwhile; new examples are recognised already." },
  stale: { zh: "有新例句还没有进入模型", en: "There are examples the model has not seen" },
  staleText: { zh: "它们已按相近例句生效；重新训练后会更准。", en: "They count by likeness already; after training they count fully." },
  train: { zh: "立即训练", en: "Train at once" },
  started: { zh: "已开始训练", en: "Training has begun" },
});

export function TrainingStatus({ of, may, onStarted }: { of: Intents; may: boolean; onStarted: () => void }) {
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      await api.post("/intents/train", {});
      toast.good(t("started"));
      onStarted();
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(false);
    }
  };
  if (of.training?.running) {
    const { done_share } = of.training;
    return (
      <Notice icon="refresh">
        <div className="it-training" data-testid="training">
          <div>
            <b>{t("running")}</b>
            <div className="ui-muted">{t("runningText")}</div>
          </div>
          <span className="it-training-bar">
            <progress max={1} value={done_share} aria-label={t("running")} />
            <span className="ui-num">{percent(done_share)}</span>
          </span>
        </div>
      </Notice>
    );
  }
  if (!of.stale) return null;
  return (
    <Notice tone="warn" icon="hourglass">
      <div className="it-training" data-testid="stale">
        <div>
          <b>{t("stale")}</b>
          <div className="ui-muted">{t("staleText")}</div>
        </div>
        {may ? (
          <Button size="s" busy={busy} onPress={() => void start()} testId="train">
            {t("train")}
          </Button>
        ) : null}
      </div>
    </Notice>
  );
}
