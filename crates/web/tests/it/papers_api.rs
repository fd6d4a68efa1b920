//! Signed papers, objections and taking over, as programs do them.

use axum::http::StatusCode;
use kehou_domain::access::Role;
use serde_json::{Value, json};

use crate::enrolment::School;
use crate::pages::fill;
use crate::world::{Answer, World};

fn read(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// The code of a refusal.
fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn f10_a_family_objects_and_the_office_answers_once() {
    let world = World::new().await;
    let school = School::open(&world).await;
    fill(&world, &school).await;
    let (sun, office) = (&school.sun, &school.office);
    let list = read(&sun.get(&format!("/api/v1/children/{}/publication", school.an)).await);
    let publication = list["publication"].as_str().unwrap();
    let application = list["names"][0]["application"].as_str().unwrap();
    let objections = format!("/api/v1/children/{}/publications/{publication}/objections", school.an);
    let nobody = json!({ "application": "", "what": "住得很近" }).to_string();
    assert_eq!(refused(&sun.json("POST", &objections, &nobody).await), "nobody");
    let said = json!({ "application": application, "what": "住得很近" }).to_string();
    let objection = read(&sun.json("POST", &objections, &said).await)["objection"].clone();

    let shown = read(&office.get(&format!("/api/v1/schools/east/publications/{publication}")).await);
    assert_eq!(shown["objections"][0]["objection"], objection);
    assert_eq!(shown["objections"][0]["finding"], Value::Null);
    let noted = json!({ "application": application, "what": "口头说的" }).to_string();
    let by_mouth = format!("/api/v1/schools/east/publications/{publication}/objections");
    assert!(read(&office.json("POST", &by_mouth, &noted).await)["objection"].is_string());

    let answer = format!("/api/v1/schools/east/objections/{}/answer", objection.as_str().unwrap());
    let dismissed = json!({ "finding": "dismissed", "answer": "核实过了" }).to_string();
    assert_eq!(read(&office.json("POST", &answer, &dismissed).await)["publication"], publication);
    refused(&office.json("POST", &answer, &dismissed).await);
    let mine = read(&sun.get(&format!("/api/v1/children/{}/publication", school.an)).await);
    assert_eq!(mine["objections"][0]["finding"], "dismissed");
}

#[tokio::test]
async fn r1_papers_from_before_are_taken_over_all_or_none() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let office = &school.office;
    let taking = |students: &[String]| {
        let choices = json!([{ "slot": "afternoon", "weekday": 2 }]);
        let children: Vec<Value> =
            students.iter().map(|student| json!({ "student": student, "choices": choices })).collect();
        json!({ "children": children, "from_on": "2026-11-24", "place": "柜" }).to_string()
    };
    let path = "/api/v1/schools/east/take-over";
    assert_eq!(refused(&office.json("POST", path, &taking(&[])).await), "nobody");
    let bo = school.bo.to_string();
    assert_eq!(
        read(&office.json("POST", path, &taking(std::slice::from_ref(&bo))).await),
        json!({ "children": 1 })
    );
    let both = [school.ping.to_string(), bo];
    assert_eq!(refused(&office.json("POST", path, &taking(&both)).await), "has_place");
    let to_take = read(&office.get(path).await);
    let class = to_take["classes"][0]["id"].as_str().unwrap();
    let of_class = read(&office.get(&format!("{path}?class={class}")).await);
    assert!(of_class["children"].is_array() && of_class["service_from"].is_string());
}

#[tokio::test]
async fn b6_a_paper_is_entered_by_one_and_confirmed_by_another() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, an) = (&school.office, school.an);
    let principal = world.member("east", Role::Principal).await;
    let form = office.get(&format!("/schools/east/students/{an}/signed-papers?kind=purposes")).await;
    let (_, options) = form.body.split_once("name=\"guardian\"").unwrap();
    let guardian = options.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/api/v1/schools/east/students/{an}/signed-papers");
    let paper = |guardian: &str| {
        let purposes = ["enrolment"];
        json!({ "kind": "purposes", "guardian": guardian, "signed_on": "2026-11-24", "place": "柜",
                "purposes": purposes })
        .to_string()
    };
    refused(&office.json("POST", &path, &paper("")).await);
    let entered = read(&office.json("POST", &path, &paper(guardian)).await)["paper"].clone();
    let list = read(&principal.get("/api/v1/schools/east/signed-papers").await);
    assert_eq!((&list[0]["paper"], &list[0]["status"]), (&entered, &json!("entered")));
    let settlement = format!("/api/v1/schools/east/signed-papers/{}/settlement", entered.as_str().unwrap());
    refused(&office.json("POST", &settlement, "{\"found\":true}").await);
    assert_eq!(
        read(&principal.json("POST", &settlement, "{\"found\":true}").await),
        json!({ "found": true })
    );
    let list = read(&office.get("/api/v1/schools/east/signed-papers").await);
    assert_eq!(list[0]["status"], "confirmed");
}
