//! The schools' catalogues: twenty offerings in each of the two full schools, and one that waits for the principal with
//! words that the notices forbid; a few in each other school whose plan has clubs.

use anyhow::Context as _;
use kehou_app::catalogue::{self, Said};
use kehou_db::Scope;
use kehou_domain::access::{KeepOfferings, ReadOfferings, ReviewOfferings, Role};
use kehou_domain::catalogue::{
    Details, Kind, Meeting, Opening, SexLimit, Topic, Verdict, kinds, most, openings,
};
use kehou_domain::ids::{OfferingId, TermId};
use kehou_domain::plan::Grades;

use super::district::DemoSchool;
use super::joining;
use super::site::{SET_UP_ON, Site, act, at};
use super::staff::Member;

/// The full schools, which have a full catalogue and hold rounds of choosing.
const FULL: [&str; 2] = ["s0", "s2"];
/// How many offerings another school has.
const FEW: usize = 5;

/// Title, topic, room, what is done, what to bring.
type Written = (&'static str, Topic, &'static str, &'static str, &'static str);

const PUBLISHED: [Written; 20] = [
    ("围棋社", Topic::BoardGames, "博艺楼 301", "认识棋盘和规则，两人对弈，学会复盘和礼让。", ""),
    ("足球社", Topic::BallGames, "北操场", "传球、停球和小场地比赛，重在一起踢。", "运动鞋、水壶"),
    ("书法社", Topic::Calligraphy, "翰墨轩", "从执笔和基本笔画写起，每周完成一幅小作品。", "旧报纸、围裙"),
    ("手工社", Topic::Handicraft, "美术室 1", "剪纸、编结和旧物改造。", "圆头剪刀"),
    ("合唱社", Topic::Singing, "音乐室 1", "练习呼吸和发声，排练两首合唱歌曲。", ""),
    ("演讲社", Topic::Speech, "录播室", "讲一件亲身经历的事，学会看着听众说话。", ""),
    ("国画社", Topic::ChinesePainting, "美术室 2", "画竹子、荷叶和小鸟，认识墨色浓淡。", "围裙"),
    ("科学小实验", Topic::Science, "科学室", "用纸、水和空气做小实验，记下自己的发现。", ""),
    ("篮球社", Topic::BallGames, "体育馆", "运球、投篮和三人配合。", "运动鞋、水壶"),
    ("舞蹈社", Topic::Dance, "舞蹈房", "形体和节奏，学一支民族舞。", "舞蹈鞋"),
    ("诗词社", Topic::Poetry, "博艺楼 302", "读一首、画一首、唱一首古诗。", ""),
    ("田径社", Topic::Athletics, "南操场", "跑、跳、投的基本动作和接力游戏。", "运动鞋、水壶"),
    ("泥塑社", Topic::Clay, "陶艺室", "捏小动物和生活里的小物件。", "围裙、湿毛巾"),
    ("小主持人", Topic::Hosting, "演播厅", "绕口令、报幕和校园广播。", ""),
    ("种植园", Topic::Labour, "劳动园", "翻土、播种、浇水，观察植物生长。", "手套"),
    ("口琴社", Topic::Music, "音乐室 2", "认识简谱，吹奏三首小曲。", "口琴"),
    ("象棋社", Topic::BoardGames, "博艺楼 303", "认识棋子和走法，同伴对弈。", ""),
    ("图书馆阅读", Topic::Reading, "图书馆", "自己选书，安静阅读，和同伴分享一页。", ""),
    ("数独和七巧板", Topic::Thinking, "博艺楼 304", "动手拼一拼、想一想，不比快慢。", ""),
    ("心灵小屋", Topic::Counselling, "心理辅导室", "做游戏、说心情，学会和同学相处。", ""),
];

const FLAGGED: Written = (
    "数学思维提高班",
    Topic::Thinking,
    "博艺楼 305",
    "讲解奥数题型，每次课后布置作业，期末参加竞赛。",
    "练习册",
);

/// Whether the school has a full catalogue.
pub(super) fn is_full(school: &DemoSchool) -> bool {
    FULL.contains(&school.code)
}

/// How many offerings the school has where its plan has clubs, each with a teacher who leads no class.
pub(super) fn count(school: &DemoSchool) -> usize {
    if is_full(school) { PUBLISHED.len() + 1 } else { FEW }
}

/// Who leads a club, and on which weekday it meets, 1 for Monday.
pub(super) type Leads = (Member, i8);

/// Writes, hands in and publishes the school's offerings as its office and principal do.
pub(super) async fn publish(site: &Site, staff: &[Member], term: TermId) -> anyhow::Result<Vec<Leads>> {
    let (office, principal) = (office(site, staff).await?, seat(site, staff, Role::Principal).await?);
    let places = places(&office, term).await?;
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let teachers: Vec<&Member> =
        staff.iter().filter(|member| member.roles == [Role::ServiceTeacher]).collect();
    let mut leads = Vec::new();
    for (number, written) in PUBLISHED.iter().take(count(&site.school)).enumerate() {
        let details = details(written, number, &places, &teachers)?;
        let leader = teachers.iter().find(|member| Some(member.id) == details.teacher);
        let meets = details.meetings.first().map(|meeting| meeting.weekday);
        leads.extend(leader.map(|member| (*member).clone()).zip(meets));
        let id = hand_in(&office, term, details).await?;
        pass(&principal, id).await?;
    }
    if is_full(&site.school) {
        let flagged = details(&FLAGGED, PUBLISHED.len(), &places, &teachers)?;
        hand_in(&office, term, flagged).await?;
    }
    Ok(leads)
}

/// The academic office on the first day.
pub(super) async fn office(site: &Site, staff: &[Member]) -> anyhow::Result<Scope> {
    seat(site, staff, Role::AcademicOffice).await
}

async fn seat(site: &Site, staff: &[Member], role: Role) -> anyhow::Result<Scope> {
    let member = staff.iter().find(|member| member.roles.contains(&role)).context("the post is held")?;
    joining::seat(site, &member.phone, role, at(SET_UP_ON, 9, 0)).await
}

/// What the plan has room for, with the kind and the seats of each place.
async fn places(office: &Scope, term: TermId) -> anyhow::Result<Vec<(Kind, u16, Opening)>> {
    let setting =
        office.read::<ReadOfferings, _>(move |tx| catalogue::setting_for_new(tx, Some(term))).await?;
    let plan = setting.and_then(|setting| setting.plan).context("a plan is in force")?;
    let has_clubs = kinds(&plan).contains(&Kind::Club);
    let chosen = kinds(&plan).into_iter();
    let chosen = chosen.filter(|kind| has_clubs && matches!(kind, Kind::Club | Kind::MovingClass));
    let places =
        chosen.flat_map(|kind| openings(&plan, kind).into_iter().map(move |opening| (kind, opening)));
    let seats = |kind, meeting: &Meeting| {
        most(&plan, kind, std::slice::from_ref(meeting)).map_or(24, |(most, _)| most)
    };
    Ok(places.map(|(kind, opening)| (kind, seats(kind, &opening.meeting), opening)).collect())
}

/// The offerings go round the places, each with a teacher of its own; where a place is for many grades, every other
/// one is for the younger half.
fn details(
    (title, topic, venue, description, materials): &Written,
    number: usize,
    places: &[(Kind, u16, Opening)],
    teachers: &[&Member],
) -> anyhow::Result<Details> {
    let (kind, seats, opening) = places.get(number % places.len().max(1)).context("the plan has a place")?;
    let teacher = teachers.get(number % teachers.len().max(1)).context("the school has teachers")?;
    let grades: Vec<u8> = opening.grades.iter().collect();
    let (younger, older) = grades.split_at(grades.len() / 2);
    let grades = if number % 4 < 2 || younger.is_empty() { older } else { younger };
    Ok(Details {
        title: (*title).to_owned(),
        kind: *kind,
        topic: *topic,
        meetings: vec![opening.meeting.clone()],
        venue: (*venue).to_owned(),
        teacher: Some(teacher.id),
        capacity: *seats,
        minimum: 8,
        grades: Grades::of(grades.iter().copied()),
        sex: SexLimit::Anyone,
        description: (*description).to_owned(),
        materials: (*materials).to_owned(),
        cost: None,
    })
}

async fn hand_in(office: &Scope, term: TermId, details: Details) -> anyhow::Result<OfferingId> {
    let id = act::<KeepOfferings, _, _>(office, move |tx| catalogue::create(tx, term, &details)).await?;
    act::<KeepOfferings, _, _>(office, move |tx| catalogue::hand_in(tx, id)).await?;
    Ok(id)
}

async fn pass(principal: &Scope, id: OfferingId) -> anyhow::Result<()> {
    let (line, _, _) = principal.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await?;
    let read = line.offering.version;
    let said = Said { read, verdict: Verdict::Publish, reason: String::new() };
    act::<ReviewOfferings, _, _>(principal, move |tx| catalogue::decide(tx, id, &said)).await?;
    Ok(())
}
