//! Pupils: search, one pupil with guardians, additions, corrections, leaving, flags.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::people::{self, Correction, NewGuardian, NewStudent, StudentPage};
use kehou_domain::access::{
    EnterLeave, EnterPaper, KeepFlags, KeepRoster, PrintSlips, ReadFlags, ReadRoster, RestrictPickup,
};
use kehou_domain::ids::{ClassId, EntityId, GuardianId, StudentId};
use kehou_domain::people::cell::Cell;
use kehou_domain::people::class::school_year;
use kehou_domain::people::flag::Flag;
use kehou_domain::people::phone::Phone;
use kehou_domain::people::problem::Problem;
use kehou_domain::people::{Boarding, LeftWhy, Sex, name};
use serde::Deserialize;

use super::guardians::{GuardianRow, guardian_row};
use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::Problems;
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "people/students.html")]
struct IndexPage {
    base: String,
    q: String,
    found: Vec<Found>,
}

struct Found {
    id: StudentId,
    name: String,
    class: String,
    left: String,
}

#[derive(Template)]
#[template(path = "people/student_new.html")]
struct NewPage {
    base: String,
    form: StudentForm,
    guardian: GuardianForm,
    classes: Vec<(String, String)>,
    sexes: Vec<(&'static str, &'static str)>,
    boardings: Vec<(&'static str, &'static str)>,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "people/student.html")]
pub(super) struct ShowPage {
    base: String,
    here: String,
    name: String,
    class: String,
    class_id: String,
    teacher: String,
    left: String,
    facts: String,
    guardians: Vec<GuardianRow>,
    stays: Vec<(String, String)>,
    /// The flags with whether each is set; nothing for roles that review nothing.
    flags: Option<Vec<(&'static str, &'static str, bool)>>,
    may_flag: bool,
    /// Whether a guardian gets a new first code here.
    may_give_code: bool,
    /// What the office may change; nothing for others and for pupils who have left.
    keep: Option<Keep>,
    /// What else is kept of a pupil on roll: address and words.
    links: Vec<(String, &'static str)>,
    /// Whose guardianship ends only when that is meant.
    asking: Option<GuardianId>,
    problems: Problems,
}

impl ShowPage {
    /// The page that asks whether this guardianship is to end.
    pub(super) fn asking(self, guardian: GuardianId) -> ShowPage {
        ShowPage { asking: Some(guardian), ..self }
    }

    fn asks(&self, row: &GuardianRow) -> bool {
        self.asking == Some(row.id) || self.not_seen(row).is_some()
    }

    /// What is said beside the tick that was left out.
    fn not_seen(&self, row: &GuardianRow) -> Option<&str> {
        self.problems.of(&format!("seen-{}", row.id))
    }
}

/// What the flags that are set are called.
fn noted(flags: &[(&'static str, &'static str, bool)]) -> Vec<&'static str> {
    flags.iter().filter(|(_, _, is_set)| *is_set).map(|(_, label, _)| *label).collect()
}

/// The forms of the office on a pupil's page.
struct Keep {
    form: StudentForm,
    guardian: GuardianForm,
    classes: Vec<(String, String)>,
    sexes: Vec<(&'static str, &'static str)>,
    boardings: Vec<(&'static str, &'static str)>,
    whys: Vec<(&'static str, &'static str)>,
}

/// What to search for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

/// A pupil as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct StudentForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    sex: String,
    #[serde(default)]
    seat: String,
    #[serde(default)]
    boarding: String,
    #[serde(default)]
    class: String,
}

/// A guardian as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct GuardianForm {
    #[serde(default)]
    pub(super) guardian_name: String,
    #[serde(default)]
    pub(super) relation: String,
    #[serde(default)]
    phone: String,
}

/// A pupil and a guardian in one form.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct NewForm {
    #[serde(flatten)]
    pub(super) student: StudentForm,
    #[serde(flatten)]
    pub(super) guardian: GuardianForm,
}

/// Why a pupil leaves.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct LeavingForm {
    #[serde(default)]
    why: String,
}

/// The flags ticked.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct FlagsForm {
    #[serde(default)]
    flag: Vec<String>,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    seat.page(&sought(&seat, Search::default()).await?)
}

/// Children by a part of their name.
pub(super) async fn find(seat: Seat, Form(search): Form<Search>) -> Result<Response, Fault> {
    seat.found(&sought(&seat, search).await?)
}

async fn sought(seat: &Seat, search: Search) -> Result<IndexPage, Fault> {
    let text = search.q.clone();
    let found = if text.trim().is_empty() {
        Vec::new()
    } else {
        seat.read::<ReadRoster, _>(move |tx| people::search(tx, &text)).await?
    };
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let row = |(student, class): &(people::Student, Option<people::HomeClass>)| Found {
        id: student.id,
        name: student.name.clone(),
        class: class.map(|class| words::class(lang, class.key, year)).unwrap_or_default(),
        left: left_words(lang, student.left),
    };
    Ok(IndexPage { base: seat.path(""), q: search.q, found: found.iter().map(row).collect() })
}

fn left_words(lang: Lang, left: Option<(Date, LeftWhy)>) -> String {
    left.map(|(last, why)| {
        let day = dates::full_day(lang, last);
        lang.fill("{day}离校：{why}", &[("day", &day), ("why", words::left_why(lang, why))])
    })
    .unwrap_or_default()
}

pub(super) async fn show(seat: Seat, Path((_, student)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = page(&seat, id(&student)?, None, Problems::none()).await?;
    seat.page(&page)
}

/// The page with what was typed, if something was.
pub(super) async fn page(
    seat: &Seat,
    student: StudentId,
    typed: Option<NewForm>,
    problems: Problems,
) -> Result<ShowPage, Fault> {
    let page = seat.read::<ReadRoster, _>(move |tx| people::student_page(tx, student)).await?;
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let class_words = |class: people::HomeClass| words::class(lang, class.key, year);
    let flags = flags(seat, student).await?;
    let keep = keep(seat, &page, typed).await?;
    Ok(ShowPage {
        base: seat.path(""),
        here: seat.path(&format!("students/{student}")),
        name: page.student.name.clone(),
        class: page.class.map(class_words).unwrap_or_default(),
        class_id: page.class.map(|class| class.id.to_string()).unwrap_or_default(),
        teacher: page.teacher.as_ref().map(|teacher| teacher.name.clone()).unwrap_or_default(),
        left: left_words(lang, page.student.left),
        facts: facts(lang, &page.student),
        guardians: page.guardians.iter().map(|guardian| guardian_row(lang, guardian)).collect(),
        stays: page.stays.iter().map(|stay| (class_words(stay.class), days(lang, stay))).collect(),
        flags,
        may_flag: seat.may::<KeepFlags>(),
        may_give_code: seat.may::<PrintSlips>(),
        links: if page.student.left.is_none() { links(seat, student) } else { Vec::new() },
        keep,
        asking: None,
        problems,
    })
}

/// What a family says by telephone or on paper is written down here.
fn links(seat: &Seat, student: StudentId) -> Vec<(String, &'static str)> {
    let link = |page: &str, words| (seat.path(&format!("students/{student}/{page}")), words);
    let all = [
        (seat.may::<EnterLeave>(), link("leave", "记下请假")),
        (seat.may::<EnterPaper>(), link("signed-papers", "录入家长签字单")),
        (seat.may::<RestrictPickup>(), link("restrictions", "不能接走的人")),
    ];
    all.into_iter().filter(|(may, _)| *may).map(|(_, link)| link).collect()
}

fn facts(lang: Lang, student: &people::Student) -> String {
    let seat = student.seat_no.map(|seat| lang.fill("座号 {seat}", &[("seat", &seat.to_string())]));
    let parts = [
        words::sex(lang, student.sex).to_owned(),
        words::boarding(lang, student.boarding).to_owned(),
        seat.unwrap_or_default(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn days(lang: Lang, stay: &people::Stay) -> String {
    let to = stay.to_on.map_or_else(|| lang.t("至今").to_owned(), |to| dates::full_day(lang, to));
    format!("{} – {to}", dates::full_day(lang, stay.from_on))
}

async fn flags(
    seat: &Seat,
    student: StudentId,
) -> Result<Option<Vec<(&'static str, &'static str, bool)>>, Fault> {
    if !seat.may::<ReadFlags>() {
        return Ok(None);
    }
    let known = seat.read::<ReadFlags, _>(move |tx| people::flags(tx, student)).await?;
    let lang = seat.lang();
    let one =
        |flag: Flag| (flag.word(), words::flag(lang, flag), known.iter().any(|(noted, _)| *noted == flag));
    Ok(Some(Flag::ALL.into_iter().map(one).collect()))
}

async fn keep(seat: &Seat, page: &StudentPage, typed: Option<NewForm>) -> Result<Option<Keep>, Fault> {
    if !seat.may::<KeepRoster>() || page.student.left.is_some() {
        return Ok(None);
    }
    let lang = seat.lang();
    let own = StudentForm {
        name: page.student.name.clone(),
        sex: page.student.sex.word().to_owned(),
        seat: page.student.seat_no.map(|seat| seat.to_string()).unwrap_or_default(),
        boarding: page.student.boarding.word().to_owned(),
        class: page.class.map(|class| class.id.to_string()).unwrap_or_default(),
    };
    let typed = typed.unwrap_or_default();
    let form = if typed.student.boarding.is_empty() { own } else { typed.student };
    Ok(Some(Keep {
        form,
        guardian: typed.guardian,
        classes: class_choices(seat).await?,
        sexes: sexes(lang),
        boardings: boardings(lang),
        whys: [LeftWhy::Transferred, LeftWhy::Other]
            .into_iter()
            .map(|why| (why.word(), words::left_why(lang, why)))
            .collect(),
    }))
}

async fn class_choices(seat: &Seat) -> Result<Vec<(String, String)>, Fault> {
    let cards = seat.read::<ReadRoster, _>(people::class_cards).await?;
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    Ok(cards
        .iter()
        .map(|card| (card.class.id.to_string(), words::class(lang, card.class.key, year)))
        .collect())
}

fn sexes(lang: Lang) -> Vec<(&'static str, &'static str)> {
    vec![("", lang.t("未填")), ("M", words::sex(lang, Sex::Male)), ("F", words::sex(lang, Sex::Female))]
}

fn boardings(lang: Lang) -> Vec<(&'static str, &'static str)> {
    [Boarding::Day, Boarding::Boarder].map(|kind| (kind.word(), words::boarding(lang, kind))).to_vec()
}

pub(super) async fn new(seat: Seat, Query(form): Query<StudentForm>) -> Result<Response, Fault> {
    let page = new_page(&seat, form, GuardianForm::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn new_page(
    seat: &Seat,
    form: StudentForm,
    guardian: GuardianForm,
    problems: Problems,
) -> Result<NewPage, Fault> {
    let (lang, classes) = (seat.lang(), class_choices(seat).await?);
    Ok(NewPage {
        base: seat.path(""),
        form,
        guardian,
        classes,
        sexes: sexes(lang),
        boardings: boardings(lang),
        problems,
    })
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<NewForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let mut problems = Problems::none();
    let facts = read_facts(lang, &form.student, &mut problems);
    let class = ClassId::parse(&form.student.class);
    if class.is_none() {
        problems.add("class", lang.t("请选班级"));
    }
    let guardian = read_guardian(lang, &form.guardian, &mut problems);
    let (Some(facts), Some(class), Some(guardian)) = (facts, class, guardian) else {
        let page = new_page(&seat, form.student, form.guardian, problems).await?;
        return seat.refused(&page);
    };
    let new = NewStudent {
        name: facts.name,
        sex: facts.sex,
        seat: facts.seat,
        boarding: facts.boarding,
        class,
        guardians: vec![guardian],
    };
    let added = seat
        .write::<KeepRoster, String, ()>(&key, move |tx| Ok(people::add_student(tx, &new)?.to_string()))
        .await?;
    let added = added.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path(&format!("students/{added}"))))
}

/// The pupil's facts; what is wrong with them is noted.
fn read_facts(lang: Lang, form: &StudentForm, problems: &mut Problems) -> Option<Correction> {
    let name = read_name(lang, ("name", "学生姓名"), &form.name, problems);
    let sex = Sex::parse(&form.sex);
    if sex.is_none() {
        problems.add("sex", words::problem(lang, Problem::SexUnreadable));
    }
    let seat = kehou_domain::people::cell::seat(&Cell::Text(form.seat.clone()));
    if seat.is_err() {
        problems.add("seat", words::problem(lang, Problem::SeatUnreadable));
    }
    let boarding = Boarding::parse(&form.boarding).unwrap_or_default();
    let (name, sex, seat) = (name?, sex?, seat.ok()?.map(u32::from));
    Some(Correction { name, sex, seat, boarding })
}

pub(super) fn read_name(
    lang: Lang,
    (field, label): (&str, &str),
    text: &str,
    problems: &mut Problems,
) -> Option<String> {
    match name::name(&Cell::Text(text.to_owned())) {
        Ok(Some(name)) => Some(name),
        Ok(None) => {
            problems.add_named(field, lang.t(label), lang.t("请填姓名"));
            None
        }
        Err(problem) => {
            problems.add_named(field, lang.t(label), words::problem(lang, problem));
            None
        }
    }
}

pub(super) fn read_guardian(lang: Lang, form: &GuardianForm, problems: &mut Problems) -> Option<NewGuardian> {
    let name = read_name(lang, ("guardian_name", "家长姓名"), &form.guardian_name, problems);
    let phone = Phone::parse(&form.phone);
    if phone.is_none() {
        problems.add("phone", words::problem(lang, Problem::PhoneUnreadable));
    }
    let relation = form.relation.trim().chars().take(20).collect();
    Some(NewGuardian { name: name?, relation, phone: Some(phone?) })
}

pub(super) async fn correct(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StudentForm>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let mut problems = Problems::none();
    let Some(facts) = read_facts(seat.lang(), &form, &mut problems) else {
        let typed = NewForm { student: form, ..NewForm::default() };
        return seat.refused(&page(&seat, student, Some(typed), problems).await?);
    };
    let done = seat
        .write::<KeepRoster, (), ()>(&key, move |tx| Ok(people::correct_student(tx, student, &facts)?))
        .await?;
    back(&seat, student, done)
}

pub(super) fn back(seat: &Seat, student: StudentId, done: Result<(), ()>) -> Result<Response, Fault> {
    done.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path(&format!("students/{student}"))))
}

pub(super) async fn move_to(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StudentForm>,
) -> Result<Response, Fault> {
    let (student, class): (StudentId, ClassId) = (id(&student)?, id(&form.class)?);
    let done = seat
        .write::<KeepRoster, (), ()>(&key, move |tx| Ok(people::move_student(tx, student, class)?))
        .await?;
    back(&seat, student, done)
}

pub(super) async fn leave(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<LeavingForm>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let why = LeftWhy::parse(&form.why)
        .ok_or_else(|| Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "why"))?;
    let done =
        seat.write::<KeepRoster, (), ()>(&key, move |tx| Ok(people::note_leaving(tx, student, why)?)).await?;
    back(&seat, student, done)
}

pub(super) async fn set_flags(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<FlagsForm>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let flags: Vec<Flag> = form.flag.iter().filter_map(|word| Flag::parse(word)).collect();
    let done =
        seat.write::<KeepFlags, (), ()>(&key, move |tx| Ok(people::set_flags(tx, student, &flags)?)).await?;
    back(&seat, student, done)
}
