// What always holds, whoever wishes otherwise: the policies that ship, in plain words.

import { texts } from "@rapport/ui";
import { ButtonLink, Section } from "../components/section.tsx";
import { to } from "../shell/route.ts";

const t = texts({
  title: { zh: "始终有效的规则", en: "What always holds" },
  text: { zh: "这些规则写在程序里，管理员也不能关闭；每次判断都写进防篡改的操作记录。", en: "These rules are part of the program; no administrator can switch them off, and each decision goes into an audit log that cannot be changed unseen." },
  audit: { zh: "查看操作记录", en: "Open the audit log" },
  group_feeling: { zh: "情绪", en: "Feelings" },
  feeling_1: { zh: "没有客户同意，或同意已撤回：不感知，也不据此行动", en: "Without a customer's consent, or once it is taken back: nothing is noticed and nothing follows" },
  feeling_2: { zh: "从不感知员工或学生的情绪，无论来源", en: "Feelings of staff and pupils are never inferred, whatever the source" },
  feeling_3: { zh: "第一次感知之前，先告知客户", en: "Customers are told before the first time" },
  group_selling: { zh: "营销与价格", en: "Marketing and prices" },
  selling_1: { zh: "营销、报价和推荐不得来自情绪", en: "No marketing, price or recommendation comes from feelings" },
  selling_2: { zh: "客户焦虑、不满、愤怒、悲伤或困难后的 24 小时内不营销", en: "No offers within 24 hours of anxiety, upset, anger, grief or hardship" },
  selling_3: { zh: "价格只来自价目、等级、活动和数量，不因人而异", en: "Prices come from list, tier, campaign and quantity alone, never from the person" },
  selling_4: { zh: "客户拒绝个性化后，只给不针对个人的内容；夜间 22:00 至 8:00 不打扰", en: "Who opts out sees what is not chosen for them; nobody is disturbed from 22:00 to 8:00" },
  group_money: { zh: "补偿", en: "Compensation" },
  money_1: { zh: "不超出剩余预算；超过批准线由人决定", en: "Never more than is left of the budget; above the limit a person decides" },
  group_rights: { zh: "客户的权利", en: "Customers' rights" },
  rights_1: { zh: "随时撤回同意，立即生效，已感知的内容同时删除", en: "Consent is taken back at any time, with effect at once; what was noticed is deleted with it" },
  rights_2: { zh: "可以看到自动决定的理由、提出异议，并要求人工处理", en: "They read why an automated decision was taken, object to it, and ask for a person" },
  rights_3: { zh: "可以导出和删除关于自己的一切；删除后再扫描一遍确认", en: "They export and erase everything about themselves; an erasure is checked by scanning again" },
});

const GROUPS = [
  ["group_feeling", ["feeling_1", "feeling_2", "feeling_3"]],
  ["group_selling", ["selling_1", "selling_2", "selling_3", "selling_4"]],
  ["group_money", ["money_1"]],
  ["group_rights", ["rights_1", "rights_2", "rights_3"]],
] as const;

export function PolicyList() {
  return (
    <Section
      title={t("title")}
      text={t("text")}
      icon="shield"
      actions={
        <ButtonLink href={to("audit")} icon="history" size="s">
          {t("audit")}
        </ButtonLink>
      }
    >
      <div className="pv-policies">
        {GROUPS.map(([group, rules]) => (
          <div key={group}>
            <h3>{t(group)}</h3>
            <ul>
              {rules.map((rule) => (
                <li key={rule}>{t(rule)}</li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Section>
  );
}
