//! One round of the office: what stands in it, and the next step.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::allocation::round::{self, AnswerCutoff, Draw, Offered, Overview};
use kehou_db::{Failed, Tx, hex};
use kehou_domain::access::{KeepRounds, ReadRounds};
use kehou_domain::allocation::draw::Hash;
use kehou_domain::allocation::round::{Favours, Share, Stage, StepRefused, Way};
use kehou_domain::allocation::{Channel, Siblings};
use kehou_domain::ids::RoundId;
use serde::Deserialize;

use super::{id, rounds, said};
use crate::answer::{download, see_other};
use crate::catalogue::words::{comma, with_days};
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::plan::words as plan_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// An offering as a row.
pub(super) struct Row {
    pub(super) day: String,
    pub(super) title: String,
    pub(super) grades: String,
    pub(super) seats: u16,
    pub(super) minimum: u16,
    /// How many have somebody, and how many are kept for families who cannot choose.
    pub(super) taken: String,
    pub(super) first: u32,
    pub(super) wishes: u32,
    pub(super) admitted: Option<u32>,
    pub(super) cutoff: String,
}

/// The step that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Announce,
    Wait,
    Seal,
    Draw,
    Publish,
    Nothing,
}

#[expect(clippy::struct_excessive_bools, reason = "what a page shows or not")]
#[derive(Template)]
#[template(path = "allocation/round.html")]
struct RoundPage {
    base: String,
    id: RoundId,
    name: String,
    term: String,
    stage: (&'static str, &'static str, &'static str),
    next: Next,
    is_ranked: bool,
    is_draft: bool,
    facts: Vec<(&'static str, String)>,
    draw: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    outside: Vec<(String, &'static str)>,
    may_keep: bool,
    may_call_off: bool,
    may_arrange: bool,
    has_record: bool,
    asks_secret: bool,
    form: StepForm,
    problems: Problems,
}

/// What the forms of the steps send.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    commitment: String,
    secret: String,
    beacon: String,
    why: String,
}

pub(super) async fn show(seat: Seat, Path((_, wanted)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = page(&seat, id(&wanted)?, StepForm::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(seat: &Seat, wanted: RoundId, form: StepForm, problems: Problems) -> Result<RoundPage, Fault> {
    let one = seat.read::<ReadRounds, _>(move |tx| round::overview(tx, wanted)).await?;
    let lang = seat.lang();
    let way = one.round.setup.way;
    Ok(RoundPage {
        base: seat.path("rounds"),
        id: wanted,
        name: one.round.setup.name.clone(),
        term: one.term.name.clone(),
        stage: said::stage(one.stage),
        next: next(way, one.stage),
        is_ranked: way == Way::Ranked,
        is_draft: one.stage == Stage::Draft,
        facts: facts(lang, &one),
        draw: draw_facts(lang, &one.round),
        rows: one.offered.iter().map(|offered| row(lang, offered, one.stage)).collect(),
        outside: one.outside.iter().map(|(title, why)| (title.clone(), said::outside(*why))).collect(),
        may_keep: seat.may::<KeepRounds>(),
        may_call_off: seat.may::<KeepRounds>() && !matches!(one.stage, Stage::Published | Stage::CalledOff),
        may_arrange: match way {
            Way::Ranked => matches!(one.stage, Stage::Drawn | Stage::Published),
            Way::FirstCome => matches!(one.stage, Stage::Open | Stage::Over | Stage::Published),
        },
        has_record: one.round.sealed.is_some(),
        asks_secret: one.keeps_own_secret,
        form,
        problems,
    })
}

const fn next(way: Way, stage: Stage) -> Next {
    match (way, stage) {
        (_, Stage::Draft) => Next::Announce,
        (_, Stage::Announced | Stage::Open) => Next::Wait,
        (Way::Ranked, Stage::Over) => Next::Seal,
        (Way::Ranked, Stage::Sealed) => Next::Draw,
        (Way::Ranked, Stage::Drawn) | (Way::FirstCome, Stage::Over) => Next::Publish,
        (_, Stage::Sealed | Stage::Drawn | Stage::Published | Stage::CalledOff) => Next::Nothing,
    }
}

/// The rules of a round in lines of label and words.
fn facts(lang: Lang, one: &Overview) -> Vec<(&'static str, String)> {
    let setup = &one.round.setup;
    let mut facts = vec![
        ("怎么选", lang.t(said::way(setup.way)).to_owned()),
        ("时间", rounds::window(lang, setup)),
        ("每周最多几门", setup.weekly_limit.to_string()),
    ];
    facts.extend(rules(lang, &one.round));
    facts.extend(apart(lang, &one.offered));
    let values = [("n", one.lists.to_string()), ("m", one.staying.to_string())];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if setup.way == Way::Ranked && one.stage != Stage::Draft {
        facts.push(("已填志愿", lang.fill("{n} 人（这个时段在校 {m} 人）", &values)));
    }
    facts.extend(one.round.called_off_why.clone().map(|why| ("取消的理由", why)));
    facts
}

/// The rules that decide, for the office and for everybody.
pub(super) fn rules(lang: Lang, one: &round::Round) -> Vec<(&'static str, String)> {
    let setup = &one.setup;
    match setup.way {
        Way::Ranked => vec![
            ("怎么分", lang.t(said::method(setup.method)).to_owned()),
            ("抽签", lang.t(said::scheme(setup.scheme)).to_owned()),
            ("同一门课", lang.t(said::titles(setup.rules.titles)).to_owned()),
            ("人太少时", lang.t(said::closing(setup.rules.closing)).to_owned()),
            ("公开的数", setup.beacon.clone()),
        ]
        .into_iter()
        .chain(favoured(lang, setup.favours))
        .collect(),
        Way::FirstCome => {
            let minutes = setup.hold.as_mins().to_string();
            let mut facts = vec![("名额留多久", lang.fill("{n} 分钟，不确认就给下一位", &[("n", &minutes)]))];
            let kept = setup.favours.office_seats;
            if kept != 0 {
                let text = "每门留 {n} 个，截止前只由学校替没有手机的家庭选，家长自己选不到";
                facts.push(("留名额", lang.fill(text, &[("n", &kept.to_string())])));
            }
            facts
        }
    }
}

/// Which of the round's offerings no child has both of, for everybody to read.
pub(super) fn apart(lang: Lang, offered: &[Offered]) -> Vec<(&'static str, String)> {
    let named = |one: &Offered| {
        let days = plan_words::weekdays(lang, one.listed.days);
        with_days(lang, &one.details.title, &days)
    };
    let mut pairs = Vec::new();
    for (at, one) in offered.iter().enumerate() {
        for other in offered[at + 1..].iter().filter(|other| one.apart.contains(&other.id)) {
            pairs.push(lang.fill("{one}和{other}", &[("one", &named(one)), ("other", &named(other))]));
        }
    }
    if pairs.is_empty() { Vec::new() } else { vec![("不能都要", pairs.join(comma(lang)))] }
}

/// Whom the round favours beside the order of priority, for everybody to read.
fn favoured(lang: Lang, favours: Favours) -> Vec<(&'static str, String)> {
    let count = |text: &str, n: String| lang.fill(text, &[("n", &n)]);
    let mut facts = Vec::new();
    if favours.siblings == Siblings::Together {
        facts.push(("兄弟姐妹", lang.t(said::siblings(favours.siblings)).to_owned()));
    }
    if favours.beside {
        facts.push(("兄弟姐妹没分到一起", lang.t(said::beside(true)).to_owned()));
    }
    if favours.goes_on {
        facts.push(("接着学", lang.t(said::goes_on(true)).to_owned()));
    }
    if let Some(percent) = favours.priority_percent {
        let text = "每门 {n}% 的名额先给优先照顾的孩子，其余名额只看签";
        facts.push(("留名额", count(text, percent.to_string())));
    }
    if favours.office_seats != 0 {
        let text = "每门 {n} 个名额先给学校代填的孩子";
        facts.push(("留名额", count(text, favours.office_seats.to_string())));
    }
    facts
}

/// What the draw makes known, as far as it is known.
pub(super) fn draw_facts(lang: Lang, one: &round::Round) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if one.setup.way == Way::FirstCome {
        return facts;
    }
    facts.extend(one.commitment.map(|hash| ("承诺值", hex(&hash))));
    if let Some((root, count)) = one.sealed {
        facts.push(("封存份数", count.to_string()));
        facts.push(("根", hex(&root)));
    }
    facts.extend(one.times.sealed_at.map(|at| ("封存时间", dates::moment(lang, at))));
    if let Some(drawn) = &one.drawn {
        facts.push(("公开的数", drawn.beacon.clone()));
        let secret = drawn.secret.map(|secret| hex(&secret));
        facts.push(("密数", secret.unwrap_or_else(|| lang.t("没有按时公开，按 64 个 0 算").to_owned())));
        facts.push(("种子", drawn.seed.clone()));
    }
    facts
}

/// How many seats nobody but the school may take now, for families who cannot choose.
pub(super) fn kept(offered: &Offered, stage: Stage) -> u16 {
    match Share::of(Channel::Family, stage) {
        Share::Others => offered.listed.seats.free(Share::Kept),
        Share::Kept | Share::Any => 0,
    }
}

fn taken(lang: Lang, offered: &Offered, stage: Stage) -> String {
    let taken = offered.listed.seats.taken.to_string();
    match kept(offered, stage) {
        0 => taken,
        kept => lang.fill("{taken}（另留 {n} 个）", &[("taken", &taken), ("n", &kept.to_string())]),
    }
}

pub(super) fn row(lang: Lang, offered: &Offered, stage: Stage) -> Row {
    let listed = &offered.listed;
    Row {
        day: plan_words::weekdays(lang, listed.days),
        title: offered.details.title.clone(),
        grades: plan_words::grades(lang, offered.details.grades),
        seats: listed.seats.capacity,
        minimum: listed.minimum,
        taken: taken(lang, offered, stage),
        first: listed.wished.0,
        wishes: listed.wished.1,
        admitted: listed.outcome.as_ref().map(|outcome| outcome.admitted),
        cutoff: listed.outcome.as_ref().map(|outcome| cutoff(lang, outcome)).unwrap_or_default(),
    }
}

/// Whom an offering takes, for everybody: a cut-off within a priority group would say who is in it.
pub(super) fn cutoff(lang: Lang, outcome: &round::Outcome) -> String {
    match (outcome.closed, outcome.cutoff) {
        (Some((_, children)), _) => lang.fill("没有开（{n} 人会来）", &[("n", &children.to_string())]),
        (None, AnswerCutoff::Last(place)) if place.tier == 1 && !place.goes_on => said::ticket(place.ticket),
        (None, AnswerCutoff::Kept(Some(place))) if place.tier == 1 && !place.goes_on => {
            lang.fill("{ticket}，留的名额另算", &[("ticket", &said::ticket(place.ticket))])
        }
        (None, AnswerCutoff::Kept(_)) => lang.t("满了，有留的名额").to_owned(),
        (None, AnswerCutoff::Last(_) | AnswerCutoff::NoSeats) => lang.t("满了").to_owned(),
        (None, AnswerCutoff::Free | AnswerCutoff::Closed) => lang.t("有空名额").to_owned(),
    }
}

/// One step of the office, and the page again when it is refused.
async fn go(
    seat: &Seat,
    key: &Key,
    (wanted, form): (RoundId, StepForm),
    act: impl Fn(&mut Tx<KeepRounds>) -> Result<(), Failed<Vec<Refusal>>> + Send + Sync + 'static,
) -> Result<Response, Fault> {
    match seat.write::<KeepRounds, (), Vec<Refusal>>(key, act).await? {
        Ok(()) => Ok(see_other(&seat.path(&format!("rounds/{wanted}")))),
        Err(refusals) => {
            let page = page(seat, wanted, form, said::problems(refusals)).await?;
            seat.refused(&page)
        }
    }
}

async fn refused(
    seat: &Seat,
    (wanted, form): (RoundId, StepForm),
    refusal: Refusal,
) -> Result<Response, Fault> {
    let page = page(seat, wanted, form, refusal.into()).await?;
    seat.refused(&page)
}

pub(super) async fn announce(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    let Ok(own) = written_hash(&form.commitment) else {
        return refused(&seat, (wanted, form), not_a_hash(lang, "commitment")).await;
    };
    go(&seat, &key, (wanted, form), move |tx| {
        round::announce(tx, wanted, own).map_err(|why| why.map(|why| said::not_announced(lang, &why)))
    })
    .await
}

/// What was typed for the commitment or the secret is none.
pub(super) fn not_a_hash(lang: Lang, field: &'static str) -> Refusal {
    let text = match field {
        "commitment" => "承诺值是 64 位的 0-9、a-f；不填就由系统保管密数",
        _ => "密数是 64 位的 0-9、a-f，请核对",
    };
    Refusal::new(field, lang.t(text)).at(field)
}

/// 64 hexadecimal digits, or nothing typed.
pub(super) fn written_hash(text: &str) -> Result<Option<Hash>, ()> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    if text.is_empty() {
        return Ok(None);
    }
    round::hash(&text.to_ascii_lowercase()).map(Some).ok_or(())
}

pub(super) async fn seal(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    go(&seat, &key, (wanted, StepForm::default()), move |tx| sealed(lang, tx, wanted)).await
}

/// Seals; whoever is second after the service has done so by itself is not refused.
pub(super) fn sealed(
    lang: Lang,
    tx: &mut Tx<KeepRounds>,
    wanted: RoundId,
) -> Result<(), Failed<Vec<Refusal>>> {
    match round::seal(tx, wanted) {
        Err(Failed::Refused(StepRefused::At(Stage::Sealed))) => Ok(()),
        sealed => sealed.map_err(|why| why.map(|why| vec![said::step(lang, why)])),
    }
}

pub(super) async fn draw(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    let Ok(secret) = written_hash(&form.secret) else {
        return refused(&seat, (wanted, form), not_a_hash(lang, "secret")).await;
    };
    let typed = Draw { beacon: form.beacon.clone(), secret };
    go(&seat, &key, (wanted, form), move |tx| {
        round::draw(tx, wanted, &typed).map_err(|why| why.map(|why| vec![said::not_drawn(lang, &why)]))
    })
    .await
}

pub(super) async fn publish(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    go(&seat, &key, (wanted, StepForm::default()), move |tx| {
        round::publish(tx, wanted).map_err(|why| why.map(|why| vec![said::step(lang, why)]))
    })
    .await
}

pub(super) async fn call_off(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    let why = form.why.clone();
    go(&seat, &key, (wanted, form), move |tx| {
        round::call_off(tx, wanted, &why).map_err(|why| why.map(|why| vec![said::not_called_off(lang, why)]))
    })
    .await
}

/// The market as it was sealed, for whoever audits the draw.
pub(super) async fn market(seat: Seat, Path((_, wanted)): Path<(String, String)>) -> Result<Response, Fault> {
    let wanted: RoundId = id(&wanted)?;
    let record = seat.read::<ReadRounds, _>(move |tx| round::record(tx, wanted)).await?;
    let (market, _) = record.ok_or(Fault::NotFound)?;
    Ok(download("market.txt", "text/plain; charset=utf-8", market.into_bytes()))
}

/// The result as it was drawn.
pub(super) async fn result(seat: Seat, Path((_, wanted)): Path<(String, String)>) -> Result<Response, Fault> {
    let wanted: RoundId = id(&wanted)?;
    let record = seat.read::<ReadRounds, _>(move |tx| round::record(tx, wanted)).await?;
    let result = record.and_then(|(_, result)| result).ok_or(Fault::NotFound)?;
    Ok(download("result.json", "application/json", result.into_bytes()))
}
