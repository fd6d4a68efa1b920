//! Checking a result against its market, without allocating again: tickets, cut-offs and reasons follow from who has
//! what, so whatever was changed shows somewhere.

use std::collections::{BTreeMap, BTreeSet};

use kehou_domain::allocation::{
    Allocation, Broken, Channel, Cutoff, Lots, Parted, Place, Standing, Unfit, Used, check, o1,
};

use super::file::School;
use super::statement::{Named, Seat, StatedClosed, StatedCutoff, Statement, Ticket};

/// The first difference between a result and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The student, if it is about one.
    pub student: Option<u64>,
    /// The offering as results name it, if it is about one.
    pub offering: Option<String>,
    /// What differs.
    pub what: What,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Nothing of this name is offered.
    UnknownOffering,
    /// Nobody of this number applied to the school.
    UnknownStudent,
    /// The child did not wish for it.
    NotWished,
    /// The seat is listed twice.
    SeatTwice,
    /// The offering is not for the child.
    NotEligible(Unfit),
    /// The child has more than its day, its week or the title allows.
    TooMuch(Used),
    /// More children than seats.
    Overfull,
    /// Somebody sits in an offering that is closed.
    SeatInClosed,
    /// It is open with fewer children than it needs.
    BelowMinimum,
    /// It is closed although nothing closes under these rules.
    ClosedByNoRule,
    /// The offering is listed twice as closed, or twice with a cut-off.
    ListedTwice,
    /// Open and without a cut-off, or closed and with one.
    CutoffMissing,
    /// Another number of children would come to the closed offering, or it needs another.
    Closed {
        /// What the result says.
        stated: (u32, u32),
        /// What follows.
        found: (u32, u32),
    },
    /// The cut-off is another.
    Cutoff {
        /// What the result says: children admitted, tier and ticket of the last.
        stated: (u32, Option<(u8, u64)>),
        /// What follows.
        found: (u32, Option<(u8, u64)>),
    },
    /// Who was admitted last in the seats that are kept for some first is another, or whether the last goes on with what
    /// it has been in.
    LastKept,
    /// The child would take a seat that it comes first for, and has another or none: somebody was put before it.
    PassedOver,
    /// A wish is listed as unsettled that is not.
    NotUnsettled,
    /// The objective is another.
    Objective {
        /// What the result says.
        stated: u64,
        /// What follows.
        found: u64,
    },
}

/// Whether everything in a result follows from who has what, by the tickets of its seed and the rules it names.
pub fn verify(schools: &[School], statement: &Statement) -> Result<(), Difference> {
    let several = 1 < schools.len();
    let mut parts = Parts::of(schools, several);
    parts.sort(statement)?;
    let mut sum = 0;
    for (school, part) in schools.iter().zip(&parts.by_school) {
        let one = One { school, name: several.then_some(school.number), statement };
        sum += one.verify(part)?;
    }
    if sum == statement.o1 {
        return Ok(());
    }
    let what = What::Objective { stated: statement.o1, found: sum };
    Err(Difference { student: None, offering: None, what })
}

/// What a result says of each school.
struct Parts<'a> {
    /// Where each school stands in the file; the only one has no name.
    places: BTreeMap<Option<u32>, usize>,
    schools: &'a [School],
    by_school: Vec<Part>,
}

/// What a result says of one school.
#[derive(Default)]
struct Part {
    has: Vec<bool>,
    closed: Vec<StatedClosed>,
    cutoffs: BTreeMap<u32, StatedCutoff>,
    unsettled: BTreeSet<u32>,
}

impl<'a> Parts<'a> {
    fn of(schools: &'a [School], several: bool) -> Parts<'a> {
        let names = schools.iter().map(|school| several.then_some(school.number));
        let places = names.zip(0..).collect();
        let parts = schools
            .iter()
            .map(|school| Part { has: vec![false; school.market.wishes().len()], ..Part::default() });
        Parts { places, schools, by_school: parts.collect() }
    }

    /// Gives each entry to its school.
    fn sort(&mut self, statement: &Statement) -> Result<(), Difference> {
        for seat in &statement.assigned {
            let (at, wish) = self.wish(*seat)?;
            if std::mem::replace(&mut self.by_school[at].has[wish as usize], true) {
                return Err(about_seat(*seat, What::SeatTwice));
            }
        }
        for closed in &statement.closed {
            let part = self.part(closed.offering)?;
            if part.closed.iter().any(|known| known.offering == closed.offering) {
                return Err(about(closed.offering, What::ListedTwice));
            }
            part.closed.push(*closed);
        }
        for cutoff in &statement.cutoffs {
            let part = self.part(cutoff.offering)?;
            if part.cutoffs.insert(cutoff.offering.offering, *cutoff).is_some() {
                return Err(about(cutoff.offering, What::ListedTwice));
            }
        }
        for seat in &statement.unsettled {
            let (at, wish) = self.wish(*seat)?;
            if !self.by_school[at].unsettled.insert(wish) {
                return Err(about_seat(*seat, What::SeatTwice));
            }
        }
        Ok(())
    }

    fn part(&mut self, named: Named) -> Result<&mut Part, Difference> {
        let at = self.place(named).ok_or_else(|| about(named, What::UnknownOffering))?;
        Ok(&mut self.by_school[at])
    }

    /// The school of an offering, if both are there.
    fn place(&self, named: Named) -> Option<usize> {
        let at = self.places.get(&named.school).copied()?;
        let offerings = self.schools[at].market.offerings().len();
        ((named.offering as usize) < offerings).then_some(at)
    }

    /// The school and the wish that a seat is for.
    fn wish(&self, seat: Seat) -> Result<(usize, u32), Difference> {
        let at = self.place(seat.offering).ok_or_else(|| about_seat(seat, What::UnknownOffering))?;
        let market = &self.schools[at].market;
        let student = market.applicants().binary_search_by_key(&seat.student, |applicant| applicant.number);
        let student = student.map_err(|_| about_seat(seat, What::UnknownStudent))?;
        let mut wishes = market.wishes_of(student);
        let wish = wishes.find(|wish| market.wishes()[*wish].offering == seat.offering.offering);
        let wish = wish.and_then(|wish| u32::try_from(wish).ok());
        Ok((at, wish.ok_or_else(|| about_seat(seat, What::NotWished))?))
    }
}

fn about(named: Named, what: What) -> Difference {
    Difference { student: None, offering: Some(name(named.school, named.offering)), what }
}

fn about_seat(seat: Seat, what: What) -> Difference {
    Difference { student: Some(seat.student), ..about(seat.offering, what) }
}

fn name(school: Option<u32>, offering: u32) -> String {
    school.map_or_else(|| offering.to_string(), |school| format!("{school}:{offering}"))
}

/// What a result says of an offering's seats that are kept for some first, and whether the last of the others goes on.
type Kept = (bool, Option<(u8, bool, u64)>, Option<(Channel, u8, bool, u64)>);

fn kept(stated: &StatedCutoff) -> Kept {
    let priority = stated.kept_for_priority.map(|last| (last.tier, last.goes_on, last.ticket.0));
    let office = stated.kept_for_office.map(|last| (last.by.0, last.tier, last.goes_on, last.ticket.0));
    (stated.goes_on, priority, office)
}

fn kept_of(lasts: &Parted) -> Kept {
    let goes_on = |last: Place| !last.is_new;
    let priority = lasts.priority.map(|last| (last.tier, goes_on(last), last.ticket));
    let office = lasts.office.map(|(by, last)| (by, last.tier, goes_on(last), last.ticket));
    (lasts.others.is_some_and(goes_on), priority, office)
}

/// One school and what it is checked against.
struct One<'a> {
    school: &'a School,
    name: Option<u32>,
    statement: &'a Statement,
}

impl One<'_> {
    /// The school's part of the objective, if everything follows.
    fn verify(&self, part: &Part) -> Result<u64, Difference> {
        let (market, setting) = (&self.school.market, &self.statement.setting);
        let lots = Lots::draw(market, &setting.seed, setting.tickets);
        let closed: Vec<u32> = part.closed.iter().map(|closed| closed.offering.offering).collect();
        let allocation = Allocation::of(market, &lots, setting.rules.titles, part.has.clone(), &closed);
        check(market, setting.rules, &allocation).map_err(|broken| self.broken(broken))?;
        self.verify_unsettled(part, &allocation)?;
        for (stated, closed) in part.closed.iter().zip(allocation.closed()) {
            let (stated, found) = ((stated.wishes, stated.minimum), (closed.children, closed.minimum));
            if stated != found {
                return Err(self.at(closed.offering, What::Closed { stated, found }));
            }
        }
        self.verify_cutoffs(part, &allocation)?;
        Ok(o1(market, &part.has))
    }

    fn verify_cutoffs(&self, part: &Part, allocation: &Allocation) -> Result<(), Difference> {
        for (offering, standing) in (0..).zip(allocation.standings()) {
            let stated = part.cutoffs.get(&offering);
            match (stated, standing.cutoff) {
                (None, Cutoff::Closed) => {}
                (None, Cutoff::Free | Cutoff::Last(_) | Cutoff::Parted(_) | Cutoff::NoSeats)
                | (Some(_), Cutoff::Closed) => return Err(self.at(offering, What::CutoffMissing)),
                (Some(stated), Cutoff::Free | Cutoff::Last(_) | Cutoff::Parted(_) | Cutoff::NoSeats) => {
                    self.compare(offering, stated, standing)?;
                }
            }
        }
        Ok(())
    }

    fn compare(&self, offering: u32, stated: &StatedCutoff, standing: &Standing) -> Result<(), Difference> {
        let lasts = match standing.cutoff {
            Cutoff::Last(place) => Parted { priority: None, office: None, others: Some(place) },
            Cutoff::Parted(lasts) => lasts,
            Cutoff::Free | Cutoff::NoSeats | Cutoff::Closed => {
                Parted { priority: None, office: None, others: None }
            }
        };
        let found = (standing.admitted, lasts.others.map(|place| (place.tier, place.ticket)));
        let is_whole = stated.tier.is_some() == stated.ticket.is_some();
        let said = (stated.admitted, stated.tier.zip(stated.ticket.map(|Ticket(ticket)| ticket)));
        if !is_whole || said != found {
            return Err(self.at(offering, What::Cutoff { stated: said, found }));
        }
        if kept(stated) == kept_of(&lasts) { Ok(()) } else { Err(self.at(offering, What::LastKept)) }
    }

    fn verify_unsettled(&self, part: &Part, allocation: &Allocation) -> Result<(), Difference> {
        let found: BTreeSet<u32> = allocation.unsettled().iter().copied().collect();
        if let Some(wish) = found.difference(&part.unsettled).next() {
            return Err(self.at_wish(*wish, What::PassedOver));
        }
        if let Some(wish) = part.unsettled.difference(&found).next() {
            return Err(self.at_wish(*wish, What::NotUnsettled));
        }
        Ok(())
    }

    fn broken(&self, broken: Broken) -> Difference {
        match broken {
            Broken::NotEligible { wish, unfit } => self.at_wish(wish, What::NotEligible(unfit)),
            Broken::TooMuch { wish, used } => self.at_wish(wish, What::TooMuch(used)),
            Broken::Overfull { offering } => self.at(offering, What::Overfull),
            Broken::SeatInClosed { offering } => self.at(offering, What::SeatInClosed),
            Broken::BelowMinimum { offering } => self.at(offering, What::BelowMinimum),
            Broken::Closed { offering } => self.at(offering, What::ClosedByNoRule),
        }
    }

    fn at(&self, offering: u32, what: What) -> Difference {
        about(Named { school: self.name, offering }, what)
    }

    fn at_wish(&self, wish: u32, what: What) -> Difference {
        let market = &self.school.market;
        let applicants = market.applicants().iter().enumerate();
        let mut whose = applicants.filter(|(at, _)| market.wishes_of(*at).contains(&(wish as usize)));
        let student = whose.next().map(|(_, applicant)| applicant.number);
        Difference { student, ..self.at(market.wishes()[wish as usize].offering, what) }
    }
}
