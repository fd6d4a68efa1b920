//! What offerings are about (D2, D3, D4, D5, D6).

use crate::plan::words;

words! {
    /// What an offering is about: the contents of D2 and the clubs of D3 to D6.
    Topic {
        /// 体育锻炼.
        Sport = "sport",
        /// 球类.
        BallGames = "ball_games",
        /// 田径.
        Athletics = "athletics",
        /// 游戏 (D5).
        Games = "games",
        /// 拓展训练.
        OutwardBound = "outward_bound",
        /// 声乐.
        Singing = "singing",
        /// 器乐.
        Music = "music",
        /// 舞蹈.
        Dance = "dance",
        /// 绘画.
        Painting = "painting",
        /// 国画.
        ChinesePainting = "chinese_painting",
        /// 书法.
        Calligraphy = "calligraphy",
        /// 手工.
        Handicraft = "handicraft",
        /// 泥塑.
        Clay = "clay",
        /// 观看影片.
        Films = "films",
        /// 演讲.
        Speech = "speech",
        /// 主持.
        Hosting = "hosting",
        /// 朗诵, 经典诵读.
        Recitation = "recitation",
        /// 诗词.
        Poetry = "poetry",
        /// 英语表达.
        English = "english",
        /// 棋类.
        BoardGames = "board_games",
        /// 思维训练.
        Thinking = "thinking",
        /// 科普.
        Science = "science",
        /// 研究性学习.
        Research = "research",
        /// 劳动实践.
        Labour = "labour",
        /// 心理健康.
        Counselling = "counselling",
        /// 阅读 (D6).
        Reading = "reading",
        /// 自主作业.
        Homework = "homework",
        /// 答疑.
        Questions = "questions",
        /// 个别辅导.
        IndividualHelp = "individual_help",
    }
}

words! {
    /// The areas under which a catalogue is read.
    Area {
        /// 体育类.
        Sport = "sport",
        /// 艺术类.
        Arts = "arts",
        /// 语言类.
        Language = "language",
        /// 思维类.
        Mind = "mind",
        /// 科学类.
        Science = "science",
        /// 生活类.
        Life = "life",
        /// 阅读和自习类.
        Study = "study",
    }
}

impl Topic {
    /// The area that it belongs to.
    pub const fn area(self) -> Area {
        match self {
            Topic::Sport | Topic::BallGames | Topic::Athletics | Topic::Games | Topic::OutwardBound => {
                Area::Sport
            }
            Topic::Singing
            | Topic::Music
            | Topic::Dance
            | Topic::Painting
            | Topic::ChinesePainting
            | Topic::Calligraphy
            | Topic::Handicraft
            | Topic::Clay
            | Topic::Films => Area::Arts,
            Topic::Speech | Topic::Hosting | Topic::Recitation | Topic::Poetry | Topic::English => {
                Area::Language
            }
            Topic::BoardGames | Topic::Thinking => Area::Mind,
            Topic::Science | Topic::Research => Area::Science,
            Topic::Labour | Topic::Counselling => Area::Life,
            Topic::Reading | Topic::Homework | Topic::Questions | Topic::IndividualHelp => Area::Study,
        }
    }
}
