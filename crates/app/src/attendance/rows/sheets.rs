//! What the sheets need beside the ledger: names, classes, closed months.

use jiff::civil::Date;
use kehou_db::{Arg, Result, SchoolTx, sql};
use kehou_domain::ids::{ClassId, StudentId};
use kehou_domain::people::class::ClassKey;

use crate::attendance::sheets::ClosedMonth;
use crate::people::read_class;

/// A child with its class, as a sheet names it.
pub(crate) struct Named {
    pub(crate) student: StudentId,
    pub(crate) name: String,
    pub(crate) seat_no: Option<u32>,
    pub(crate) class: Option<(ClassId, ClassKey)>,
}

/// Every child with the class that it was in last within the span.
pub(crate) fn named(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<Named>> {
    let sql = sql!(
        "select s.id, s.name, s.seat_no, c.id, c.stage, c.entered_year, c.class_no
         from student s
         left join class_stay y on y.school_id = s.school_id and y.student_id = s.id
           and y.from_on <= $3 and (y.to_on is null or $2 <= y.to_on)
         left join home_class c on c.school_id = y.school_id and c.id = y.class_id
         where s.school_id = $1 order by s.id, y.from_on"
    );
    let rows = tx.all(sql, &[from.into(), to.into()], |row| {
        let class = match row.maybe_id::<ClassId>(3)? {
            Some(class) => Some((class, read_class(row, 4)?)),
            None => None,
        };
        let seat_no = row.maybe_int(2)?.and_then(|number| u32::try_from(number).ok());
        Ok(Named { student: row.id(0)?, name: row.text(1)?, seat_no, class })
    })?;
    let mut named: Vec<Named> = Vec::new();
    for row in rows {
        if named.last().is_some_and(|last| last.student == row.student) {
            named.pop();
        }
        named.push(row);
    }
    Ok(named)
}

pub(crate) fn closed(tx: &mut SchoolTx, month: &str) -> Result<Option<ClosedMonth>> {
    let sql = sql!("select closed_at, sheet, hash from attendance_month where school_id = $1 and month = $2");
    tx.maybe(sql, &[month.into()], |row| {
        Ok(ClosedMonth { closed_at: row.at(0)?, text: row.text(1)?, hash: row.text(2)? })
    })
}

/// Keeps a month; one that is kept already is there already.
pub(crate) fn close(tx: &mut SchoolTx, month: &str, text: &str, hash: &str) -> Result<()> {
    let sql = sql!(
        "insert into attendance_month (school_id, month, closed_at, closed_by, sheet, hash)
         values ($1, $2, $3, $4, $5, $6)"
    );
    let args: [Arg; 5] = [month.into(), tx.at().into(), tx.account().into(), text.into(), hash.into()];
    tx.run(sql, &args).map(|_| ())
}
