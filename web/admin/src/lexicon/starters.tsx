// The words that ship, by group: a switch, how many there are, and a look inside.

import { useState } from "react";
import { api, Button, ErrorState, Skeleton, Switch, texts, toast, useLoad } from "@rapport/ui";
import { count } from "../components/figures.tsx";
import { matches, SearchBox } from "../components/search.tsx";
import { groupName } from "./groups.ts";
import type { StarterGroup, StarterId, StarterTerm } from "./groups.ts";

const t = texts({
  cantonese: { zh: "唔该、几时、攞货……粤港澳客户常用", en: "As customers of Guangdong, Hong Kong and Macao write" },
  sichuan: { zh: "啷个、要得、巴适……川渝客户常用", en: "As customers of Sichuan and Chongqing write" },
  northeast: { zh: "咋整、老好了、嘎嘎……东北客户常用", en: "As customers of the North-east write" },
  wu: { zh: "哪能、阿拉、辰光……江浙沪客户常用", en: "As customers around Shanghai write" },
  min: { zh: "宅配、刷退、单品……闽台客户常用", en: "As customers of Fujian and Taiwan write" },
  internet: { zh: "yyds、种草、蹲……缩写与流行说法", en: "Short forms and sayings of the net" },
  terms: { zh: "{n} 条", en: "{n} terms" },
  look: { zh: "查看", en: "Look inside" },
  hide: { zh: "收起", en: "Hide" },
  lookOf: { zh: "查看{name}词条", en: "Look at {name}" },
  search: { zh: "搜索词条", en: "Search terms" },
  on: { zh: "已启用{name}，立即生效", en: "{name} is on, with effect at once" },
  off: { zh: "已停用{name}，立即生效", en: "{name} is off, with effect at once" },
  more: { zh: "再显示 {n} 条", en: "{n} more" },
  arrow: { zh: "也说成", en: "also said" },
});

export function Starters({ groups, may, onChanged }: { groups: StarterGroup[]; may: boolean; onChanged: (groups: StarterGroup[]) => void }) {
  const [open, setOpen] = useState<StarterId>();
  const flip = async (group: StarterId, on: boolean) => {
    const before = groups;
    const next = groups.map((it) => (it.group === group ? { ...it, on } : it));
    onChanged(next);
    try {
      onChanged(await api.put<StarterGroup[]>("/lexicon/groups", { on: next.filter((it) => it.on).map((it) => it.group) }));
      toast.good(t(on ? "on" : "off", { name: groupName(group) }));
    } catch (error) {
      onChanged(before);
      toast.fault(error);
    }
  };
  return (
    <ul className="ui-card lx-groups">
      {groups.map(({ group, on, terms }) => (
        <li key={group} data-testid={`starter-${group}`}>
          <div className="lx-group">
            <div className="ui-grow">
              <Switch isSelected={on} onChange={(next) => void flip(group, next)} hint={t(group)} isDisabled={!may} testId={`starter-switch-${group}`}>
                <b>{groupName(group)}</b>
              </Switch>
            </div>
            <span className="ui-muted ui-num">{t("terms", { n: count(terms) })}</span>
            <Button size="s" kind="quiet" aria-expanded={open === group} aria-label={open === group ? t("hide") : t("lookOf", { name: groupName(group) })} onPress={() => setOpen(open === group ? undefined : group)} testId={`starter-look-${group}`}>
              {open === group ? t("hide") : t("look")}
            </Button>
          </div>
          {open === group ? <Inside group={group} /> : null}
        </li>
      ))}
    </ul>
  );
}

const AT_ONCE = 30;

function Inside({ group }: { group: StarterId }) {
  const terms = useLoad(`starter/${group}`, () => api.get<StarterTerm[]>("/lexicon/starter", { query: { group } }));
  const [search, setSearch] = useState("");
  const [drawn, setDrawn] = useState(AT_ONCE);
  if (terms.fault && !terms.data) return <ErrorState fault={terms.fault} retry={terms.reload} />;
  if (!terms.data)
    return (
      <div className="lx-inside">
        <Skeleton height={60} />
      </div>
    );
  const shown = terms.data.filter((it) => matches(search, it.canonical, it.note, ...it.variants));
  return (
    <div className="lx-inside">
      <SearchBox value={search} onChange={setSearch} label={t("search")} />
      <dl className="lx-terms">
        {shown.slice(0, drawn).map((it, index) => (
          <div key={`${it.canonical}/${index}`}>
            <dt>{it.canonical}</dt>
            <dd>
              <Variants of={it.variants} />
              {it.note ? <small>{it.note}</small> : null}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length > drawn ? (
        <div>
          <Button size="s" onPress={() => setDrawn(drawn + AT_ONCE * 4)}>
            {t("more", { n: Math.min(AT_ONCE * 4, shown.length - drawn) })}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

export function Variants({ of }: { of: readonly string[] }) {
  return (
    <span className="lx-variants">
      <span className="ui-hidden">{t("arrow")} </span>
      {of.map((it) => (
        <span key={it}>{it}</span>
      ))}
    </span>
  );
}
