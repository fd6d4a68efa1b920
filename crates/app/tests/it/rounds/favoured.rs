//! Siblings who draw together, children who go on, and seats that are kept, from the rules to the record.

use kehou_app::allocation::round::{self, WriteRefused};
use kehou_app::allocation::{Statement, file, verify};
use kehou_db::testing::stores;
use kehou_db::{Failed, SchoolTx, sql};
use kehou_domain::access::{EnterWishes, KeepRounds, ReadRounds};
use kehou_domain::allocation::Siblings;
use kehou_domain::allocation::round::{Favours, Setup, WishList};
use kehou_domain::ids::{RoundId, StudentId, TermId};

use super::world::{CLOSING, Clubs, on, setup, write};
use crate::enrolment::world::{TUESDAY, at};

const FAVOURS: Favours = Favours {
    siblings: Siblings::Together,
    goes_on: true,
    priority_percent: Some(50),
    office_seats: 1,
    beside: false,
};

/// The child played football in the term before.
fn played_before(tx: &mut SchoolTx, round: RoundId, child: StudentId) -> kehou_db::Result<()> {
    let before: TermId = tx.new_id();
    let term = sql!(
        "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from)
         values ($1, $2, 2025, '上学期', '2026-02-20', '2026-07-01', '2026-02-20')"
    );
    tx.run(term, &[before.into()])?;
    let seat = sql!(
        "insert into seat (school_id, term_id, slot_id, student_id, weekday, round_id, offering_id, how, locked, since_at)
         select $1, $4, 'afternoon', $2, 2, $3, o.id, 'draw', 0, 0 from offering o
         where o.school_id = $1 and o.title = '足球社'"
    );
    tx.run(seat, &[child.into(), round.into(), before.into()]).map(drop)
}

/// The two siblings wish; the office writes for the third child, who played football before.
async fn written(clubs: &Clubs<'_>) -> RoundId {
    let id = clubs.round(Setup { favours: FAVOURS, ..setup() }).await;
    clubs.announce(id, None).await.unwrap();
    let world = &clubs.world;
    write(&world.sun, (id, world.an), (2, "- 0,1 - - -")).await.unwrap();
    let bo = world.bo;
    let office = clubs.office(at(TUESDAY) + jiff::SignedDuration::from_hours(2));
    let list = WishList::read(2, "- 0,1 - 2 -").unwrap();
    let by_office =
        office.act::<EnterWishes, (), WriteRefused>(move |tx| round::write_wishes_for(tx, (id, bo), &list));
    by_office.await.unwrap().unwrap();
    office
        .act::<KeepRounds, (), ()>(move |tx| played_before(tx, id, bo).map_err(Failed::Fault))
        .await
        .unwrap()
        .unwrap();
    id
}

#[tokio::test]
async fn b4_f11_whom_a_round_favours_stands_in_its_record() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let id = written(&clubs).await;
        let world = &clubs.world;
        // the brother stays for nothing that is for his grade; his list is his number in the draw all the same
        write(&world.sun, (id, world.ping), (1, "- - - - -")).await.unwrap();
        let closed = on(CLOSING, 21);
        clubs.seal(id, closed).await.unwrap();
        clubs.draw(id, closed, ("7", None)).await.unwrap();
        let office = clubs.office(closed);
        let (market, result) =
            office.read::<ReadRounds, _>(move |tx| round::record(tx, id)).await.unwrap().unwrap();
        let found = office.read::<ReadRounds, _>(move |tx| round::applicants(tx, id)).await.unwrap();
        let number = |child| found.iter().find(|one| one.student == child).unwrap().number;
        let line = |child| {
            let begins = format!("P {} ", number(child));
            market.lines().find(|line| line.starts_with(&begins)).unwrap()
        };
        let family = number(world.an).min(number(world.ping)).to_string();
        assert_eq!(line(world.an).split(' ').nth(6), Some(family.as_str()));
        assert_eq!(line(world.ping).split(' ').nth(6), Some(family.as_str()));
        assert!(line(world.bo).ends_with(" 0 - 0,1 - 2 - by=office goes_on=1"), "{market}");
        let seats: Vec<&str> = market.lines().filter(|line| line.starts_with("O ")).collect();
        let kept: Vec<&str> = seats.iter().map(|line| line.splitn(11, ' ').nth(10).unwrap()).collect();
        assert_eq!(kept, ["kept=1", "kept=3 office=1", "kept=3 office=1"]);
        let statement = Statement::read(result.unwrap().as_bytes()).unwrap();
        assert_eq!(statement.setting.tickets.siblings, Siblings::Together);
        assert_eq!(verify(&file::read(market.as_bytes()).unwrap(), &statement), Ok(()));
        let kept = office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
        assert_eq!(kept.round.setup.favours, FAVOURS);
    }
}

#[tokio::test]
async fn a_round_that_favours_nobody_has_a_plain_record() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        let world = &clubs.world;
        write(&world.sun, (id, world.an), (2, "- 0,1 - - -")).await.unwrap();
        write(&world.sun, (id, world.ping), (1, "- - - - -")).await.unwrap();
        let closed = on(CLOSING, 21);
        clubs.seal(id, closed).await.unwrap();
        let record =
            clubs.office(closed).read::<ReadRounds, _>(move |tx| round::record(tx, id)).await.unwrap();
        let (market, _) = record.unwrap();
        assert!(!market.contains('='), "{market}");
        let families =
            market.lines().filter(|line| line.starts_with("P ")).map(|line| line.split(' ').nth(6));
        assert_eq!(families.collect::<Vec<_>>(), [Some("0"), Some("0")]);
    }
}
