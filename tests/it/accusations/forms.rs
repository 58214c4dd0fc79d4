//! Turns a number of a record into the ways a reporter may write it: grouped, rounded, in words, in another magnitude,
//! with a Kazakh ending, and wrongly. What it leaves out: agreement of the noun, so the data choose numbers that end in
//! 0 or 5 to 9.

use aigaq::language::Language;

/// A number with up to two places, as the data write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// All digits.
    digits: i64,
    /// How many of them stand after the point.
    places: u32,
}

impl Number {
    /// Reads `8645` or `12.4`.
    pub fn parse(text: &str) -> Number {
        let places = text.split_once('.').map_or(0, |(_, after)| after.len());
        Number {
            digits: text.replace('.', "").parse().unwrap(),
            places: places as u32,
        }
    }

    /// The number in the form that a template asks for.
    pub fn written(self, form: &str, language: Language) -> String {
        match form {
            "" => self.grouped(" ", language),
            "plain" => self.grouped("", language),
            "nbsp" => self.grouped("\u{a0}", language),
            "thin" => self.grouped("\u{202f}", language),
            "words" => words(self.digits, language),
            "over" => self.rounded(Round::Down).grouped(" ", language),
            "about" => self.rounded(Round::Near).grouped(" ", language),
            "almost" => self.rounded(Round::Up).grouped(" ", language),
            "overfrom" => self.rounded(Round::Down).out_of_it(),
            "almostto" => self.rounded(Round::Up).to_it(),
            "from" => self.out_of_it(),
            "to" => self.to_it(),
            "swapped" => self.swapped().grouped(" ", language),
            "swappedfrom" => self.swapped().out_of_it(),
            "doubled" => Number {
                digits: self.digits * 2 + 10,
                ..self
            }
            .grouped(" ", language),
            "short" => self.in_magnitude(
                Magnitude::fitting(self.digits),
                None,
                Naming::Short,
                language,
            ),
            "long" => self.in_magnitude(
                Magnitude::fitting(self.digits),
                None,
                Naming::Long,
                language,
            ),
            "lower" => self.in_magnitude(
                Magnitude::fitting(self.digits).lower(),
                None,
                Naming::Short,
                language,
            ),
            "shortabout" => self.in_magnitude(
                Magnitude::fitting(self.digits),
                Some(Round::Near),
                Naming::Short,
                language,
            ),
            "shortover" => self.in_magnitude(
                Magnitude::fitting(self.digits),
                Some(Round::Down),
                Naming::Long,
                language,
            ),
            "shortswapped" => self.in_magnitude(
                Magnitude::fitting(self.digits),
                None,
                Naming::Swapped,
                language,
            ),
            "wrongunit" => self.in_magnitude(
                Magnitude::fitting(self.digits),
                None,
                Naming::Lower,
                language,
            ),
            _ => panic!("no form {form}"),
        }
    }

    /// With groups of three before the point, in the language's signs.
    fn grouped(self, separator: &str, language: Language) -> String {
        let unit = 10_i64.pow(self.places);
        let separator = match (language, separator) {
            (Language::En, " ") => ",",
            (_, other) => other,
        };
        let whole = (self.digits / unit).to_string();
        let mut text = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) && whole.len() > 3 {
                text.push_str(separator);
            }
            text.push(digit);
        }
        if self.places > 0 {
            let point = if language == Language::En { '.' } else { ',' };
            let width = self.places as usize;
            text.push_str(&format!("{point}{:0width$}", self.digits % unit));
        }
        text
    }

    /// To two digits, or to a whole number where it has places.
    fn rounded(self, round: Round) -> Number {
        let step = if self.places > 0 {
            10_i64.pow(self.places)
        } else {
            10_i64.pow(self.digits.to_string().len().saturating_sub(2).max(1) as u32)
        };
        let down = self.digits - self.digits % step;
        let digits = match round {
            Round::Down => down,
            Round::Up => down + step,
            Round::Near if self.digits % step * 2 >= step => down + step,
            Round::Near => down,
        };
        assert!(
            digits != self.digits && digits > 0,
            "{self:?} cannot be rounded"
        );
        Number { digits, ..self }.trimmed()
    }

    /// Without zeros after the point.
    fn trimmed(mut self) -> Number {
        while self.places > 0 && self.digits % 10 == 0 {
            self = Number {
                digits: self.digits / 10,
                places: self.places - 1,
            };
        }
        self
    }

    /// With the first two neighbouring digits exchanged that differ, the leading one only where it must be.
    fn swapped(self) -> Number {
        let mut digits: Vec<char> = self.digits.to_string().chars().collect();
        let places = (1..digits.len() - 1).chain([0]);
        let at = places
            .into_iter()
            .find(|&at| digits[at] != digits[at + 1] && (at > 0 || digits[1] != '0'));
        let at = at.expect("some digits differ");
        digits.swap(at, at + 1);
        let digits: String = digits.into_iter().collect();
        Number {
            digits: digits.parse().unwrap(),
            ..self
        }
    }

    /// In thousands, millions or billions.
    fn in_magnitude(
        self,
        magnitude: Magnitude,
        round: Option<Round>,
        naming: Naming,
        language: Language,
    ) -> String {
        assert_eq!(self.places, 0);
        let unit = magnitude.unit();
        let (mut digits, mut places) = (self.digits, magnitude.zeros());
        if let Some(round) = round {
            let step = if digits / unit >= 100 {
                unit
            } else {
                unit / 10
            };
            digits = match round {
                Round::Down => digits - digits % step,
                Round::Near | Round::Up => (digits + step / 2) / step * step,
            };
        }
        while places > 0 && digits % 10 == 0 {
            (digits, places) = (digits / 10, places - 1);
        }
        let number = Number { digits, places };
        match naming {
            Naming::Short => format!(
                "{} {}",
                number.grouped(" ", language),
                magnitude.short(language)
            ),
            Naming::Long => format!(
                "{} {}",
                number.grouped(" ", language),
                magnitude.long(language)
            ),
            Naming::Swapped => format!(
                "{} {}",
                number.swapped().grouped(" ", language),
                magnitude.short(language)
            ),
            Naming::Lower => format!(
                "{} {}",
                number.grouped(" ", language),
                magnitude.lower().short(language)
            ),
        }
    }

    /// Kazakh: from it, more than it.
    fn out_of_it(self) -> String {
        format!("{}-{}", self.grouped(" ", Language::Kk), self.ending().0)
    }

    /// Kazakh: to it.
    fn to_it(self) -> String {
        format!("{}-{}", self.grouped(" ", Language::Kk), self.ending().1)
    }

    /// The endings of the last word of the number when it is read aloud: from, to.
    fn ending(self) -> (&'static str, &'static str) {
        const ONES: [(&str, &str); 10] = [
            ("", ""),
            ("ден", "ге"),
            ("ден", "ге"),
            ("тен", "ке"),
            ("тен", "ке"),
            ("тен", "ке"),
            ("дан", "ға"),
            ("ден", "ге"),
            ("ден", "ге"),
            ("дан", "ға"),
        ];
        const TENS: [(&str, &str); 10] = [
            ("", ""),
            ("нан", "ға"),
            ("дан", "ға"),
            ("дан", "ға"),
            ("тан", "қа"),
            ("ден", "ге"),
            ("тан", "қа"),
            ("тен", "ке"),
            ("нен", "ге"),
            ("нан", "ға"),
        ];
        let digits = self.digits;
        match (digits % 10, digits / 10 % 10, digits / 100 % 10) {
            (one, _, _) if one > 0 => ONES[one as usize],
            (_, ten, _) if ten > 0 => TENS[ten as usize],
            (_, _, hundred) if hundred > 0 => ("ден", "ге"),
            _ => ("нан", "ға"),
        }
    }
}

/// Which way a number is rounded.
#[derive(Clone, Copy)]
enum Round {
    Down,
    Near,
    Up,
}

/// How a magnitude is named.
#[derive(Clone, Copy)]
enum Naming {
    /// Abbreviated.
    Short,
    /// In full.
    Long,
    /// Abbreviated, with two digits exchanged.
    Swapped,
    /// As the magnitude below, which makes it a thousandth.
    Lower,
}

/// What a long number is counted in.
#[derive(Clone, Copy)]
enum Magnitude {
    Thousand,
    Million,
    Billion,
}

impl Magnitude {
    fn fitting(number: i64) -> Magnitude {
        match number {
            1_000_000_000.. => Magnitude::Billion,
            1_000_000.. => Magnitude::Million,
            _ => Magnitude::Thousand,
        }
    }

    fn lower(self) -> Magnitude {
        match self {
            Magnitude::Billion => Magnitude::Million,
            Magnitude::Million | Magnitude::Thousand => Magnitude::Thousand,
        }
    }

    fn zeros(self) -> u32 {
        match self {
            Magnitude::Thousand => 3,
            Magnitude::Million => 6,
            Magnitude::Billion => 9,
        }
    }

    fn unit(self) -> i64 {
        10_i64.pow(self.zeros())
    }

    fn short(self, language: Language) -> &'static str {
        match (self, language) {
            (Magnitude::Thousand, Language::Ru) => "тыс.",
            (Magnitude::Million, Language::Kk | Language::Ru) => "млн",
            (Magnitude::Billion, Language::Kk | Language::Ru) => "млрд",
            _ => self.long(language),
        }
    }

    fn long(self, language: Language) -> &'static str {
        match (self, language) {
            (Magnitude::Thousand, Language::Kk) => "мың",
            (Magnitude::Million, Language::Kk) => "миллион",
            (Magnitude::Billion, Language::Kk) => "миллиард",
            (Magnitude::Thousand, Language::Ru) => "тысячи",
            (Magnitude::Million, Language::Ru) => "миллиона",
            (Magnitude::Billion, Language::Ru) => "миллиарда",
            (Magnitude::Thousand, Language::En) => "thousand",
            (Magnitude::Million, Language::En) => "million",
            (Magnitude::Billion, Language::En) => "billion",
        }
    }
}

/// A whole number below a million in words, for nouns of the masculine gender.
fn words(number: i64, language: Language) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    let mut all = Vec::new();
    if thousands > 0 {
        let last = thousands % 10;
        let is_teen = (11..=14).contains(&(thousands % 100));
        let head = below_thousand(thousands, language);
        let head = match (language, last) {
            (Language::Ru, 1) if !is_teen => head.replace("один", "одна"),
            (Language::Ru, 2) if !is_teen => head.replace("два", "две"),
            _ => head,
        };
        let noun = match (language, last) {
            (Language::Kk, _) => "мың",
            (Language::Ru, 1) if !is_teen => "тысяча",
            (Language::Ru, 2..=4) if !is_teen => "тысячи",
            (Language::Ru, _) => "тысяч",
            (Language::En, _) => "thousand",
        };
        all.push(format!("{head} {noun}"));
    }
    if rest > 0 {
        all.push(below_thousand(rest, language));
    }
    all.join(" ")
}

/// A number below a thousand in words.
fn below_thousand(number: i64, language: Language) -> String {
    const ONES: [[&str; 20]; 3] = [
        [
            "",
            "бір",
            "екі",
            "үш",
            "төрт",
            "бес",
            "алты",
            "жеті",
            "сегіз",
            "тоғыз",
            "он",
            "он бір",
            "он екі",
            "он үш",
            "он төрт",
            "он бес",
            "он алты",
            "он жеті",
            "он сегіз",
            "он тоғыз",
        ],
        [
            "",
            "один",
            "два",
            "три",
            "четыре",
            "пять",
            "шесть",
            "семь",
            "восемь",
            "девять",
            "десять",
            "одиннадцать",
            "двенадцать",
            "тринадцать",
            "четырнадцать",
            "пятнадцать",
            "шестнадцать",
            "семнадцать",
            "восемнадцать",
            "девятнадцать",
        ],
        [
            "",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
    ];
    const TENS: [[&str; 10]; 3] = [
        [
            "",
            "",
            "жиырма",
            "отыз",
            "қырық",
            "елу",
            "алпыс",
            "жетпіс",
            "сексен",
            "тоқсан",
        ],
        [
            "",
            "",
            "двадцать",
            "тридцать",
            "сорок",
            "пятьдесят",
            "шестьдесят",
            "семьдесят",
            "восемьдесят",
            "девяносто",
        ],
        [
            "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
        ],
    ];
    const RUSSIAN_HUNDREDS: [&str; 10] = [
        "",
        "сто",
        "двести",
        "триста",
        "четыреста",
        "пятьсот",
        "шестьсот",
        "семьсот",
        "восемьсот",
        "девятьсот",
    ];
    let row = match language {
        Language::Kk => 0,
        Language::Ru => 1,
        Language::En => 2,
    };
    let (hundreds, rest) = ((number / 100) as usize, (number % 100) as usize);
    let hundreds = match (language, hundreds) {
        (_, 0) => String::new(),
        (Language::Kk, 1) => "жүз".to_owned(),
        (Language::Kk, _) => format!("{} жүз", ONES[row][hundreds]),
        (Language::Ru, _) => RUSSIAN_HUNDREDS[hundreds].to_owned(),
        (Language::En, _) => format!("{} hundred", ONES[row][hundreds]),
    };
    let rest = match (language, rest) {
        (_, 0..20) => ONES[row][rest].to_owned(),
        (Language::En, _) if rest % 10 > 0 => {
            format!("{}-{}", TENS[row][rest / 10], ONES[row][rest % 10])
        }
        _ => format!("{} {}", TENS[row][rest / 10], ONES[row][rest % 10])
            .trim()
            .to_owned(),
    };
    let and = if language == Language::En && !hundreds.is_empty() && !rest.is_empty() {
        " and "
    } else {
        " "
    };
    format!("{hundreds}{and}{rest}").trim().to_owned()
}
