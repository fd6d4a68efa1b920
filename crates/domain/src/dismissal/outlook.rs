//! What a family may expect of a day on whose list its child is not (G4, C3).

use jiff::civil::Date;

use crate::calendar::school::{NoService, ServiceDay};

/// What the day may bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook {
    /// The child has no place in the service.
    NotInService,
    /// The child's place begins on a later day.
    Joins {
        /// Its first day.
        from_on: Date,
    },
    /// Nobody has decided yet whether there is service: an unpublished year, a make-up day without its weekday.
    Undecided,
    /// The child comes today; the day's list is not made yet.
    ToCome,
    /// There is no service for the child today.
    NoService {
        /// Why the whole school has none; nothing on a day of service on which the child does not come.
        why: Option<NoService>,
    },
}

/// The child's place, as far as a day is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It holds, on these weekdays; 1 is Monday.
    Holds(Vec<i8>),
    /// It begins on a later day.
    Begins(Date),
}

/// Whether the day's list is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayList {
    /// It is made: who is not on it does not come.
    Made,
    /// It is not made yet, as between midnight and morning.
    ToBeMade,
}

/// What a family may expect, by the child's place, if it has one.
pub fn outlook(place: Option<&Place>, day: &Result<ServiceDay, NoService>, list: DayList) -> Outlook {
    let weekdays = match place {
        None => return Outlook::NotInService,
        Some(Place::Begins(from_on)) => return Outlook::Joins { from_on: *from_on },
        Some(Place::Holds(weekdays)) => weekdays,
    };
    match day {
        Err(why) if why.is_undecided() => Outlook::Undecided,
        Err(why) => Outlook::NoService { why: Some(why.clone()) },
        Ok(service) => {
            let comes = weekdays.contains(&service.weekday.to_monday_one_offset());
            if comes && list == DayList::ToBeMade {
                Outlook::ToCome
            } else {
                Outlook::NoService { why: None }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::calendar::school::{Term, service_day};
    use crate::ids::{EntityId, TermId};

    #[expect(clippy::needless_pass_by_value, reason = "a case reads better without a reference")]
    fn check(place: Option<&Place>, day: Date, list: DayList, expected: Outlook) {
        let term = Term {
            id: TermId::from_bits(1),
            school_year: 2026,
            name: "第一学期".to_owned(),
            starts_on: date(2026, 9, 1),
            ends_on: date(2028, 1, 22),
            service_from: date(2026, 9, 7),
        };
        assert_eq!(outlook(place, &service_day(day, &[term], None), list), expected, "{day}");
    }

    fn holds(weekdays: &[i8]) -> Place {
        Place::Holds(weekdays.to_vec())
    }

    #[test]
    fn a_child_on_no_list_comes_later_or_not_at_all() {
        let tuesday = date(2026, 11, 24);
        assert_eq!(tuesday.weekday(), Weekday::Tuesday);
        let no_service = |why| Outlook::NoService { why };
        check(None, tuesday, DayList::ToBeMade, Outlook::NotInService);
        check(Some(&holds(&[2, 4])), tuesday, DayList::ToBeMade, Outlook::ToCome);
        check(Some(&holds(&[2, 4])), tuesday, DayList::Made, no_service(None));
        check(Some(&holds(&[1])), tuesday, DayList::ToBeMade, no_service(None));
        let saturday = date(2026, 11, 28);
        check(Some(&holds(&[6])), saturday, DayList::ToBeMade, no_service(Some(NoService::Weekend)));
    }

    #[test]
    fn a_place_that_begins_later_is_named_with_its_first_day() {
        let (tuesday, from_on) = (date(2026, 11, 24), date(2026, 11, 25));
        check(Some(&Place::Begins(from_on)), tuesday, DayList::Made, Outlook::Joins { from_on });
    }

    #[test]
    fn a_day_that_nobody_has_decided_is_not_called_free() {
        check(Some(&holds(&[2])), date(2027, 11, 23), DayList::ToBeMade, Outlook::Undecided);
    }
}
