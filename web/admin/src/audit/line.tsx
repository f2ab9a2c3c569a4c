// One line of the audit log as a sentence with links.

import { deed, detailText, doerName, kindOf, targetHref, targetName } from "./sentence.ts";
import type { AuditLine, Names } from "./sentence.ts";

/** What has no object of its own: the target is the company. */
const TENANT_WIDE = new Set(["ethics.changed", "care_budget.changed", "care_rule.reset"]);

export function Sentence({ record, names }: { record: AuditLine["record"]; names: Names }) {
  const href = targetHref(record, names);
  const target = targetName(record.target, names);
  const self = record.actor.type === "member" && record.actor.id === record.target;
  const said = target !== "" && !self && kindOf(record.action) !== "sign_in" && kindOf(record.action) !== "settings" && !TENANT_WIDE.has(record.action);
  return (
    <span className="au-sentence">
      <b>{doerName(record, names)}</b> <span>{deed(record.action)}</span>
      {said ? <> {href ? <a href={href}>{target}</a> : <span className="au-target">{target}</span>}</> : null}
      {record.action === "conversation.assigned" && record.detail ? <> → {detailText(record, names)}</> : null}
    </span>
  );
}
