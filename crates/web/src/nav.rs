//! Where a role can go: the side of the offices' pages and the tabs of the phone pages.
//!
//! A slice adds its pages here, with the action that the page begins; an item is shown to the roles that may.

use kehou_domain::access::{
    Action, AnswerCorrections, ConfirmPaper, EnterWishes, FileList, KeepClauses, KeepNotices, KeepOwnAccount,
    KeepPrivacyNotice, KeepSignUps, ManageAccounts, PrintSlips, PublishClass, ReadApplications, ReadCalendar,
    ReadCases, ReadCatalogue, ReadEarlyLeaves, ReadExceptions, ReadGroups, ReadOfferings, ReadOwnEnrolment,
    ReadPlaces, ReadPlan, ReadRoster, ReadRounds, ReadSessions, ReadSheets, ReadStaff, ReceiveFilings,
    RestrictPickup, ReviewOfferings, Role, SeeOwnChildren, WatchBoard, WatchGate,
};

use crate::frame::Seated;

/// One entry of the navigation.
struct Entry {
    /// Which heading it stands under.
    heading: Heading,
    /// Its words, in Chinese.
    words: &'static str,
    /// Its icon.
    icon: &'static str,
    /// The address; `{school}` stands for the school's code.
    path: &'static str,
    roles: &'static [Role],
}

/// The headings of the side, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    Daily,
    Teaching,
    Other,
}

impl Heading {
    const ALL: [Heading; 3] = [Heading::Daily, Heading::Teaching, Heading::Other];

    const fn words(self) -> &'static str {
        match self {
            Heading::Daily => "日常",
            Heading::Teaching => "教务",
            Heading::Other => "其他",
        }
    }
}

const fn entry<A: Action>(
    heading: Heading,
    words: &'static str,
    icon: &'static str,
    path: &'static str,
) -> Entry {
    Entry { heading, words, icon, path, roles: A::ROLES }
}

/// Every page that the side leads to, in order.
const SIDE: &[Entry] = &[
    entry::<SeeOwnChildren>(Heading::Daily, "首页", "home", "/home"),
    entry::<ReadOwnEnrolment>(Heading::Daily, "课后服务", "pen", "/service"),
    // daily: rolls, release, board
    entry::<WatchBoard>(Heading::Daily, "值班看板", "clipboard", "/schools/{school}/board"),
    entry::<WatchGate>(Heading::Daily, "接送核验", "door", "/schools/{school}/gate"),
    entry::<ReadSessions>(Heading::Daily, "今天", "list", "/schools/{school}/today"),
    entry::<ReadCases>(Heading::Daily, "没到的孩子", "alert", "/schools/{school}/cases"),
    entry::<ReadEarlyLeaves>(Heading::Daily, "提前离校", "go", "/schools/{school}/early-leaves"),
    entry::<RestrictPickup>(Heading::Daily, "不能接走的人", "shield", "/schools/{school}/restrictions"),
    entry::<ReadSheets>(Heading::Daily, "日签到表", "file", "/schools/{school}/sheets/day"),
    entry::<ReadGroups>(Heading::Teaching, "分班", "grid", "/schools/{school}/groups"),
    // teaching: plan, calendar, people, applications
    entry::<ReadPlan>(Heading::Teaching, "服务方案", "file", "/schools/{school}/plan"),
    entry::<ReadCalendar>(Heading::Teaching, "校历", "cal", "/schools/{school}/calendar"),
    entry::<ReadRoster>(Heading::Teaching, "班级和学生", "school", "/schools/{school}/classes"),
    entry::<ReadStaff>(Heading::Teaching, "教职工", "user", "/schools/{school}/staff"),
    entry::<ReadOfferings>(Heading::Teaching, "社团和课程", "ball", "/schools/{school}/offerings"),
    entry::<ReadRounds>(Heading::Teaching, "选课", "grid", "/schools/{school}/rounds"),
    entry::<EnterWishes>(Heading::Teaching, "代填选课", "pen", "/schools/{school}/round-entries"),
    entry::<ReviewOfferings>(Heading::Teaching, "课程审核", "check", "/schools/{school}/offering-reviews"),
    entry::<ReadCatalogue>(Heading::Teaching, "课程目录", "book", "/schools/{school}/catalogue"),
    entry::<ReadApplications>(Heading::Teaching, "报名审核", "users", "/schools/{school}/applications"),
    entry::<PublishClass>(Heading::Teaching, "班级公示", "eye", "/schools/{school}/publications"),
    entry::<ReadPlaces>(Heading::Teaching, "参加名单", "list", "/schools/{school}/places"),
    entry::<ConfirmPaper>(Heading::Teaching, "纸质报名", "file", "/schools/{school}/papers"),
    entry::<ConfirmPaper>(Heading::Teaching, "家长签字单", "pen", "/schools/{school}/signed-papers"),
    entry::<FileList>(Heading::Teaching, "备案名单", "send", "/schools/{school}/filings"),
    entry::<ReceiveFilings>(Heading::Teaching, "备案名单", "send", "/schools/{school}/received-filings"),
    entry::<KeepSignUps>(Heading::Teaching, "开放报名", "cal", "/schools/{school}/sign-up"),
    entry::<KeepNotices>(Heading::Teaching, "告知书和通知", "mail", "/schools/{school}/letters"),
    entry::<KeepClauses>(Heading::Teaching, "协议文本", "pen", "/schools/{school}/clauses"),
    entry::<ReadExceptions>(Heading::Teaching, "需要留意", "alert", "/schools/{school}/exceptions"),
    entry::<KeepPrivacyNotice>(Heading::Other, "隐私说明", "shield", "/schools/{school}/privacy-notice"),
    entry::<AnswerCorrections>(Heading::Other, "更正申请", "chat", "/schools/{school}/corrections"),
    // other
    entry::<PrintSlips>(Heading::Other, "家长登录码", "qr", "/schools/{school}/slips"),
    entry::<ManageAccounts>(Heading::Other, "账号", "users", "/schools/{school}/accounts"),
    entry::<KeepOwnAccount>(Heading::Other, "消息", "bell", "/messages"),
    entry::<KeepOwnAccount>(Heading::Other, "我的", "user", "/account"),
];

/// Pages that lie beside the entry they belong to: where they begin, and the entry.
const BESIDE: &[(&str, &str)] = &[
    ("/schools/{school}/sheets/week", "/schools/{school}/sheets/day"),
    ("/schools/{school}/sheets/month", "/schools/{school}/sheets/day"),
    ("/schools/{school}/logs", "/schools/{school}/today"),
    ("/schools/{school}/rolls", "/schools/{school}/today"),
    ("/schools/{school}/leaves", "/schools/{school}/today"),
    ("/schools/{school}/students", "/schools/{school}/classes"),
    ("/schools/{school}/roster-imports", "/schools/{school}/classes"),
    ("/schools/{school}/year-turn", "/schools/{school}/classes"),
    ("/schools/{school}/terms", "/schools/{school}/calendar"),
    ("/schools/{school}/local-days", "/schools/{school}/calendar"),
    ("/schools/{school}/declared-spans", "/schools/{school}/calendar"),
    ("/schools/{school}/stops", "/schools/{school}/board"),
];

/// Every page that the tabs of the staff's phone pages lead to, in order; at most five for each role.
const STAFF_TABS: &[Entry] = &[
    entry::<WatchBoard>(Heading::Daily, "值班看板", "clipboard", "/schools/{school}/board"),
    entry::<WatchGate>(Heading::Daily, "接送核验", "door", "/schools/{school}/gate"),
    entry::<ReadSessions>(Heading::Daily, "今天", "list", "/schools/{school}/today"),
    entry::<ReadApplications>(Heading::Teaching, "报名审核", "users", "/schools/{school}/applications"),
    entry::<ReceiveFilings>(Heading::Teaching, "备案名单", "send", "/schools/{school}/received-filings"),
    entry::<ManageAccounts>(Heading::Other, "账号", "users", "/schools/{school}/accounts"),
    entry::<KeepOwnAccount>(Heading::Other, "消息", "bell", "/messages"),
    entry::<KeepOwnAccount>(Heading::Other, "我的", "user", "/account"),
];

/// Every page that the tabs of a guardian lead to, in order; at most five.
const TABS: &[Entry] = &[
    // home, applications, leave
    entry::<SeeOwnChildren>(Heading::Daily, "首页", "home", "/home"),
    entry::<ReadOwnEnrolment>(Heading::Daily, "课后服务", "pen", "/service"),
    entry::<KeepOwnAccount>(Heading::Daily, "消息", "bell", "/messages"),
    entry::<KeepOwnAccount>(Heading::Daily, "我的", "user", "/account"),
];

/// A heading of the side and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading, in Chinese.
    pub words: &'static str,
    /// What stands under it.
    pub tabs: Vec<Tab>,
}

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its words, in Chinese.
    pub words: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its address.
    pub path: String,
    /// Whether the page shown lies under it.
    pub here: bool,
    /// How many things wait there; not shown when none.
    pub waiting: i64,
}

/// The side for a seat, on this page.
pub(crate) fn sections(seat: &Seated, path: &str) -> Vec<Section> {
    let made = Heading::ALL.into_iter().map(|heading| {
        let entries = SIDE.iter().filter(|entry| entry.heading == heading);
        Section { words: heading.words(), tabs: links(entries, seat, path) }
    });
    made.filter(|section| !section.tabs.is_empty()).collect()
}

/// The tabs at the bottom of phone pages for a seat, on this page.
pub(crate) fn tabs(seat: &Seated, path: &str) -> Vec<Tab> {
    let entries = if seat.role == Role::Guardian { TABS } else { STAFF_TABS };
    links(entries.iter(), seat, path)
}

fn links<'a>(entries: impl Iterator<Item = &'a Entry>, seat: &Seated, path: &str) -> Vec<Tab> {
    let shown = entries.filter(|entry| entry.roles.contains(&seat.role));
    let mut tabs: Vec<Tab> = shown.map(|entry| link(entry, seat)).collect();
    // the longest address that the page lies under is the one that is marked
    let path = entry_of(seat, path);
    let under = |tab: &Tab| is_under(&path, &tab.path);
    let here = tabs.iter().filter(|tab| under(tab)).map(|tab| tab.path.len()).max();
    for tab in &mut tabs {
        tab.here = under(tab) && Some(tab.path.len()) == here;
    }
    tabs
}

/// The address by which the page is marked: that of the entry it belongs to, where it lies beside it.
fn entry_of(seat: &Seated, path: &str) -> String {
    let here = |path: &str| path.replace("{school}", &seat.code);
    let beside = BESIDE.iter().find(|(begins, _)| is_under(path, &here(begins)));
    beside.map_or_else(|| path.to_owned(), |(_, entry)| here(entry))
}

fn is_under(path: &str, above: &str) -> bool {
    path == above || path.starts_with(&format!("{above}/"))
}

fn link(entry: &Entry, seat: &Seated) -> Tab {
    let waiting = if entry.path == "/messages" { seat.unread } else { 0 };
    let path = entry.path.replace("{school}", &seat.code);
    Tab { words: entry.words, icon: entry.icon, path, here: false, waiting }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_to_a_route_that_its_roles_may_take() {
        let routes = crate::routes();
        for entry in SIDE.iter().chain(TABS).chain(STAFF_TABS) {
            let found = routes
                .iter()
                .find(|route| route.path == entry.path && route.method == axum::http::Method::GET);
            let route = found.unwrap_or_else(|| panic!("{} leads nowhere", entry.path));
            if let crate::routes::Entry::Act(_, roles) = route.entry {
                assert!(entry.roles.iter().all(|role| roles.contains(role)), "{}", entry.path);
            }
        }
    }

    fn seat(role: Role) -> Seated {
        let (school, code) = ("东小学".to_owned(), "east".to_owned());
        let (name, who) = ("陈".to_owned(), "1".to_owned());
        Seated { school, code, role, name, may_switch: false, unread: 3, who }
    }

    #[test]
    fn a_phone_has_room_for_the_tabs_of_every_role() {
        for role in Role::ALL {
            let tabs = tabs(&seat(role), "/account");
            assert!((3..=5).contains(&tabs.len()) || role == Role::GeneralAffairs, "{role:?}: {tabs:?}");
            assert!(tabs.last().is_some_and(|tab| tab.here), "{role:?} cannot reach the account");
        }
    }

    #[test]
    fn the_longest_address_that_the_page_lies_under_is_marked() {
        let sections = sections(&seat(Role::SystemAdministrator), "/schools/east/accounts/abc");
        let here: Vec<&Tab> =
            sections.iter().flat_map(|section| &section.tabs).filter(|tab| tab.here).collect();
        assert_eq!(here.iter().map(|tab| tab.path.as_str()).collect::<Vec<_>>(), ["/schools/east/accounts"]);
        for (page, expected) in [("sheets/month", "sheets/day"), ("logs", "today"), ("rolls/1/log", "today")]
        {
            let tabs = links(SIDE.iter(), &seat(Role::DutyLeader), &format!("/schools/east/{page}"));
            let here: Vec<&str> = tabs.iter().filter(|tab| tab.here).map(|tab| tab.path.as_str()).collect();
            assert_eq!(here, [format!("/schools/east/{expected}")], "{page}");
        }
        let messages = sections.iter().flat_map(|section| &section.tabs).find(|tab| tab.path == "/messages");
        assert_eq!(messages.map(|tab| tab.waiting), Some(3));
    }
}
