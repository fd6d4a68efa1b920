//! Chance with a fixed seed: the demo is the same district every time.

/// A stream of numbers that depends on its seed alone (splitmix64).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub(super) fn seeded(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).expect("a length fits"))
            .expect("smaller than a length")
    }

    /// True so many times of a hundred.
    pub(super) fn percent(&mut self, of_hundred: usize) -> bool {
        self.below(100) < of_hundred
    }

    /// One of these.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One letter of a text.
    pub(super) fn letter(&mut self, of: &str) -> char {
        let letters: Vec<char> = of.chars().collect();
        *self.pick(&letters)
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let (mut one, mut other) = (Chance::seeded(7), Chance::seeded(7));
        let numbers = |chance: &mut Chance| (0..5).map(|_| chance.below(1000)).collect::<Vec<_>>();
        assert_eq!(numbers(&mut one), numbers(&mut other));
    }

    #[test]
    fn numbers_stay_below_the_end() {
        let mut chance = Chance::seeded(1);
        assert!((0..1000).all(|_| chance.below(3) < 3));
    }
}
