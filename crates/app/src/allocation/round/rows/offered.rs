//! What is offered in a round, as it stood when the round was made known.

use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::allocation::round::{Seats, first_of};
use kehou_domain::catalogue::SexLimit;
use kehou_domain::ids::{OfferingId, RoundId, TermId};
use kehou_domain::plan::{Grades, Weekdays};

use crate::allocation::round::answer::AnswerCutoff;
use crate::allocation::round::keep::RoundSeats;
use crate::allocation::round::{Listed, Offered, Outcome, Place};
use crate::catalogue::{self, Offering};

/// The offerings of a round, Monday first, each at its place in the list.
pub(in super::super) fn add(
    tx: &mut SchoolTx,
    round: RoundId,
    joining: &[(Offering, RoundSeats)],
) -> Result<()> {
    let sql = sql!(
        "insert into round_offering (school_id, round_id, place, offering_id, weekday, also_on, capacity, minimum,
           kept, taken, first_wishes, wishes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0)"
    );
    let list = |(place, (one, seats)): (u32, &(Offering, RoundSeats))| -> Vec<Arg> {
        vec![
            round.into(),
            place.into(),
            one.id.into(),
            i64::from(first_of(seats.days)).into(),
            later(seats.days).into(),
            u32::from(seats.capacity).into(),
            u32::from(seats.minimum).into(),
            u32::from(seats.kept).into(),
        ]
    };
    let lists: Vec<Vec<Arg>> = (0..).zip(joining).map(list).collect();
    tx.run_each(sql, &lists).map(drop)
}

/// The days after the first, as digits.
fn later(days: Weekdays) -> String {
    days.iter().skip(1).map(|day| char::from(b'0' + day)).collect()
}

/// The first day and those after it.
fn days(row: &Row, (first, later): (usize, usize)) -> Result<Weekdays> {
    let (day, text) = (row.int(first)?, row.text(later)?);
    let later = text.bytes().map(|digit| digit.wrapping_sub(b'0'));
    let days = Weekdays::of(u8::try_from(day).into_iter().chain(later));
    if days.count() == 1 + text.len() {
        return Ok(days);
    }
    Err(Error::Column { column: first, found: format!("{day} {text}") })
}

/// The rounds that were made known with the offering in their list, with its place there.
pub(in super::super) fn rounds_with(tx: &mut SchoolTx, offering: OfferingId) -> Result<Vec<(RoundId, u32)>> {
    let sql = sql!(
        "select round_id, place from round_offering where school_id = $1 and offering_id = $2
         order by round_id limit 100"
    );
    tx.all(sql, &[offering.into()], |row| Ok((row.id(0)?, row.count(1)?)))
}

/// How many children have a seat of each offering of the term, in any round.
pub(in super::super) fn given(tx: &mut SchoolTx, term: TermId) -> Result<Vec<(OfferingId, u16)>> {
    let sql = sql!(
        "select offering_id, count(distinct student_id) from seat where school_id = $1 and term_id = $2 group by offering_id limit 2000"
    );
    tx.all(sql, &[term.into()], |row| Ok((row.id(0)?, narrow(row, 1)?)))
}

/// The offerings of a round as the rules of choosing need them: a tap reads no description.
pub(in super::super) fn places(tx: &mut SchoolTx, term: TermId, round: RoundId) -> Result<Vec<Place>> {
    let sql = sql!(
        "select r.place, r.offering_id, r.weekday, r.also_on, o.title, o.sex from round_offering r
         join offering o on o.school_id = $1 and o.id = r.offering_id
         where r.school_id = $1 and r.round_id = $2 order by r.place limit 2000"
    );
    let mut places = tx.all(sql, &[round.into()], read_place)?;
    let sql = sql!(
        "select r.place, g.grade from round_offering r
         join offering_grade g on g.school_id = $1 and g.offering_id = r.offering_id
         where r.school_id = $1 and r.round_id = $2 order by r.place limit 18000"
    );
    let grades = tx.all(sql, &[round.into()], |row| Ok((row.count(0)?, grade(row, 1)?)))?;
    let apart = catalogue::apart_in(tx, term)?;
    for one in &mut places {
        let both = apart.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
        one.apart = both.filter(|(own, _)| *own == one.id).map(|(_, other)| other).collect();
        let from = grades.partition_point(|(place, _)| *place < one.number);
        let own = grades[from..].iter().take_while(|(place, _)| *place == one.number);
        one.grades = Grades::of(own.map(|(_, grade)| *grade));
    }
    Ok(places)
}

/// The offering at one place of a round.
pub(in super::super) fn place(tx: &mut SchoolTx, round: RoundId, place: u32) -> Result<Place> {
    let sql = sql!(
        "select r.place, r.offering_id, r.weekday, r.also_on, o.title, o.sex from round_offering r
         join offering o on o.school_id = $1 and o.id = r.offering_id
         where r.school_id = $1 and r.round_id = $2 and r.place = $3"
    );
    let mut found = tx.one(sql, &[round.into(), place.into()], read_place)?;
    let sql = sql!("select grade from offering_grade where school_id = $1 and offering_id = $2");
    found.grades = Grades::of(tx.all(sql, &[found.id.into()], |row| grade(row, 0))?);
    found.apart = catalogue::apart_from(tx, found.id)?;
    Ok(found)
}

fn read_place(row: &Row) -> Result<Place> {
    Ok(Place {
        number: row.count(0)?,
        id: row.id(1)?,
        days: days(row, (2, 3))?,
        title: row.text(4)?,
        sex: row.word(5, SexLimit::parse)?,
        grades: Grades::default(),
        apart: Vec::new(),
    })
}

fn grade(row: &Row, column: usize) -> Result<u8> {
    let found = row.int(column)?;
    u8::try_from(found).map_err(|_| Error::Column { column, found: found.to_string() })
}

/// The offerings of a round with what the catalogue says of them.
pub(in super::super) fn of_round(tx: &mut SchoolTx, term: TermId, round: RoundId) -> Result<Vec<Offered>> {
    let sql = sql!(
        "select place, offering_id, weekday, capacity, minimum, taken, first_wishes, wishes, admitted, cutoff,
           closed_as, would_come, also_on, kept, entered
         from round_offering where school_id = $1 and round_id = $2 order by place limit 2000"
    );
    let found = tx.all(sql, &[round.into()], |row| Ok((row.id(1)?, read(row)?)))?;
    let catalogue = catalogue::of_term(tx, term)?;
    let filled = found.into_iter().map(|(id, listed): (OfferingId, Listed)| {
        let known = catalogue.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
        let known = known.clone();
        Ok(Offered {
            id,
            details: known.details,
            teacher_name: known.teacher_name,
            listed,
            apart: known.apart,
        })
    });
    filled.collect()
}

fn read(row: &Row) -> Result<Listed> {
    let outcome = match row.maybe_int(8)? {
        None => None,
        Some(_) => Some(Outcome {
            admitted: row.count(8)?,
            cutoff: row.word(9, AnswerCutoff::read)?,
            closed: match row.maybe_int(10)? {
                None => None,
                Some(_) => Some((row.count(10)?, row.count(11)?)),
            },
        }),
    };
    Ok(Listed {
        place: row.count(0)?,
        days: days(row, (2, 12))?,
        minimum: narrow(row, 4)?,
        seats: Seats {
            capacity: narrow(row, 3)?,
            taken: narrow(row, 5)?,
            kept: narrow(row, 13)?,
            entered: narrow(row, 14)?,
        },
        wished: (row.count(6)?, row.count(7)?),
        outcome,
    })
}

fn narrow(row: &Row, column: usize) -> Result<u16> {
    let found = row.count(column)?;
    u16::try_from(found).map_err(|_| Error::Column { column, found: found.to_string() })
}

/// How many named each offering, first and at all.
pub(in super::super) fn count(tx: &mut SchoolTx, round: RoundId, counts: &[(u32, u32)]) -> Result<()> {
    let sql = sql!(
        "update round_offering set first_wishes = $4, wishes = $5
         where school_id = $1 and round_id = $2 and place = $3"
    );
    let list = |(place, (first, all)): (u32, &(u32, u32))| -> Vec<Arg> {
        vec![round.into(), place.into(), (*first).into(), (*all).into()]
    };
    let lists: Vec<Vec<Arg>> = (0..).zip(counts).map(list).collect();
    tx.run_each(sql, &lists).map(drop)
}

/// What the draw made of each offering, by place.
pub(in super::super) fn settle(tx: &mut SchoolTx, round: RoundId, outcomes: &[Outcome]) -> Result<()> {
    let sql = sql!(
        "update round_offering set admitted = $4, taken = $4, cutoff = $5, closed_as = $6, would_come = $7
         where school_id = $1 and round_id = $2 and place = $3"
    );
    let list = |(place, one): (u32, &Outcome)| -> Vec<Arg> {
        let (order, children) = one.closed.map_or((Arg::NoInt, Arg::NoInt), |(order, children)| {
            (i64::from(order).into(), i64::from(children).into())
        });
        vec![round.into(), place.into(), one.admitted.into(), one.cutoff.written().into(), order, children]
    };
    let lists: Vec<Vec<Arg>> = (0..).zip(outcomes).map(list).collect();
    tx.run_each(sql, &lists).map(drop)
}

/// One seat more of an offering in a round; says whether it is offered there.
pub(in super::super) fn one_more(tx: &mut SchoolTx, round: RoundId, offering: OfferingId) -> Result<bool> {
    let sql = sql!(
        "update round_offering set capacity = capacity + 1
         where school_id = $1 and round_id = $2 and offering_id = $3"
    );
    Ok(tx.run(sql, &[round.into(), offering.into()])? == 1)
}

pub(in super::super) fn title(tx: &mut SchoolTx, id: OfferingId) -> Result<String> {
    let sql = sql!("select title from offering where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], |row| row.text(0))
}
