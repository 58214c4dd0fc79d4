//! Makes a web of any size for benches: agencies that publish figures and outlets that repeat them, rightly or not.
//!
//! All names and figures come from a small deterministic generator, so two runs see the same pages.

/// One generated page.
pub struct GeneratedPage {
    /// Index of its source; sources below [`N_OFFICIAL`] are official.
    pub source: usize,
    /// Path on its site.
    pub path: String,
    /// The page as HTML.
    pub html: String,
}

/// How many of the sources are official.
pub const N_OFFICIAL: usize = 20;
/// How many sources there are.
pub const N_SOURCES: usize = 100;

const PLACES: [(&str, &str); 6] = [
    ("Павлодарской области", "Павлодар облысында"),
    ("Акмолинской области", "Ақмола облысында"),
    ("Костанайской области", "Қостанай облысында"),
    ("Жамбылской области", "Жамбыл облысында"),
    ("Атырауской области", "Атырау облысында"),
    ("Мангистауской области", "Маңғыстау облысында"),
];
const MEASURES: [(&str, &str, &str); 6] = [
    ("краж", "ұрлық", "thefts"),
    ("мошенничеств", "алаяқтық", "frauds"),
    ("пожаров", "өрт", "fires"),
    ("грабежей", "тонау", "robberies"),
    (
        "дорожно-транспортных происшествий",
        "жол-көлік оқиғасы",
        "road accidents",
    ),
    ("фактов хулиганства", "бұзақылық", "cases of hooliganism"),
];
const MONTHS: [(&str, &str, &str); 6] = [
    ("январе", "қаңтарда", "January"),
    ("феврале", "ақпанда", "February"),
    ("марте", "наурызда", "March"),
    ("апреле", "сәуірде", "April"),
    ("мае", "мамырда", "May"),
    ("июне", "маусымда", "June"),
];

/// A linear congruential generator (Knuth's MMIX constants): enough to vary text, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).expect("the remainder is below n")
    }
}

/// The official figure of one measure, place and month; what outlets repeat.
fn figure(measure: usize, place: usize, month: usize) -> usize {
    120 + Dice((measure * 100 + place * 10 + month) as u64).below(4_000)
}

/// The `number`-th page.
pub fn page(number: usize) -> GeneratedPage {
    let mut dice = Dice(number as u64 + 1);
    let source = number % N_SOURCES;
    let paragraphs: Vec<String> = (0..6)
        .map(|_| paragraph(&mut dice, source < N_OFFICIAL))
        .collect();
    let body: String = paragraphs
        .iter()
        .map(|text| format!("<p>{text}</p>"))
        .collect();
    let language = if source.is_multiple_of(3) { "kk" } else { "ru" };
    let filler = "<li><a href=\"/x\">Раздел сайта</a></li>".repeat(60);
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>Сводка № {number}</title>\
         <meta property=\"article:published_time\" content=\"2026-07-{:02}T10:00:00+05:00\"></head><body>\
         <nav><ul>{filler}</ul></nav><article><h1>Сводка № {number}</h1>{body}</article>\
         <footer><ul>{filler}</ul></footer></body></html>",
        1 + number % 28
    );
    GeneratedPage {
        source,
        path: format!("/news/{number}"),
        html,
    }
}

/// Two sentences with a figure and two without; outlets misquote one figure in eight.
fn paragraph(dice: &mut Dice, is_official: bool) -> String {
    let (measure, place, month) = (dice.below(6), dice.below(6), dice.below(6));
    let mut value = figure(measure, place, month);
    if !is_official && dice.below(8) == 0 {
        value = value * 3 / 2 + 11;
    }
    let (m, p, t) = (MEASURES[measure], PLACES[place], MONTHS[month]);
    if dice.below(3) == 0 {
        format!(
            "2026 жылғы {} {} {value} {} тіркелді. Тұрғындар полицияның жұмысын талқылап жатыр. \
             Бұл туралы департаменттің баспасөз қызметі хабарлады. Тексеру жұмыстары жалғасуда.",
            t.1, p.1, m.1
        )
    } else {
        format!(
            "В {} 2026 года в {} зарегистрировано {value} {}. Жители обсуждают работу полиции. \
             Об этом сообщила пресс-служба департамента. Проверки продолжаются во всех районах.",
            t.0, p.0, m.0
        )
    }
}
