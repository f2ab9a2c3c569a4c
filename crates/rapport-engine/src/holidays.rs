//! Public holidays of mainland China with their working weekends, as announced by the General Office of the State Council.
//!
//! Source: 国务院办公厅关于2025年部分节假日安排的通知 (国办发明电〔2024〕12号, 2024-11-12) and 关于2026年部分节假日安排的通知 (2025-11-04).
//! The notice for a year appears in the November before it; the table then gets one block more.
//!
//! **A year without a notice** (`announced` is false): only the days are off that the law itself fixes in the solar calendar (全国年节及纪念日放假办法,
//! 2024: 1 January, 1 and 2 May, 1 to 3 October). Spring Festival, Tomb-Sweeping Day, Dragon Boat and Mid-Autumn are not known, no
//! weekend is worked in exchange, and on all other days the week holds. Decisions about hours say so (`hours.year_unannounced`); an
//! administrator can enter the days by hand, which win over this table.

use chrono::{Datelike as _, NaiveDate};

/// What the notice says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Off, whatever the week says.
    Holiday { zh: &'static str, en: &'static str },
    /// A Saturday or Sunday that is worked in exchange (调休).
    WorkingWeekend,
}

/// One holiday: first and last day off as (month, day), and the weekend days worked for it.
struct Holiday {
    year: i32,
    zh: &'static str,
    en: &'static str,
    first: (u32, u32),
    last: (u32, u32),
    worked: &'static [(u32, u32)],
}

const CHINA: &[Holiday] = &[
    Holiday { year: 2025, zh: "元旦", en: "New Year's Day", first: (1, 1), last: (1, 1), worked: &[] },
    Holiday { year: 2025, zh: "春节", en: "Spring Festival", first: (1, 28), last: (2, 4), worked: &[(1, 26), (2, 8)] },
    Holiday { year: 2025, zh: "清明节", en: "Tomb-Sweeping Day", first: (4, 4), last: (4, 6), worked: &[] },
    Holiday { year: 2025, zh: "劳动节", en: "Labour Day", first: (5, 1), last: (5, 5), worked: &[(4, 27)] },
    Holiday { year: 2025, zh: "端午节", en: "Dragon Boat Festival", first: (5, 31), last: (6, 2), worked: &[] },
    Holiday { year: 2025, zh: "国庆节、中秋节", en: "National Day and Mid-Autumn Festival", first: (10, 1), last: (10, 8), worked: &[(9, 28), (10, 11)] },
    Holiday { year: 2026, zh: "元旦", en: "New Year's Day", first: (1, 1), last: (1, 3), worked: &[(1, 4)] },
    Holiday { year: 2026, zh: "春节", en: "Spring Festival", first: (2, 15), last: (2, 23), worked: &[(2, 14), (2, 28)] },
    Holiday { year: 2026, zh: "清明节", en: "Tomb-Sweeping Day", first: (4, 4), last: (4, 6), worked: &[] },
    Holiday { year: 2026, zh: "劳动节", en: "Labour Day", first: (5, 1), last: (5, 5), worked: &[(5, 9)] },
    Holiday { year: 2026, zh: "端午节", en: "Dragon Boat Festival", first: (6, 19), last: (6, 21), worked: &[] },
    Holiday { year: 2026, zh: "中秋节", en: "Mid-Autumn Festival", first: (9, 25), last: (9, 27), worked: &[] },
    Holiday { year: 2026, zh: "国庆节", en: "National Day", first: (10, 1), last: (10, 7), worked: &[(9, 20), (10, 10)] },
];

/// Off by law in every year: the days of the solar calendar.
const CHINA_BY_LAW: &[((u32, u32), &str, &str)] = &[
    ((1, 1), "元旦", "New Year's Day"),
    ((5, 1), "劳动节", "Labour Day"),
    ((5, 2), "劳动节", "Labour Day"),
    ((10, 1), "国庆节", "National Day"),
    ((10, 2), "国庆节", "National Day"),
    ((10, 3), "国庆节", "National Day"),
];

/// Whether the notice for this year is in the table.
pub fn announced(year: i32) -> bool {
    CHINA.iter().any(|it| it.year == year)
}

/// What the notice for its year says about a day in mainland China, or the law where there is no notice; `None`: nothing, the week holds.
pub fn china(day: NaiveDate) -> Option<DayKind> {
    let key = (day.month(), day.day());
    if !announced(day.year()) {
        let found = CHINA_BY_LAW.iter().find(|(date, _, _)| *date == key);
        return found.map(|(_, zh, en)| DayKind::Holiday { zh, en });
    }
    CHINA.iter().filter(|it| it.year == day.year()).find_map(|it| {
        if it.worked.contains(&key) {
            Some(DayKind::WorkingWeekend)
        } else if (it.first..=it.last).contains(&key) {
            Some(DayKind::Holiday { zh: it.zh, en: it.en })
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    #[test]
    fn working_weekends_are_weekends_and_holidays_last_as_announced() {
        for it in CHINA {
            for (month, day) in it.worked {
                let date = NaiveDate::from_ymd_opt(it.year, *month, *day).unwrap();
                assert!(matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}");
            }
        }
        let days_off = |year: i32| (1..=366).filter_map(|n| NaiveDate::from_yo_opt(year, n)).filter(|it| matches!(china(*it), Some(DayKind::Holiday { .. }))).count();
        assert_eq!(days_off(2025), 28, "1 + 8 + 3 + 5 + 3 + 8");
        assert_eq!(days_off(2026), 33, "3 + 9 + 3 + 5 + 3 + 3 + 7");
    }

    /// Each day of the notices, written out from their text: `-` off, `+` worked.
    #[test]
    fn every_announced_day() {
        let notices = "
            2025 -01-01 -01-28 -01-29 -01-30 -01-31 -02-01 -02-02 -02-03 -02-04 +01-26 +02-08 -04-04 -04-05 -04-06 -05-01 -05-02 -05-03 -05-04 -05-05 +04-27
            2025 -05-31 -06-01 -06-02 -10-01 -10-02 -10-03 -10-04 -10-05 -10-06 -10-07 -10-08 +09-28 +10-11
            2026 -01-01 -01-02 -01-03 +01-04 -02-15 -02-16 -02-17 -02-18 -02-19 -02-20 -02-21 -02-22 -02-23 +02-14 +02-28 -04-04 -04-05 -04-06
            2026 -05-01 -05-02 -05-03 -05-04 -05-05 +05-09 -06-19 -06-20 -06-21 -09-25 -09-26 -09-27 -10-01 -10-02 -10-03 -10-04 -10-05 -10-06 -10-07 +09-20 +10-10";
        let mut written = std::collections::BTreeMap::new();
        for line in notices.lines().filter(|it| !it.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let year = words.next().unwrap();
            for word in words {
                let (sign, date) = word.split_at(1);
                written.insert(format!("{year}-{date}"), sign == "-");
            }
        }
        for year in [2025, 2026] {
            for day in (1..=366).filter_map(|n| NaiveDate::from_yo_opt(year, n)) {
                let expected = written.get(&day.to_string()).copied();
                let found = china(day).map(|it| it != DayKind::WorkingWeekend);
                assert_eq!(found, expected, "{day}");
            }
        }
    }

    #[test]
    fn a_year_without_a_notice_has_the_days_that_the_law_fixes() {
        assert!(announced(2025) && announced(2026) && !announced(2024) && !announced(2031));
        let off = |text: &str| china(text.parse().unwrap());
        assert_eq!(off("2031-10-01"), Some(DayKind::Holiday { zh: "国庆节", en: "National Day" }));
        assert_eq!(off("2031-05-02"), Some(DayKind::Holiday { zh: "劳动节", en: "Labour Day" }));
        for unknown in ["2031-01-23", "2031-10-04", "2031-05-03", "2031-04-05"] {
            assert_eq!(off(unknown), None, "{unknown}");
        }
    }
}
