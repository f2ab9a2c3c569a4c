//! Public holidays of mainland China with their working weekends, as announced by the General Office of the State Council.
//!
//! Source: notices 国办发明电〔2024〕12号 (for 2025, of 2024-11-12) and of 2025-11-04 (for 2026). A year that is not in the table has no holidays.

use chrono::NaiveDate;

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

/// What the notice for its year says about a day in mainland China; `None`: nothing, the week holds.
pub fn china(day: NaiveDate) -> Option<DayKind> {
    use chrono::Datelike as _;
    let key = (day.month(), day.day());
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
    use chrono::{Datelike as _, Weekday};

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
}
