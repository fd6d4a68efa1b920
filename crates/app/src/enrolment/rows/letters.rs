//! Letters and their receipts.

use jiff::Timestamp;
use kehou_db::{self as db, Arg, Row, SchoolTx, sql};
use kehou_domain::enrolment::notice::Item;
use kehou_domain::ids::{GuardianId, NoticeId};

use crate::enrolment::letters::{Draft, Letter, LetterKind, LetterOnList, LetterStatus};

pub(in super::super) fn letters(tx: &mut SchoolTx, guardians: u32) -> db::Result<Vec<LetterOnList>> {
    let sql = sql!(
        "select n.id, n.kind, n.title, n.status, n.published_at,
                (select count(*) from notice_receipt r where r.school_id = $1 and r.notice_id = n.id)
         from notice n where n.school_id = $1 order by n.made_at desc, n.id desc limit 200"
    );
    tx.all(sql, &[], |row| {
        Ok(LetterOnList {
            id: row.id(0)?,
            kind: row.word(1, LetterKind::parse)?,
            title: row.text(2)?,
            status: row.word(3, LetterStatus::parse)?,
            published_at: row.maybe_at(4)?,
            read: row.count(5)?,
            guardians,
        })
    })
}

/// How many guardians the school knows today.
pub(in super::super) fn guardians(tx: &mut SchoolTx) -> db::Result<u32> {
    let sql = sql!(
        "select count(distinct guardian_id) from guardianship
         where school_id = $1 and from_on <= $2 and (to_on is null or $2 <= to_on)"
    );
    let today = tx.today();
    tx.one(sql, &[today.into()], |row| row.count(0))
}

pub(in super::super) fn letter(tx: &mut SchoolTx, id: NoticeId) -> db::Result<Letter> {
    let items = items(tx, id)?;
    let sql = sql!(
        "select kind, title, opening, closing, status, published_at from notice where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], |row| read_letter(row, id, items.clone()))
}

fn read_letter(row: &Row, id: NoticeId, items: Vec<(Item, String)>) -> db::Result<Letter> {
    let said = Draft {
        kind: row.word(0, LetterKind::parse)?,
        title: row.text(1)?,
        opening: row.text(2)?,
        items,
        closing: row.text(3)?,
    };
    Ok(Letter { id, said, status: row.word(4, LetterStatus::parse)?, published_at: row.maybe_at(5)? })
}

fn items(tx: &mut SchoolTx, id: NoticeId) -> db::Result<Vec<(Item, String)>> {
    let sql = sql!("select item, told from notice_item where school_id = $1 and notice_id = $2");
    let mut items = tx.all(sql, &[id.into()], |row| Ok((row.word(0, Item::parse)?, row.text(1)?)))?;
    items.sort_by_key(|(item, _)| Item::ALL.iter().position(|known| known == item));
    Ok(items)
}

pub(in super::super) fn hold(tx: &mut SchoolTx, id: NoticeId) -> db::Result<()> {
    let sql = sql!("update notice set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[id.into()])? {
        0 => Err(db::Error::NotFound),
        _ => Ok(()),
    }
}

pub(in super::super) fn add(tx: &mut SchoolTx, draft: &Draft) -> db::Result<NoticeId> {
    let id: NoticeId = tx.new_id();
    let sql = sql!(
        "insert into notice (school_id, id, kind, title, opening, closing, status, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, 'draft', $7, $8)"
    );
    let (at, account) = (tx.at(), tx.account());
    let said = [draft.title.trim().into(), draft.opening.as_str().into(), draft.closing.as_str().into()];
    let mut args: Vec<Arg> = vec![id.into(), draft.kind.word().into()];
    args.extend(said);
    args.extend([at.into(), account.into()]);
    tx.run(sql, &args)?;
    add_items(tx, id, draft)?;
    Ok(id)
}

pub(in super::super) fn change(tx: &mut SchoolTx, id: NoticeId, draft: &Draft) -> db::Result<()> {
    let sql = sql!(
        "update notice set kind = $3, title = $4, opening = $5, closing = $6 where school_id = $1 and id = $2"
    );
    let (title, opening, closing) = (draft.title.trim(), draft.opening.as_str(), draft.closing.as_str());
    tx.run(sql, &[id.into(), draft.kind.word().into(), title.into(), opening.into(), closing.into()])?;
    tx.run(sql!("delete from notice_item where school_id = $1 and notice_id = $2"), &[id.into()])?;
    add_items(tx, id, draft)
}

fn add_items(tx: &mut SchoolTx, id: NoticeId, draft: &Draft) -> db::Result<()> {
    let sql = sql!("insert into notice_item (school_id, notice_id, item, told) values ($1, $2, $3, $4)");
    for (item, told) in draft.items.iter().filter(|(_, told)| !told.trim().is_empty()) {
        tx.run(sql, &[id.into(), item.word().into(), told.as_str().into()])?;
    }
    Ok(())
}

pub(in super::super) fn publish(tx: &mut SchoolTx, id: NoticeId) -> db::Result<()> {
    let sql = sql!(
        "update notice set status = 'published', published_at = $3, published_by = $4
         where school_id = $1 and id = $2"
    );
    let (at, account) = (tx.at(), tx.account());
    tx.run(sql, &[id.into(), at.into(), account.into()]).map(|_| ())
}

pub(in super::super) fn read_at(
    tx: &mut SchoolTx,
    id: NoticeId,
    guardian: GuardianId,
) -> db::Result<Option<Timestamp>> {
    let sql = sql!(
        "select read_at from notice_receipt where school_id = $1 and notice_id = $2 and guardian_id = $3"
    );
    tx.maybe(sql, &[id.into(), guardian.into()], |row| row.at(0))
}

/// The first reading counts; later ones change nothing.
pub(in super::super) fn add_receipt(tx: &mut SchoolTx, id: NoticeId, guardian: GuardianId) -> db::Result<()> {
    let sql = sql!(
        "insert into notice_receipt (school_id, notice_id, guardian_id, read_at) values ($1, $2, $3, $4)
         on conflict (school_id, notice_id, guardian_id) do nothing"
    );
    let at = tx.at();
    tx.run(sql, &[id.into(), guardian.into(), at.into()]).map(|_| ())
}
