//! The wordings that mark negation, rumour, denial, plan, possibility, attribution and opinion, in three languages.

use std::sync::LazyLock;

use super::super::Language;
use super::super::phrases::Phrases;
use super::CueKind;

/// How far the span of a marker goes beyond its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The marker alone.
    Word,
    /// To the beginning of its clause: «ІІМ мәліметінше».
    Back,
    /// To the end of its clause: «по данным МВД».
    Forward,
    /// A verb of saying: the side on which its speaker stands.
    Saying,
}

/// What a wording marks; `kind` is `None` for wordings that only look like markers.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// What it does.
    pub kind: Option<CueKind>,
    /// How far it goes.
    pub reach: Reach,
}

/// The wordings of a language.
pub fn table(language: Language) -> &'static Phrases<Wording> {
    match language {
        Language::Ru => &RUSSIAN,
        Language::Kk => &KAZAKH,
        Language::En => &ENGLISH,
    }
}

const fn word(kind: CueKind) -> Wording {
    Wording {
        kind: Some(kind),
        reach: Reach::Word,
    }
}

const fn by(reach: Reach) -> Wording {
    Wording {
        kind: Some(CueKind::Attribution),
        reach,
    }
}

/// Wordings that contain a marker and mark nothing.
const NOTHING: Wording = Wording {
    kind: None,
    reach: Reach::Word,
};

static RUSSIAN: LazyLock<Phrases<Wording>> = LazyLock::new(|| {
    use CueKind::{Denial, Forecast, Negation, Opinion, Plan, Possibility, Rumour};
    Phrases::new(&[
        (
            NOTHING,
            "не менее;не более;не меньше;не больше;не только;не превыша*;не превысил*;едва не;чуть не;не раз;не просто;ни о чем не говорит;нет сомнений;не исключительно",
        ),
        (
            word(Denial),
            "не соответству* действительности;не нашл* подтверждения;не нашел подтверждения;не нашли подтверждения;беспочвенн*;не соответству* истине;не подтвержда*;не подтвердил*;опровер*;является фейком;это фейк;оказал* фейк*;признан* фейк*;фейком;таких заявлений не;назвал* ложн*;признан* ложн*;информация ложн*;сообщение ложн*;слухи ложн*;ложными;недостоверна;недостоверны;недостоверно;назвал* недостоверн*;признан* недостоверн*;не регистрировал*;вымысел;выдумк*;это дезинформация;является дезинформацией;назвал* дезинформаци*;назвал* фейк*;неправд*",
        ),
        (
            word(Rumour),
            "якобы;распространяется аудиозапись;распространяется видео;распространяется информация;распространяются сообщения;распространилась информация;появилась информация о том;пишут о том;разошлось сообщение;разошлась аудиозапись;разошлось видео;будто;будто бы;по слухам;слух;слухи;слухам;слухов;по неподтвержденн*;неподтвержденн*;пишут в соцсетях;разошл* по мессенджерам;распростран* в соцсетях;ходят разговоры;говорят что",
        ),
        (
            word(Plan),
            "планиру*;план;плана;плане;планом;запланирован*;намерен*;намечен*;намечает*;предлага*;предложен;предложена;предложено;предложены;предложил*;в случае принятия;если примут;предполага* построить;собира*;готовит*;предстоит;будет;будут;до конца года;законопроект*;проект закона;проекте закона;проектом закона;проект* документ*;проект* постановлени*;проект* приказ*;проект* указ*;проект* решени*;проект* правил;проект* норм*;обсужда*;на обсуждени*;прорабатыва*;обеща*;хотят;хочет;надеются;надеется;рассчитыва*",
        ),
        (word(Forecast), "ожида*;прогноз*;по прогнозам;спрогнозир*"),
        (
            word(Possibility),
            "может;могут;мог;могла;могло;могли;может быть;возможно;вероятно;не исключ*;предположительно;по предварительным данным;по предварительной версии;предварительно",
        ),
        (
            by(Reach::Forward),
            "по данным;по информации;по словам;по сведениям;по сообщению;по официальным данным;согласно;как сообщил*;как сообща*;как передает;как переда*;как уточнил*;как отметил*;как заявил*;как рассказал*;как пояснил*;как пишет;как пишут;со ссылкой на;ссылаясь на;со слов;из сообщения;по оценке;по оценкам;по статистике;по подсчетам;по наблюдениям;по расчетам;цитирует;говорится в;как следует из;как посчитал*",
        ),
        (
            by(Reach::Saying),
            "сообщил*;сообща*;заявил*;заявля*;отметил*;отмеча*;уточнил*;уточня*;подчеркнул*;пояснил*;рассказал*;рассказыва*;передает;передают;доложил*;проинформировал*;информирует;сказал*;говорит;говорят;добавил*;написал*;пишет;напомнил*;объяснил*;утвержда*;констатировал*;объявил*;признал*;ответил*;поручил*;поруча*;распорядил*;потребовал*;призвал*;предупредил*;посоветовал*;представил*;прокомментировал*;отчитал*;цифры приводит;цифры привел*;данные приводит;данные привел*;статистику приводит;статистику привел*;опубликовал*;обнародовал*;озвучил*",
        ),
        (
            word(Opinion),
            "по мнению;по моему мнению;на мой взгляд;считает;считают;полага*;уверен;уверена;уверены;как кажется;похоже;думает;думают;пожалуй;видимо;по убеждению",
        ),
        (
            word(Negation),
            "не;ни;нет;без;никто;никого;никому;ничего;ничто;нельзя;невозможно;никогда;никак*;отсутств*;не было;не будет;ни один;ни одна;ни одного;ни одной;нигде;отрица*",
        ),
    ])
});

static KAZAKH: LazyLock<Phrases<Wording>> = LazyLock::new(|| {
    use CueKind::{Denial, Forecast, Negation, Opinion, Plan, Possibility, Rumour};
    Phrases::new(&[
        (
            NOTHING,
            "кем емес;артық емес;аз емес;көп емес;ғана емес;жоқ емес;қана емес;жоғалып;әлдеқайда;емес пе",
        ),
        (
            word(Denial),
            "шындыққа жанаспай*;шындыққа сәйкес келмей*;шындыққа сай келмей*;жоққа шығар*;теріске шығар*;растаған жоқ;расталмады;расталған жоқ;расталмаған;фейк болып;фейк екен;фейк деп;фейк ақпарат болып;бұл фейк;жалған болып;жалған екен*;жалған деп;жалған болған;жалған ақпарат деп;жалған ақпарат болып;бұл жалған;ақпарат жалған;ақпараты жалған;хабар жалған;хабар – жалған;хабары жалған;хабарлар жалған;ақпарат – жалған;ақпараттар жалған;ақпараты – жалған;хабарлама жалған;хабарлама – жалған;хабарламасы жалған;хабарламалар жалған;мәлімет жалған;мәлімет – жалған;мәліметтер жалған;сөз жалған;жазба жалған;жазба – жалған;жазбасы жалған;өтірік;шындық емес;рас емес;дұрыс емес;сандырақ",
        ),
        (
            word(Rumour),
            "деген ақпарат*;деген қауесет*;қауесет*;деген сыбыс;сыбыс;деседі;делінеді екен;көрінеді;деген әңгіме*;алып-қашпа;расталмаған ақпарат*;болса керек;деген сөз;мыс;міс;тарап жүр;екен деген",
        ),
        (
            word(Plan),
            "жоспар*;көзделіп отыр;көзделген;көзделуде;ниет*;ұсын*;бағдарлан*;болашақта;әзірленіп жатыр;жыл соңына дейін;жыл аяғына дейін;уәде*;заң жобас*;норма жобас*;құжат* жобас*;қаулы жобас*;бұйрық жобас*;жарлық жобас*;шешім* жобас*;ереже* жобас*;қағида* жобас*;жобада;жобасында;жобаға;жобасына;жобалан*;талқылан*;қаралып жатыр;қарастырылып жатыр;қарастырылуда;тиіс;міндетті",
        ),
        (word(Forecast), "күтіл*;болжам*;болжан*;болжай*"),
        (
            word(Possibility),
            "мүмкін;ықтимал*;бәлкім;алдын ала мәлімет*;алдын ала дерек*;алдын ала болжам*",
        ),
        (
            by(Reach::Back),
            "мәліметінше;мәліметтерінше;дерегінше;деректерінше;айтуынша;хабарлауынша;ақпаратынша;мәлімдеуінше;сөзінше;сілтеме жасап;мәліметі бойынша;дерегі бойынша;деректері бойынша;ақпараты бойынша;мәліметтері бойынша;есебінше;статистикасы бойынша;есебі бойынша;сөзіне қарағанда;айтуына қарағанда;дерегіне қарағанда;деректеріне сүйенсек;дерегіне сүйенсек;мәліметіне сүйенсек;айтқандай;есептеуінше",
        ),
        (
            by(Reach::Saying),
            "жариялады;деп жариялады;дерек келтір*;деректі келтір*;деректер келтір*;деп хабарла*;хабарла*;деді;деп мәлімде*;мәлімде*;мәлім етті;деп атап өтті;атап өтті;атап көрсетті;деп жазды;деп жазады;жазды;деп жазған;делінген хабарламада;делінген;деп нақтыла*;нақтыла*;деп түсіндір*;түсіндірді;деп қосты;дейді;деп айтты;айтты;айтады;айтқан;деп ескертті;деп баянда*;баянда*;жеткізді деп;хабар берді;деген болатын;деп есеп берді;тапсырды;тапсырма берді;талап етті;шақырды;ескертті;таныстырды;еске салды;түсінік берді",
        ),
        (
            word(Opinion),
            "пікірінше;ойынша;санайды;деп санай*;деп есептей*;сенімді;меніңше;көзқарасы бойынша;деп ойлай*;сияқты",
        ),
        (
            word(Negation),
            "емес;жоқ;жоғы;жоғын;ешқашан;ешбірі;ешкім;ешқандай;ешбір;ештеңе;еш",
        ),
    ])
});

static ENGLISH: LazyLock<Phrases<Wording>> = LazyLock::new(|| {
    use CueKind::{Denial, Forecast, Negation, Opinion, Plan, Possibility, Rumour};
    Phrases::new(&[
        (
            NOTHING,
            "no more than;no fewer than;no less than;not more than;not less than;not fewer than;not only;no doubt;no later than;not least;not just;no longer ago;no wonder;in no small part;may day",
        ),
        (
            word(Denial),
            "denied;unfounded;groundless rumour*;baseless;proved groundless;no truth to;no truth in;denies;deny;denying;denial;refuted;refute;refutes;debunked;not true;untrue;does not correspond to reality;is fake;are fake;was fake;as fake;a fake;a hoax;hoax;dismissed as;dismissed claim*;dismissed report*;dismissed message*;dismissed rumour*;dismissed rumor*;dismissed information;dismissed allegation*;dismissed post*;rejected report*;rejected claim*;rejected rumour*;rejected message*;rejected the report*;rejected the claim*;rejected as;called the report*;called false;called untrue;dismissed the claim*;dismissed the report*;dismissed the rumour*;dismissed the message*;not confirmed;was false;is false;are false;were false;as false;proved false;turned out to be false",
        ),
        (
            word(Rumour),
            "allegedly;alleged;reportedly;rumour*;rumor*;unconfirmed;purportedly;supposedly;social media claim*;claims circulating;messages claim*;posts claim*",
        ),
        (
            word(Plan),
            "plan;plans;planned;planning;scheduled;intends;intend;intended;proposes;proposed;if passed;if adopted;if approved;will;shall;would;is to be;are to be;set to;due to be;due to carry;are due to;is due to;due to follow;due to start;due to begin;due to open;due to end;due by;due in;by the end of;by year-end;going to;draft law;draft rule*;draft resolution;draft order;draft decree;draft decision;draft regulation*;a draft;under discussion;being discussed;under consideration;being considered;bill;promised;wants;hope;hopes;aims to;aim to",
        ),
        (
            word(Forecast),
            "expected;expects;expect;forecast*;projected;projection*;predict*;anticipate*",
        ),
        (
            word(Possibility),
            "may;might;could;possibly;perhaps;maybe;probably;likely;preliminary data;preliminarily;presumably;apparently",
        ),
        (
            by(Reach::Forward),
            "according to;citing;quoting;as reported by;as told by;based on data from;per data",
        ),
        (
            by(Reach::Saying),
            "said;says;say;saying;told;tells;tell;estimate;estimates;reported;reports;stated;states;announced;noted;notes;added;explained;clarified;stressed;confirmed;informed;claimed;claims;wrote;writes;recalled;pointed out;counted;instructed;ordered;urged;warned;reminded;demanded;commented;presented;testified;acknowledged;admitted",
        ),
        (
            word(Opinion),
            "believe;believes;believed;think;thinks;thought;in my opinion;in the opinion of;argue;argues;argued;seems;seem;feel;feels;insiders expect",
        ),
        (
            word(Negation),
            "not;no;never;none;nobody;nothing;without;neither;nor;no one;failed to;refused to;lack of;lacks;yet to",
        ),
    ])
});
