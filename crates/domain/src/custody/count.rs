//! Counting children: the parts always add up.

use super::state::Mark;

/// How many children of a list are where (rule 1 of the screens; G2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// 应到.
    pub expected: u32,
    /// 在场: present, the late ones among them.
    pub present: u32,
    /// 未到.
    pub absent: u32,
    /// 请假.
    pub leave: u32,
    /// 迟到: how many of those present came late.
    pub late: u32,
    /// 已走: left early, or had gone before.
    pub left: u32,
    /// 还没点.
    pub unmarked: u32,
}

impl Counts {
    /// Counts these marks.
    pub fn of(marks: impl IntoIterator<Item = Mark>) -> Counts {
        let mut counts = Counts::default();
        marks.into_iter().for_each(|mark| counts.add(mark));
        counts
    }

    /// Counts one more child.
    pub fn add(&mut self, mark: Mark) {
        self.expected += 1;
        match mark {
            Mark::Unmarked => self.unmarked += 1,
            Mark::Present => self.present += 1,
            Mark::Late => {
                self.present += 1;
                self.late += 1;
            }
            Mark::Absent => self.absent += 1,
            Mark::Leave => self.leave += 1,
            Mark::LeftEarly | Mark::Gone => self.left += 1,
        }
    }

    /// Counts those of another list too.
    #[must_use]
    pub fn with(self, other: Counts) -> Counts {
        Counts {
            expected: self.expected + other.expected,
            present: self.present + other.present,
            absent: self.absent + other.absent,
            leave: self.leave + other.leave,
            late: self.late + other.late,
            left: self.left + other.left,
            unmarked: self.unmarked + other.unmarked,
        }
    }
}
