//! Rows of a roster that are refused: what becomes of the others, and of the children whom they name.

use jiff::civil::date;
use kehou_app::people::{self, ImportRefused, Wish};
use kehou_db::testing::stores;
use kehou_domain::access::ImportRoster;

use crate::people::{AN_AND_BO, at, classes, import, office, roster, summary};

#[tokio::test]
async fn g1_refused_rows_stop_the_whole_import_until_somebody_goes_on_without_them() {
    for store in stores().await {
        let office = office(&store).await;
        let broken = format!("{AN_AND_BO}郑好,男,大班,郑军,父亲,13900000014\n");
        let refused = import(&office, &broken, Wish::default()).await;
        assert_eq!(refused, Err(ImportRefused::Rejections { count: 1 }));
        assert_eq!(classes(&office).await, Vec::<String>::new());
        let wish = Wish { without_rejected: true, ..Wish::default() };
        assert_eq!(import(&office, &broken, wish).await, Ok(summary(2, 0, 0, 0)));
    }
}

#[tokio::test]
async fn g1_a_child_whose_row_is_refused_is_not_missing_from_the_file() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let slip = "姓名,班级,家长,电话\n孙安安,3.1,孙建国,13900000011\n周小波,大班,周强,13900000012\n";
        let laid = roster(slip);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!((preview.missing.len(), preview.summary.missing), (0, 0));
        let wish = Wish { without_rejected: true, missing_left: true, ..Wish::default() };
        assert_eq!(import(&office, slip, wish).await.unwrap().departed, 0);
        let tomorrow = office.at_moment(at(date(2026, 9, 8)));
        assert_eq!(classes(&tomorrow).await, ["3.1: 周小波 孙安安"]);
    }
}
