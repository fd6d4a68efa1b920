//! The tables about fees, staff pay and funds.

use kehou_domain::money::LessonHours;
use kehou_domain::plan::{
    Cap, Fee, FeeMode, Funds, Pay, PayMode, Payee, PenaltyRule, Place, Punch, Rate, RefundRule, SlotId,
    WorkCredit,
};

use super::Places;
use super::care::slot_names;
use super::fields::Fields;
use super::problem::{Shape, Wrong};
use super::values;

pub(super) fn fee(top: &mut Fields<'_, '_>, places: &mut Places) -> Fee {
    let Some(mut table) = top.table("fee", "fee") else {
        top.missing("fee", Shape::Table);
        return no_fee();
    };
    places.put(Place::Fee, &table);
    let fee = Fee {
        mode: table.word("mode").unwrap_or(FeeMode::NotStated),
        payee: table.maybe_word("payee").unwrap_or(Payee::NotStated),
        rates: rates(&mut table, "fee.rates", Place::Rate, places),
        settled_per: table.maybe_word("settled_per"),
        refund: table.maybe_word("refund").unwrap_or(RefundRule::NotStated),
        waivers: table.words("waivers"),
        basis: table.maybe_text("basis"),
        publication_first: table.flag("publication_first"),
    };
    table.finish();
    fee
}

/// What stands for a table that is missing, which is already a problem.
const fn no_fee() -> Fee {
    Fee {
        mode: FeeMode::NotStated,
        payee: Payee::NotStated,
        rates: Vec::new(),
        settled_per: None,
        refund: RefundRule::NotStated,
        waivers: Vec::new(),
        basis: None,
        publication_first: false,
    }
}

fn rates(
    of: &mut Fields<'_, '_>,
    name: &'static str,
    place: fn(usize) -> Place,
    places: &mut Places,
) -> Vec<Rate> {
    let mut rates = Vec::new();
    for mut table in of.tables("rates", name) {
        places.put(place(rates.len()), &table);
        rates.extend(rate(&mut table));
        table.finish();
    }
    rates
}

fn rate(table: &mut Fields<'_, '_>) -> Option<Rate> {
    let amount = table.yuan("yuan");
    if table.value("unit").is_none() {
        table.sink.note(table.span.clone(), Wrong::RateWithoutUnit);
    }
    let unit = table.maybe_word("unit");
    let (from, until) = (table.date("from"), table.date("until"));
    let slots = slot_names(table);
    let cap = cap(table);
    let provisional = table.flag("provisional");
    Some(Rate { amount: amount?, unit: unit?, from, until, slots, cap, provisional })
}

fn cap(table: &mut Fields<'_, '_>) -> Option<Cap> {
    let amount = table.maybe("cap_yuan", Shape::Yuan, values::yuan);
    let per = table.maybe_word("cap_per");
    let alone = match (table.value("cap_yuan").is_some(), table.value("cap_per").is_some()) {
        (true, false) => Some("cap_yuan"),
        (false, true) => Some("cap_per"),
        (true, true) | (false, false) => None,
    };
    if let Some(key) = alone {
        let span = table.span_of(key);
        table.sink.note(span, Wrong::CapIncomplete);
    }
    Some(Cap { amount: amount?, per: per? })
}

pub(super) fn pay(top: &mut Fields<'_, '_>, places: &mut Places) -> Pay {
    let none = Pay {
        mode: PayMode::NotStated,
        rates: Vec::new(),
        credits: Vec::new(),
        punches: Vec::new(),
        penalties: Vec::new(),
    };
    let Some(mut table) = top.table("pay", "pay") else { return none };
    let pay = Pay {
        mode: table.word("mode").unwrap_or(none.mode),
        rates: rates(&mut table, "pay.rates", Place::PayRate, places),
        credits: credits(&mut table),
        punches: punches(&mut table, places),
        penalties: penalties(&mut table),
    };
    table.finish();
    pay
}

fn credits(pay: &mut Fields<'_, '_>) -> Vec<WorkCredit> {
    let tables = pay.tables("credits", "pay.credits");
    let credits = tables.into_iter().filter_map(|mut table| {
        let work = table.word("work");
        let lesson_hours: Option<Option<LessonHours>> =
            table.need("lesson_hours", Shape::LessonHours, |value| match value.as_str() {
                Some("real time") => Some(None),
                Some(_) | None => values::hours(value).map(Some),
            });
        table.finish();
        Some(WorkCredit { work: work?, lesson_hours: lesson_hours? })
    });
    credits.collect()
}

fn punches(pay: &mut Fields<'_, '_>, places: &mut Places) -> Vec<Punch> {
    let mut punches = Vec::new();
    for mut table in pay.tables("punches", "pay.punches") {
        places.put(Place::Punch(punches.len()), &table);
        let (slot, by) = (table.text("slot"), table.word("by"));
        let from = table.need("from", Shape::Time, values::time);
        let (to, times) = (table.time("to"), table.small("times", 1, 9).unwrap_or(1));
        let (signature, season) = (table.flag("signature"), table.maybe_word("season"));
        table.finish();
        if let (Some(by), Some(from)) = (by, from) {
            punches.push(Punch { slot: SlotId(slot), by, from, to, times, signature, season });
        }
    }
    punches
}

fn penalties(pay: &mut Fields<'_, '_>) -> Vec<PenaltyRule> {
    let tables = pay.tables("penalties", "pay.penalties");
    let penalties = tables.into_iter().filter_map(|mut table| {
        let (neglect, penalty) = (table.word("neglect"), table.word("penalty"));
        table.finish();
        Some(PenaltyRule { neglect: neglect?, penalty: penalty? })
    });
    penalties.collect()
}

pub(super) fn funds(top: &mut Fields<'_, '_>) -> Funds {
    let Some(mut table) = top.table("funds", "funds") else { return Funds::default() };
    let funds = Funds {
        sources: table.words("sources"),
        uses: table.words("uses"),
        staff_share_percent: table.small("staff_share_percent", 1, 100),
        per_actual_pupil: table.flag("per_actual_pupil"),
    };
    table.finish();
    funds
}
