//! Sparse vectors and the matrix of many of them.

/// Columns in rising order, each with its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparse {
    pub columns: Vec<u32>,
    pub values: Vec<f32>,
}

impl Sparse {
    pub fn pairs(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.columns.iter().zip(&self.values).map(|(column, value)| (*column as usize, *value))
    }

    pub fn norm_squared(&self) -> f32 {
        self.values.iter().map(|it| it * it).sum()
    }

    /// Both sides are sorted: one walk.
    pub fn dot(&self, other: &Self) -> f32 {
        let (mut left, mut right) = (self.pairs().peekable(), other.pairs().peekable());
        let mut sum = 0.0;
        while let (Some((a, x)), Some((b, y))) = (left.peek().copied(), right.peek().copied()) {
            if a == b {
                sum += x * y;
            }
            if a <= b {
                left.next();
            }
            if b <= a {
                right.next();
            }
        }
        sum
    }
}

/// Rows of sparse vectors in one allocation.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

impl Rows {
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Sparse>) -> Self {
        let mut it = Self { starts: vec![0], ..Self::default() };
        for row in rows {
            it.columns.extend_from_slice(&row.columns);
            it.values.extend_from_slice(&row.values);
            it.starts.push(it.columns.len());
        }
        it
    }

    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Columns and values of a row; empty beyond the last.
    pub fn row(&self, at: usize) -> (&[u32], &[f32]) {
        let range = match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => *from..*to,
            (_, _) => 0..0,
        };
        (self.columns.get(range.clone()).unwrap_or_default(), self.values.get(range).unwrap_or_default())
    }
}
