//! What a family may expect of a day on whose list its child is not (G4, C3).

use crate::calendar::school::{NoService, ServiceDay};

/// What the day may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// The child has no place in the service.
    NotInService,
    /// Nobody has decided yet whether there is service: an unpublished year, a make-up day without its weekday.
    Undecided,
    /// The child comes today; the day's list is not made yet.
    ToCome,
    /// There is no service for the child today.
    NoService,
}

/// Whether the day's list is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayList {
    /// It is made: who is not on it does not come.
    Made,
    /// It is not made yet, as between midnight and morning.
    ToBeMade,
}

/// What a family may expect, by the weekdays (1 is Monday) of the child's place, if it has one.
pub fn outlook(weekdays: Option<&[i8]>, day: &Result<ServiceDay, NoService>, list: DayList) -> Outlook {
    let Some(weekdays) = weekdays else { return Outlook::NotInService };
    match day {
        Err(NoService::Unpublished(_) | NoService::MakeUpUndecided { .. }) => Outlook::Undecided,
        Err(
            NoService::Vacation
            | NoService::NotYet { .. }
            | NoService::Weekend
            | NoService::Holiday { .. }
            | NoService::DeclaredFree { .. }
            | NoService::Closure { .. }
            | NoService::Pause { .. },
        ) => Outlook::NoService,
        Ok(service) => {
            let comes = weekdays.contains(&service.weekday.to_monday_one_offset());
            if comes && list == DayList::ToBeMade { Outlook::ToCome } else { Outlook::NoService }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, Weekday, date};

    use super::*;
    use crate::calendar::school::{Term, service_day};
    use crate::ids::{EntityId, TermId};

    fn check(weekdays: Option<&[i8]>, day: Date, list: DayList, expected: Outlook) {
        let term = Term {
            id: TermId::from_bits(1),
            school_year: 2026,
            name: "第一学期".to_owned(),
            starts_on: date(2026, 9, 1),
            ends_on: date(2028, 1, 22),
            service_from: date(2026, 9, 7),
        };
        assert_eq!(outlook(weekdays, &service_day(day, &[term], None), list), expected, "{day}");
    }

    #[test]
    fn a_child_on_no_list_comes_later_or_not_at_all() {
        let tuesday = date(2026, 11, 24);
        assert_eq!(tuesday.weekday(), Weekday::Tuesday);
        check(None, tuesday, DayList::ToBeMade, Outlook::NotInService);
        check(Some(&[2, 4]), tuesday, DayList::ToBeMade, Outlook::ToCome);
        check(Some(&[2, 4]), tuesday, DayList::Made, Outlook::NoService);
        check(Some(&[1]), tuesday, DayList::ToBeMade, Outlook::NoService);
        check(Some(&[6]), date(2026, 11, 28), DayList::ToBeMade, Outlook::NoService);
    }

    #[test]
    fn a_day_that_nobody_has_decided_is_not_called_free() {
        check(Some(&[2]), date(2027, 11, 23), DayList::ToBeMade, Outlook::Undecided);
    }
}
