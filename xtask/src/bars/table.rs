//! Every bar: its name, what it measures, its target, and the command that measures it.

/// One command and the bars it prints.
pub(crate) struct Source {
    /// From the root of the repository; split at blanks.
    pub(crate) command: &'static str,
    pub(crate) bars: &'static [Bar],
}

pub(crate) struct Bar {
    /// Stable, as printed in `BAR {"name":…}`.
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) target: &'static str,
}

const fn bar(name: &'static str, what: &'static str, target: &'static str) -> Bar {
    Bar { name, what, target }
}

// Tests are run as those of the workspace, so that all of them come from one build.
pub(crate) const SOURCES: &[Source] = &[
    Source {
        command: "cargo test --workspace --locked --test sabotage --test seeds --test stories -- --show-output",
        bars: &[
            bar("sim-seeds", "seeds simulated, each with every invariant", "≥ 200, none fails"),
            bar("sim-sabotage", "deliberate faults in the product that the invariants notice", "all"),
            bar("stories-simulator", "stories played in the simulator", "all"),
            bar("story-30-days", "30 days: snooze, holiday with its working weekend, CSAT reminder", "< 1 s"),
        ],
    },
    Source {
        command: "cargo test --workspace --locked --test story -- --show-output",
        bars: &[bar("stories-binary", "the same stories against the real binary with real clients", "all")],
    },
    Source {
        command: "cargo test --workspace --locked --test durability -- --show-output",
        bars: &[
            bar("crash-cycles", "kill -9 under load, 32 senders: acknowledged messages lost, doubled, out of order", "0 in 100 cycles"),
            bar("crash-restart", "restart to ready after kill -9, worst of the cycles", "< 2 s"),
            bar("power-loss", "writes that were not synced are dropped: acknowledged messages lost", "0 at 50 points"),
        ],
    },
    Source {
        command: "cargo test --workspace --locked --test malformed_frames -- --show-output",
        bars: &[bar("malformed-frames", "malformed live frames: a stable code, no panic", "10,000")],
    },
    Source {
        command: "cargo test --workspace --locked --test audit_tamper --test dark_patterns --test non_interference --test policies -- --show-output",
        bars: &[
            bar("non-interference", "random contexts with all feelings flipped: marketing, prices or recommendations that move, but for being held back", "0 leaks in 10,000"),
            bar("policy-mutation", "forbids whose removal the table of policies notices", "all"),
            bar("audit-tamper", "entries of the audit log flipped, dropped, moved, cut off or written anew: found", "all"),
            bar("dark-patterns", "manipulation in message templates, on a labelled list of its own: precision and recall", "≥ 0.9 each on the list"),
        ],
    },
    Source {
        command: "cargo test --workspace --locked --test malformed -- --show-output",
        bars: &[
            bar("malformed-imports", "malformed Markdown, HTML, CSV and XLSX imports: an error with its place, no panic, memory bounded", "10,000 a form"),
            bar("malformed-bodies", "malformed request bodies against the real binary: a stable code, no lost message", "10,000"),
            bar("malformed-uploads", "malformed uploads: a stable code, memory bounded", "10,000"),
            bar("malformed-teachings", "malformed files of examples and terms: a stable code, taken whole or not at all", "1,000"),
        ],
    },
    Source {
        command: "cargo test --workspace --locked --test malformed_wechat --test malformed_wecom --test malformed_dingtalk --test malformed_feishu --test malformed_telegram --test malformed_meta --test malformed_sms --test malformed_webhook --test malformed_mail --test malformed_smtp --test mail_threading -- --show-output",
        bars: &[
            bar("malformed-wechat", "malformed callbacks of WeChat: refused or read, no panic", "10,000"),
            bar("malformed-wecom", "the same of WeCom and WeChat customer service", "10,000"),
            bar("malformed-dingtalk", "the same of DingTalk", "10,000"),
            bar("malformed-feishu", "the same of Feishu", "10,000"),
            bar("malformed-telegram", "the same of Telegram", "10,000"),
            bar("malformed-whatsapp", "the same of WhatsApp", "10,000"),
            bar("malformed-messenger", "the same of Messenger", "10,000"),
            bar("malformed-instagram", "the same of Instagram", "10,000"),
            bar("malformed-twilio", "the same of Twilio", "10,000"),
            bar("malformed-aliyun", "the same of Alibaba Cloud's short messages", "10,000"),
            bar("malformed-api", "the same of the open channel", "10,000"),
            bar("malformed-webhook", "malformed signatures of webhooks: refused, no panic", "10,000"),
            bar("malformed-mail", "malformed mails: refused or read, no panic", "10,000"),
            bar("malformed-smtp", "malformed SMTP dialogues: answered, no panic", "10,000"),
            bar("mail-threading", "mails of which it is known where they belong: all there, none elsewhere", "≥ 120, all"),
        ],
    },
    Source { command: "fuzz/run 60", bars: &[bar("fuzz", "fuzz targets of frames, Markdown, HTML, tables and understanding, a minute each", "nothing found")] },
    Source {
        command: "cargo test --workspace --locked --test strangers -- --show-output",
        bars: &[bar("strangers", "every route and live event × {anonymous, other tenant, wrong role}: refused; none without a row", "all")],
    },
    Source {
        command: "cargo test --workspace --locked --test store -- --show-output",
        bars: &[bar("store-contract", "the store's contract suite on SQLite and PostgreSQL", "both")],
    },
    Source {
        command: "node tests/e2e/run.mjs",
        bars: &[
            bar("e2e_zh", "the newcomer's story in real Chromium, two browsers, in Chinese", "whole"),
            bar("e2e_en", "the same in English", "whole"),
            bar("cut_60s_lost", "60 s of network cut in the middle: messages lost", "0"),
            bar("cut_60s_duplicated", "the same: messages doubled", "0"),
            bar("kill9_lost", "kill -9 of the server in the middle: messages lost", "0"),
            bar("kill9_duplicated", "the same: messages doubled", "0"),
            bar("axe_violations", "accessibility faults that axe finds on the pages of the story", "0"),
        ],
    },
    Source {
        command: "node web/scripts/sizes.mjs --bars",
        bars: &[
            bar("widget-loader", "widget loader, gzip", "≤ 5 KiB"),
            bar("widget-whole", "whole widget, gzip", "≤ 40 KiB"),
            bar("desk-first-visit", "agent desk, first visit, gzip", "≤ 260 KiB"),
            bar("admin-first-visit", "administration, first visit, gzip", "≤ 260 KiB"),
        ],
    },
    Source {
        command: "cargo run --release --quiet --package rapport-quality --bin rapport-quality -- retrieval",
        bars: &[
            bar("retrieval-first", "Chinese paragraphs by question (CMRC2018): the right one first", "see quality/"),
            bar("retrieval", "the same, against BM25 over a segmenter's words in the same run", "≥ the baseline"),
            bar("retrieval-lead-low", "lower end of the lead's 95 % interval", "≥ 0"),
        ],
    },
    Source {
        command: "cargo run --release --quiet --package rapport-quality --bin rapport-quality -- answers",
        bars: &[
            bar("answers-right", "held-out demo questions that the knowledge holds: answered right", "see quality/"),
            bar("answers-refused", "held-out demo questions that it does not hold: refused", "see quality/"),
        ],
    },
    Source {
        command: "cargo run --release --quiet --package rapport-quality --bin rapport-quality -- intent",
        bars: &[
            bar("intent-clinc150", "CLINC150 in five folds: accuracy within scope", "≥ 0.935"),
            bar("intent-clinc150-ece", "the same: calibration error", "≤ 0.03"),
            bar("intent-oos-auroc", "the same: out of scope against within, AUROC", "≥ 0.95"),
            bar("intent-oos-recall", "the same: out of scope found where 95 % within are kept", "≥ 0.75"),
            bar("intent-train", "training on 14,400 examples of 150 intents, one core, seconds", "≤ 20"),
            bar("intent-model", "that model, MB", "≤ 50"),
            bar("intent-banking77", "BANKING77 in five folds: accuracy", "≥ 0.925"),
            bar("intent-banking77-ece", "the same: calibration error", "≤ 0.03"),
            bar("intent-smp2020", "SMP2020 in five folds: accuracy", "≥ 0.945"),
            bar("intent-smp2020-ece", "the same: calibration error", "≤ 0.03"),
            bar("intent-10-shot", "CLINC150 with 10 examples an intent: accuracy", "≥ 0.85"),
            bar("intent-5-shot", "CLINC150 with 5 examples an intent: accuracy", "≥ 0.78"),
            bar("understanding-p99", "intent, feeling and language of a message, p99 on one core, ms", "≤ 5"),
        ],
    },
    Source {
        command: "cargo run --release --quiet --package rapport-quality --bin rapport-quality -- dialect",
        bars: &[
            bar("dialect-seen-drop", "intents of Chinese sentences said in dialect that the lexicon holds: accuracy lost", "≤ 0.02"),
            bar("dialect-unseen-drop", "the same in dialect that it does not hold", "≤ 0.08"),
            bar("homophone-drop", "the same sentences with a tenth of their characters misheard", "≤ 0.05"),
        ],
    },
    Source {
        command: "cargo run --release --quiet --package rapport-quality --bin rapport-quality -- emotion",
        bars: &[
            bar("emotion-ewect", "Chinese emotions (EWECT), trained on a firm's labels, cross-validated: macro-F1", "≥ 0.70"),
            bar("emotion-ewect-shipped", "the same with nothing but what ships", "≥ 0.45"),
            bar("emotion-ekman", "English emotions (GoEmotions, groups of Ekman): macro-F1", "≥ 0.60"),
            bar("satisfaction", "mood with readers' votes on satisfaction (STC-3): Spearman", "≥ 0.35"),
        ],
    },
    Source {
        command: "cargo run --release --quiet --package rapport-quality --bin rapport-quality -- escalation",
        bars: &[
            bar("escalation-recall", "scripted dialogues nothing was tuned to: escalations found by the turn that tips", "≥ 0.9"),
            bar("escalation-false", "the same: dialogues flagged that do not escalate", "≤ 0.05"),
            bar("escalation-turns-ahead", "the same: the customer's turns ahead, median", "≥ 1"),
        ],
    },
    Source {
        command: "make bench",
        bars: &[
            bar("throughput-64", "messages/s at 64 senders, product to bare path", "≥ 0.7 (aim 1.5)"),
            bar("p99-64", "p99 from the customer's socket to the agent's at 64 senders, product to bare path", "≤ 2"),
            bar("idle-visitor", "memory an idle visitor at 10,000 sockets", "≤ 16 KiB"),
            bar("idle-server", "memory of the idle server", "≤ 80 MiB"),
            bar("start-to-ready", "start to ready", "≤ 1 s"),
            bar("growth-p99", "p99 with 1,000,000 messages stored, to p99 with 1,000", "≤ 1.5"),
            bar("learning-p99", "p99 of 64 talking visitors while 15,000 examples of 150 intents are learned, to p99 before", "≤ 2"),
        ],
    },
    Source { command: "make quick", bars: &[bar("quick", "the inner loop, warm", "≤ 120 s")] },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::SOURCES;

    #[test]
    fn names_are_unique_and_fit_a_file_name() {
        let mut seen = BTreeSet::new();
        for bar in SOURCES.iter().flat_map(|it| it.bars) {
            assert!(seen.insert(bar.name), "{} stands twice", bar.name);
            assert!(bar.name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-' || it == b'_'), "{}", bar.name);
        }
    }
}
