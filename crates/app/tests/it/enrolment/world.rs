//! A school with a plan, two classes, three families and a term, and whoever acts there.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::calendar::{self, NewTerm};
use kehou_app::enrolment::{
    self, ChildWish, NoApplication, PrivacyDraft, Service, SignUpDraft, Signing, ToSign, defaults,
};
use kehou_app::people::import::{Reading, read};
use kehou_app::people::{self, NewStaff, Wish};
use kehou_app::plan;
use kehou_db::testing::TestStore;
use kehou_db::{Failed, Scope, Tx};
use kehou_domain::access::{
    Action, ApplyForService, ApprovePlan, DraftPlan, FilePlan, GiveConsent, ImportRoster, KeepCalendar,
    KeepClauses, KeepNotices, KeepPrivacyNotice, KeepSignUps, KeepStaff, ReadNotice, ReadOwnEnrolment,
    ReadRoster, Role, SignAgreement,
};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::enrolment::apply::{Choice, Need, Window};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::ids::{AnyId, ApplicationId, ClassId, EntityId, StudentId};
use kehou_domain::moment;
use kehou_domain::people::class::Stage;
use kehou_domain::people::phone::Phone;

/// A plan with need check, class review, school recheck, class publication and agreement.
pub(crate) const S4D: &str = include_str!("../../../../../plans/s4d.toml");
/// A plan for everybody with class and school review, then filing with the bureau.
pub(crate) const S4A: &str = include_str!("../../../../../plans/s4a.toml");

/// A Tuesday; the sign-up runs from here to the 18th, the service from October on.
pub(crate) const TUESDAY: Date = date(2026, 9, 8);

pub(crate) fn at(day: Date) -> Timestamp {
    moment::instant(day, time(18, 0, 0, 0))
}

/// An and Ping are siblings in grades 3 and 1; Bo is An's classmate.
const ROSTER: &str = "姓名,性别,班级,家长,关系,电话\n\
    孙安安,女,3.1,孙建国,父亲,13900000011\n\
    孙平平,男,1.1,孙建国,父亲,13900000011\n\
    周小波,男,3.1,周丽,母亲,13900000012\n";

pub(crate) struct World<'a> {
    pub(crate) store: &'a TestStore,
    code: &'static str,
    pub(crate) office: Scope,
    pub(crate) principal: Scope,
    pub(crate) homeroom: Scope,
    pub(crate) sun: Scope,
    pub(crate) zhou: Scope,
    pub(crate) an: StudentId,
    pub(crate) ping: StudentId,
    pub(crate) bo: StudentId,
    pub(crate) class: ClassId,
}

/// A use case that nothing refuses.
pub(crate) async fn doing<A: Action, T: Send + 'static>(
    scope: &Scope,
    f: impl Fn(&mut Tx<A>) -> kehou_db::Result<T> + Send + Sync + 'static,
) -> kehou_db::Result<T> {
    let done = scope.act::<A, T, ()>(move |tx| f(tx).map_err(Failed::Fault)).await?;
    Ok(done.expect("nothing refuses"))
}

async fn student(office: &Scope, name: &'static str) -> StudentId {
    office.read::<ReadRoster, _>(move |tx| people::search(tx, name)).await.unwrap()[0].0.id
}

async fn family(store: &TestStore, code: &str, office: &Scope, child: StudentId) -> Scope {
    let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, child)).await.unwrap();
    store.db.enter(page.guardians[0].account.unwrap(), code, Role::Guardian, at(TUESDAY)).await.unwrap()
}

impl<'a> World<'a> {
    /// A school under a plan, with roster and term; nothing is published yet.
    pub(crate) async fn new(store: &'a TestStore, code: &'static str, plan: &'static str) -> World<'a> {
        store.school(1, code, at(TUESDAY)).await;
        let office = store.member(code, ("13800000001", Role::AcademicOffice), None, at(TUESDAY)).await;
        let principal = store.member(code, ("13800000002", Role::Principal), None, at(TUESDAY)).await;
        adopt(&principal, plan).await;
        let roster = read(ROSTER.as_bytes(), Reading::any(TUESDAY, Stage::Primary)).unwrap();
        office
            .act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, Wish::default()))
            .await
            .unwrap()
            .unwrap();
        term(&office).await;
        let (an, ping, bo) = (
            student(&office, "孙安安").await,
            student(&office, "孙平平").await,
            student(&office, "周小波").await,
        );
        let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, an)).await.unwrap();
        let class = page.class.unwrap().id;
        let homeroom = homeroom(store, code, &office, class).await;
        let (sun, zhou) = (family(store, code, &office, an).await, family(store, code, &office, bo).await);
        World { store, code, office, principal, homeroom, sun, zhou, an, ping, bo, class }
    }

    /// Letter, privacy notice and clauses are out, the sign-up is open, and both families have read and agreed.
    pub(crate) async fn open(store: &'a TestStore, code: &'static str, plan: &'static str) -> World<'a> {
        let world = World::new(store, code, plan).await;
        world.publish().await;
        for family in [&world.sun, &world.zhou] {
            world.read_letter(family).await;
        }
        for (family, child) in [(&world.sun, world.an), (&world.sun, world.ping), (&world.zhou, world.bo)] {
            world.agree(family, child).await;
        }
        world
    }

    pub(crate) async fn publish(&self) {
        let letter = self
            .office
            .act::<KeepNotices, _, _>(|tx| {
                let id = enrolment::write_letter(tx, None, &defaults::letter())?;
                enrolment::publish_letter(tx, id)?;
                Ok(id)
            })
            .await
            .unwrap()
            .unwrap();
        let terms = self.office.read::<KeepSignUps, _>(enrolment::terms_to_open).await.unwrap();
        let draft = SignUpDraft {
            term: terms[0].id,
            notice: letter,
            survey: (date(2026, 9, 1), date(2026, 9, 9)),
            window: Window { opens_on: date(2026, 9, 8), closes_on: Some(date(2026, 9, 18)) },
            review_days: 3,
        };
        self.office
            .act::<KeepSignUps, _, _>(move |tx| enrolment::open_sign_up(tx, &draft))
            .await
            .unwrap()
            .unwrap();
        doing::<KeepPrivacyNotice, _>(&self.office, |tx| enrolment::publish_privacy_notice(tx, &privacy()))
            .await
            .unwrap();
        for kind in Kind::ALL {
            self.use_wording(kind, |_| ()).await;
        }
    }

    /// Puts a version of the default words in use, changed by `change`.
    pub(crate) async fn use_wording(
        &self,
        kind: Kind,
        change: fn(&mut kehou_domain::enrolment::agreement::Wording),
    ) {
        self.office
            .act::<KeepClauses, _, _>(move |tx| {
                let mut wording = defaults::wording(kind, defaults::Language::Chinese);
                change(&mut wording);
                let id = enrolment::save_clauses(tx, &wording)?;
                enrolment::use_clauses(tx, id).map_err(Failed::Fault)
            })
            .await
            .unwrap()
            .unwrap();
    }

    pub(crate) async fn read_letter(&self, family: &Scope) {
        let letter =
            self.service(family, if family.account() == self.sun.account() { self.an } else { self.bo });
        let letter = letter.await.letter.unwrap().id;
        doing::<ReadNotice, _>(family, move |tx| enrolment::say_read(tx, letter)).await.unwrap();
    }

    /// Agrees to what is required and refuses everything else.
    pub(crate) async fn agree(&self, family: &Scope, child: StudentId) {
        let answers: Vec<_> =
            Purpose::ALL.into_iter().map(|purpose| (purpose, purpose.is_required())).collect();
        doing::<GiveConsent, _>(family, move |tx| enrolment::answer_purposes(tx, child, &answers))
            .await
            .unwrap();
    }

    pub(crate) async fn service(&self, family: &Scope, child: StudentId) -> Service {
        family.read::<ReadOwnEnrolment, _>(move |tx| enrolment::service(tx, child)).await.unwrap()
    }

    pub(crate) async fn apply(
        &self,
        family: &Scope,
        children: &[StudentId],
    ) -> Result<Vec<ApplicationId>, Vec<NoApplication>> {
        let wishes: Vec<ChildWish> = children.iter().map(|child| wish(*child, &[2, 4])).collect();
        self.apply_with(family, wishes).await
    }

    pub(crate) async fn apply_with(
        &self,
        family: &Scope,
        wishes: Vec<ChildWish>,
    ) -> Result<Vec<ApplicationId>, Vec<NoApplication>> {
        family.act::<ApplyForService, _, _>(move |tx| enrolment::apply(tx, &wishes)).await.unwrap()
    }

    pub(crate) async fn to_sign(&self, family: &Scope, child: StudentId) -> Vec<ToSign> {
        family
            .read::<ReadOwnEnrolment, _>(move |tx| enrolment::papers_to_sign(tx, child))
            .await
            .unwrap()
            .papers
    }

    pub(crate) async fn sign(
        &self,
        family: &Scope,
        child: StudentId,
        signing: Signing,
    ) -> Result<kehou_domain::ids::AgreementId, Vec<enrolment::CannotSign>> {
        family.act::<SignAgreement, _, _>(move |tx| enrolment::sign(tx, child, &signing)).await.unwrap()
    }

    /// Another member of the school in this role.
    pub(crate) async fn member(&self, phone: &str, role: Role) -> Scope {
        self.store.member(self.code, (phone, role), None, at(TUESDAY)).await
    }

    /// The outcome of the steps, one word each.
    pub(crate) async fn steps(&self, family: &Scope, child: StudentId) -> String {
        let Some(application) = self.service(family, child).await.application else { return String::new() };
        let word = |view: &enrolment::View| match view {
            enrolment::View::Done { .. } => "done",
            enrolment::View::Now { .. } => "now",
            enrolment::View::Ahead => "ahead",
            enrolment::View::Returned { .. } => "returned",
            enrolment::View::Refused { .. } => "refused",
        };
        let words: Vec<_> = application.steps.iter().map(|one| word(&one.view)).collect();
        format!("{}: {}", application.status.word(), words.join(" "))
    }
}

/// A wish for the afternoon on these weekdays.
pub(crate) fn wish(student: StudentId, weekdays: &[i8]) -> ChildWish {
    let choices = weekdays.iter().map(|weekday| Choice { slot: "afternoon".to_owned(), weekday: *weekday });
    ChildWish { student, choices: choices.collect(), need: Some(Need::Pickup), remark: String::new() }
}

fn privacy() -> PrivacyDraft {
    PrivacyDraft {
        officer: "何敏".to_owned(),
        officer_phone: "0519-80000000".to_owned(),
        place: "本校服务器".to_owned(),
        keep_months: 12,
        afterwards: "销毁密钥".to_owned(),
        asks_again: false,
    }
}

async fn term(office: &Scope) {
    let term = NewTerm {
        school_year: 2026,
        name: "2026 学年第一学期".to_owned(),
        starts_on: date(2026, 9, 1),
        ends_on: date(2027, 1, 22),
        service_from: date(2026, 10, 8),
    };
    office.act::<KeepCalendar, _, _>(move |tx| calendar::add_term(tx, &term)).await.unwrap().unwrap();
}

async fn homeroom(store: &TestStore, code: &str, office: &Scope, class: ClassId) -> Scope {
    let staff = doing::<KeepStaff, _>(office, move |tx| {
        let phone = Phone::parse("13700000001").unwrap();
        let staff = people::add_staff(tx, &NewStaff { name: "吴老师".to_owned(), phone, roles: vec![] })?;
        people::assign_homeroom(tx, class, Some(staff))?;
        Ok(staff)
    })
    .await
    .unwrap();
    let person = AnyId::from_bits(staff.bits());
    store.member(code, ("13700000001", Role::HomeroomTeacher), Some(person), at(TUESDAY)).await
}

/// Adopts one of the thirteen plans from the first school day on.
async fn adopt(principal: &Scope, text: &'static str) {
    let from = date(2026, 9, 1);
    let id = principal.act::<DraftPlan, _, ()>(move |tx| Ok(plan::draft(tx, text)?)).await.unwrap().unwrap();
    principal.act::<DraftPlan, _, _>(move |tx| plan::check(tx, id)).await.unwrap().unwrap();
    principal.act::<ApprovePlan, _, _>(move |tx| plan::approve(tx, id)).await.unwrap().unwrap();
    principal
        .act::<FilePlan, _, _>(move |tx| {
            plan::note_filing(tx, id, "教备〔2026〕7号")?;
            plan::put_in_force(tx, id, from, kehou_domain::plan::Agreed { today: true, left_out: 0 })
        })
        .await
        .unwrap()
        .unwrap();
}
