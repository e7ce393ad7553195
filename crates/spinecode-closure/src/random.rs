//! Seeded draws, the same on every machine (SplitMix64).

/// A stream of draws.
pub(crate) struct Random(u64);

impl Random {
    /// The stream of one turn.
    pub(crate) fn new(seed: u64, turn: u64) -> Self {
        Self(seed ^ turn.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A position below a count; 0 where there is none.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        if count == 0 {
            return 0;
        }
        usize::try_from(self.next() % count as u64).unwrap_or_default()
    }

    /// Puts a list into a random order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}
