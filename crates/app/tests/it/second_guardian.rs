//! A list with a line for each guardian, one of whom has no number (G1).

use kehou_app::people::{self, Wish};
use kehou_db::testing::stores;
use kehou_domain::access::{ImportRoster, ReadRoster};

use crate::people::{office, roster, summary};

#[tokio::test]
async fn g1_a_second_guardian_without_a_number_is_asked_about_and_stays() {
    const LIST: &str = "姓名,性别,班级,家长,关系,电话\n\
        上官婉,女,3.1,上官仪,父亲,13900000011\n\
        上官婉,女,3.1,郑氏,母亲,\n";
    for store in stores().await {
        let office = office(&store).await;
        let laid = roster(LIST);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!((preview.summary, preview.asks), (summary(2, 0, 0, 0), vec![0]));
        let mut one = roster(LIST);
        one.namesakes[0].is_one = true;
        let done = office
            .act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &one, Wish::default()))
            .await
            .unwrap();
        assert_eq!(done, Ok(summary(1, 0, 0, 0)));
        let wan = office.read::<ReadRoster, _>(|tx| people::search(tx, "上官婉")).await.unwrap()[0].0.id;
        let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, wan)).await.unwrap();
        assert_eq!(page.guardians.len(), 2);
        let laid = roster(LIST);
        let again = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!((again.summary, again.asks), (summary(0, 0, 1, 0), vec![]));
    }
}
