//! Alibaba Cloud's times: calls carry UTC, pushes the clock of China without saying so, in two forms.

use rapport_model::{HOUR_MS, SECOND_MS, Timestamp};

const DAY_S: i64 = 86_400;

/// `2017-01-01 00:00:00` or `20170101000000` at UTC+8.
pub(super) fn local(text: &str) -> Option<Timestamp> {
    let digits: Vec<i64> = text.trim().chars().filter(|it| !matches!(it, '-' | ':' | ' ' | 'T')).map(|it| it.to_digit(10).map(i64::from)).collect::<Option<_>>()?;
    if digits.len() != 14 {
        return None;
    }
    let number = |from: usize, count: usize| digits.iter().skip(from).take(count).fold(0, |sum, it| sum * 10 + it);
    let (year, month, day) = (number(0, 4), number(4, 2), number(6, 2));
    let (hour, minute, second) = (number(8, 2), number(10, 2), number(12, 2));
    let is_time = year >= 1970 && (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let seconds = days(year, month, day) * DAY_S + hour * 3_600 + minute * 60 + second;
    is_time.then(|| Timestamp(seconds * SECOND_MS).plus_ms(-8 * HOUR_MS))
}

/// `2025-11-24T16:00:00Z`.
pub(super) fn utc(at: Timestamp) -> String {
    let seconds = at.0.div_euclid(SECOND_MS);
    let (days, rest) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March, so that the day of a leap year is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

/// The other way round.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_two_centuries_comes_back() {
        let mut last = (1969, 12, 31);
        for day in 0..73_000 {
            let found = date(day);
            assert!(found > last && days(found.0, found.1, found.2) == day, "{found:?}");
            last = found;
        }
        assert_eq!(last, (2169, 11, 12));
    }

    #[test]
    fn both_forms_are_read_and_others_are_not() {
        let check = |text: &str, expected: Option<i64>| assert_eq!(local(text).map(|it| it.0), expected, "{text}");
        check("2025-11-25 00:00:00", Some(1_764_000_000_000));
        check("20251125000000", Some(1_764_000_000_000));
        check("2017-01-01 00:00:00", Some(1_483_200_000_000));
        for other in ["", "2025-11-25", "2025-13-01 00:00:00", "2025-11-25 24:00:00", "２０251125000000", "99999999999999", "2025112500000x"] {
            check(other, None);
        }
        assert_eq!(utc(Timestamp(1_764_000_000_000)), "2025-11-24T16:00:00Z");
        assert_eq!(utc(Timestamp(951_782_400_999)), "2000-02-29T00:00:00Z");
    }
}
