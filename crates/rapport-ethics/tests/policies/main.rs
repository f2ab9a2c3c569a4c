//! The policies that ship, held to a table of what must be allowed and what refused; and that the table notices when any of them is gone.

mod table;

use rapport_ethics::{PlainRequest, Policies, Verdict};
use serde_json::Value;
use table::{ACTIONS, Row, allowed_request, rows};

fn violated<'a>(policies: &Policies, rows: &'a [Row]) -> Vec<&'a Row> {
    rows.iter().filter(|it| policies.decide(&it.request).allowed != it.refused_by.is_empty()).collect()
}

#[test]
fn everything_is_decided_as_the_table_says() {
    let policies = Policies::shipped().expect("what ships");
    let rows = rows();
    for row in &rows {
        let found = policies.decide(&row.request);
        let Verdict { allowed, determining, version, errors } = &found;
        assert_eq!(*allowed, row.refused_by.is_empty(), "{row:?}: {found:?}");
        assert!(errors.is_empty(), "{row:?}: {found:?}");
        assert_eq!(version, policies.version());
        if !allowed {
            assert_eq!(determining, &row.refused_by, "{row:?}");
        }
        for id in determining {
            let words = policies.words(id).expect("every policy has words");
            assert!(!words.zh.is_empty() && words.zh != words.en && !words.en.is_empty(), "{id}");
        }
    }
    let named: std::collections::BTreeSet<_> = rows.iter().flat_map(|it| &it.refused_by).cloned().collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), policies.forbids(), "every forbid stands in the table");
}

#[test]
fn an_office_may_do_what_is_its_own_and_nothing_else() {
    let policies = Policies::shipped().expect("what ships");
    for (action, own) in ACTIONS {
        for office in ["care", "commerce", "collections", "privacy", "stranger"] {
            let request = PlainRequest { office: office.into(), ..allowed_request(action) };
            let found = policies.decide(&request);
            assert_eq!(found.allowed, office == own, "{office} {action}: {found:?}");
            assert!(found.allowed || found.determining.is_empty(), "denied by default, by no policy: {found:?}");
        }
    }
    let unknown = PlainRequest { action: "sell_data".into(), ..allowed_request("upsell") };
    assert!(!policies.decide(&unknown).allowed);
}

#[test]
fn each_forbid_that_is_gone_breaks_the_table() {
    let policies = Policies::shipped().expect("what ships");
    let rows = rows();
    assert!(violated(&policies, &rows).is_empty());
    let forbids = policies.forbids();
    let unnoticed: Vec<_> = forbids.iter().filter(|id| violated(&policies.without(id).expect("it is there"), &rows).is_empty()).collect();
    let figure = format!("{} of {}", forbids.len() - unnoticed.len(), forbids.len());
    println!("BAR {}", serde_json::json!({"name": "policy-mutation", "figure": figure, "target": "all", "holds": unnoticed.is_empty()}));
    assert!(unnoticed.is_empty(), "nothing hangs on {unnoticed:?}");
    assert!(forbids.len() >= 20, "{forbids:?}");
    for office in ["office.care", "office.commerce", "office.collections", "office.privacy"] {
        assert!(!violated(&policies.without(office).expect("it is there"), &rows).is_empty(), "{office}");
    }
}

/// The request without one attribute, and with one of another kind.
fn crippled(request: &PlainRequest) -> Vec<PlainRequest> {
    let mut found = Vec::new();
    let fields = |value: &Value| value.as_object().map(|it| it.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    for change in [None, Some(Value::Null), Some(Value::from("")), Some(Value::from(0)), Some(Value::from(false)), Some(Value::Array(Vec::new()))] {
        let put = |value: &Value, key: &str| {
            let mut value = value.clone();
            let fields = value.as_object_mut().expect("an object");
            let before = fields.remove(key).expect("it was there");
            // Another value of the same kind is another question, not a broken one.
            let is_broken = change.as_ref().is_none_or(|it| std::mem::discriminant(it) != std::mem::discriminant(&before));
            fields.extend(change.clone().map(|it| (key.to_owned(), it)));
            is_broken.then_some(value)
        };
        found.extend(fields(&request.context).iter().filter_map(|key| Some(PlainRequest { context: put(&request.context, key)?, ..request.clone() })));
        found.extend(fields(&request.person).iter().filter_map(|key| Some(PlainRequest { person: put(&request.person, key)?, ..request.clone() })));
    }
    found
}

#[test]
fn no_attribute_that_is_dropped_or_broken_allows_anything() {
    let policies = Policies::shipped().expect("what ships");
    let mut asked = 0;
    for row in rows() {
        for request in crippled(&row.request) {
            let found = policies.decide(&request);
            assert!(!found.allowed && !found.errors.is_empty(), "{request:?}: {found:?}");
            asked += 1;
        }
        let mut more = row.request.clone();
        more.context.as_object_mut().expect("an object").insert("because".into(), Value::from("I say so"));
        assert!(!policies.decide(&more).allowed, "an attribute that nobody knows");
    }
    assert!(asked > 1_000, "{asked}");
}
