//! The demo as its visitors find it: what each of the printed sign-ins sees first.

use serde_json::Value;
use tempfile::TempDir;

use crate::form;
use crate::http::Client;
use crate::running::{Running, client, kehou};

/// A running demo of one school, with its folder.
struct Demo {
    server: Running,
    facts: Value,
    _folder: TempDir,
}

impl Demo {
    fn of(school: &str) -> Demo {
        let folder = tempfile::tempdir().unwrap();
        let mut command = kehou(folder.path());
        command.args(["demo", "--port", "0", "--format", "json", "--only", school]);
        command.arg("--data").arg(folder.path().join("demo"));
        let server = Running::start(&mut command, &folder.path().join("log"));
        let facts = serde_json::from_str(&server.line).unwrap();
        Demo { server, facts, _folder: folder }
    }

    /// Whoever the demo signs in for this role, signed in.
    fn sign_in(&self, role: &str) -> (Client, String) {
        let sign_ins = self.facts["sign_ins"].as_array().unwrap();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let who = sign_ins.iter().find(|one| one["role"] == role).unwrap();
        let mut client = client(self.facts["address"].as_str().unwrap());
        let mut fields = form::hidden(&client.get("/sign-in").unwrap().text(), "/sign-in");
        fields.extend([
            ("phone".to_owned(), word(&who["phone"])),
            ("secret".to_owned(), word(&who["password"])),
        ]);
        assert_eq!(client.post("/sign-in", &fields).unwrap().status, 303, "{}", self.server.line);
        (client, word(&who["name"]))
    }
}

/// A page that is there.
#[track_caller]
fn page(client: &mut Client, path: &str) -> String {
    let answer = client.get(path).unwrap();
    assert_eq!(answer.status, 200, "{path}");
    answer.text()
}

/// The cells of the first row that begins with this word.
fn row(page: &str, head: &str) -> Vec<String> {
    let bare = |cell: &str| cell.split('<').next().unwrap_or_default().trim().to_owned();
    let cells = |row: &str| -> Vec<String> {
        let text: Vec<&str> = row.split('>').filter(|part| !part.starts_with('<')).collect();
        text.into_iter().map(bare).filter(|cell| !cell.is_empty()).collect()
    };
    page.split("<tr")
        .map(cells)
        .find(|row| row.first().is_some_and(|first| first == head))
        .unwrap_or_default()
}

#[test]
fn the_first_school_is_what_the_walk_promises() {
    let demo = Demo::of("s0");
    the_family_reads_its_application_and_both_papers(&demo);
    the_teacher_s_class_waits_to_be_called_and_a_child_of_another_is_looked_for(&demo);
    the_office_has_sheets_of_both_months_and_a_plan_of_its_own(&demo);
}

fn the_family_reads_its_application_and_both_papers(demo: &Demo) {
    let (mut family, _) = demo.sign_in("guardian");
    let home = page(&mut family, "/home");
    let child = form::links(&home).into_iter().find_map(|link| {
        let child = link.strip_prefix("/children/")?;
        Some(child.split('/').next().unwrap_or_default().to_owned())
    });
    let child = child.unwrap();
    let service = page(&mut family, &format!("/children/{child}/service"));
    for step in ["班主任审核", "教务处审核", "签订协议"] {
        assert!(service.contains(step), "{step}");
    }
    for (paper, title) in
        [("service_agreement", "课后服务委托协议（安全管理协议书）"), ("safety_pledge", "课后服务安全承诺书")]
    {
        let path = format!("/children/{child}/agreements/{paper}/copies");
        assert!(form::links(&service).contains(&path), "{path}");
        let copy = page(&mut family, &path);
        assert!(copy.contains(title) && copy.contains("湖畔第二实验小学"), "{copy}");
    }
}

fn the_teacher_s_class_waits_to_be_called_and_a_child_of_another_is_looked_for(demo: &Demo) {
    let (_, teacher) = demo.sign_in("service_teacher");
    let (mut family, _) = demo.sign_in("guardian");
    let home = page(&mut family, "/home");
    assert!(home.contains(&teacher), "the family's child is in the teacher's class: {home}");
    let (mut leader, _) = demo.sign_in("duty_leader");
    let sessions: Vec<Value> =
        serde_json::from_str(&page(&mut leader, "/api/v1/schools/s0/sessions")).unwrap();
    let missing = |session: &Value| session["counts"]["absent"].as_i64().unwrap();
    let room = |session: &Value| session["venue"].as_str().unwrap().to_owned();
    let own: Vec<&Value> = sessions.iter().filter(|session| home.contains(&room(session))).collect();
    assert_eq!(own.len(), 1, "{sessions:?}");
    assert_eq!((&own[0]["status"], missing(own[0])), (&Value::from("planned"), 0));
    assert_eq!(sessions.iter().map(missing).sum::<i64>(), 1);
}

fn the_office_has_sheets_of_both_months_and_a_plan_of_its_own(demo: &Demo) {
    let (mut office, _) = demo.sign_in("academic_office");
    for month in ["2026-09", "2026-10"] {
        let sheet = page(&mut office, &format!("/schools/s0/sheets/month?of={month}"));
        let total: u32 = row(&sheet, "合计")[1].parse().unwrap();
        assert!(900 < total, "{month}: {total}");
    }
    let plan = page(&mut office, "/schools/s0/plan");
    assert!(plan.contains("湖畔第二实验小学 · 课后服务方案") && !plan.contains("湖塘桥"));
}
