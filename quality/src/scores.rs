//! Scores of labels given against labels right: F1 a label with a bootstrap interval, rank correlation.

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};

/// For each label, whether it is given and whether it is right, a text each.
pub(crate) type Pairs = Vec<Vec<(bool, bool)>>;

/// Pairs of labels given and right, by the names of the labels.
pub(crate) fn pairs(labels: &[String], given: &[Vec<String>], right: &[Vec<String>]) -> Pairs {
    given.iter().zip(right).map(|(given, right)| labels.iter().map(|it| (given.contains(it), right.contains(it))).collect()).collect()
}

/// F1 of each label over the texts at `rows`.
fn f1(pairs: &Pairs, rows: &[usize], labels: usize) -> Vec<f64> {
    let mut counts = vec![(0_u32, 0_u32); labels];
    for row in rows.iter().filter_map(|it| pairs.get(*it)) {
        for ((hits, all), (given, right)) in counts.iter_mut().zip(row) {
            *hits += u32::from(*given && *right);
            *all += u32::from(*given) + u32::from(*right);
        }
    }
    counts.into_iter().map(|(hits, all)| if all == 0 { 0.0 } else { 2.0 * f64::from(hits) / f64::from(all) }).collect()
}

/// Macro-F1, its 95 % interval, and F1 of each label.
pub(crate) fn macro_f1(pairs: &Pairs, labels: usize) -> (f64, (f64, f64), Vec<f64>) {
    let all: Vec<usize> = (0..pairs.len()).collect();
    let each = f1(pairs, &all, labels);
    let interval = resampled(pairs.len(), |rows| crate::report::mean(&f1(pairs, rows, labels)));
    (crate::report::mean(&each), interval, each)
}

const RESAMPLES: usize = 1_000;

/// 95 % interval of a statistic of rows: percentile bootstrap with a fixed seed.
pub(crate) fn resampled(count: usize, statistic: impl Fn(&[usize]) -> f64) -> (f64, f64) {
    if count == 0 {
        return (0.0, 0.0);
    }
    let mut random = SmallRng::seed_from_u64(2020);
    let mut values: Vec<f64> = (0..RESAMPLES).map(|_| statistic(&(0..count).map(|_| random.random_range(0..count)).collect::<Vec<_>>())).collect();
    values.sort_by(f64::total_cmp);
    let at = |share: usize| values.get(RESAMPLES * share / 1000).copied().unwrap_or_default();
    (at(25), at(974))
}

/// Spearman's rank correlation; ties share their mean rank.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let (mean_a, mean_b) = (crate::report::mean(&a), crate::report::mean(&b));
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(&b) {
        both += (a - mean_a) * (b - mean_b);
        of_a += (a - mean_a).powi(2);
        of_b += (b - mean_b).powi(2);
    }
    if of_a <= 0.0 || of_b <= 0.0 { 0.0 } else { both / (of_a * of_b).sqrt() }
}

#[expect(clippy::cast_precision_loss, reason = "ranks")]
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0_usize;
    for same in order.chunk_by(|a, b| a.1.total_cmp(&b.1).is_eq()) {
        let rank = before as f64 + (same.len() as f64 - 1.0) / 2.0;
        for (at, _) in same {
            if let Some(it) = ranks.get_mut(*at) {
                *it = rank;
            }
        }
        before += same.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{macro_f1, pairs, spearman};

    #[test]
    fn f1_counts_what_is_given_and_what_is_right() {
        let name = |it: &[&str]| -> Vec<String> { it.iter().map(|it| (*it).to_owned()).collect() };
        let labels = name(&["a", "b"]);
        let it = pairs(&labels, &[name(&["a"]), name(&["a"]), name(&["b"])], &[name(&["a"]), name(&["b"]), name(&["b"])]);
        let (mean, (low, high), each) = macro_f1(&it, 2);
        assert!((each[0] - 2.0 / 3.0).abs() < 1e-9 && (each[1] - 2.0 / 3.0).abs() < 1e-9);
        assert!(low <= mean && mean <= high);
    }

    #[test]
    fn ranks_correlate() {
        assert!((spearman(&[1.0, 2.0, 3.0], &[10.0, 20.0, 90.0]) - 1.0).abs() < 1e-9);
        assert!((spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-9);
        assert!(spearman(&[1.0, 1.0, 1.0], &[3.0, 2.0, 1.0]).abs() < 1e-9);
        // Ties: ranks 0.5 0.5 2 against 0 1 2.
        assert!((spearman(&[1.0, 1.0, 3.0], &[1.0, 2.0, 3.0]) - 0.866).abs() < 1e-3);
    }
}
