"""Words of relative dates in many languages: '3 hours ago', 'vor 2 Tagen', '3小时前', 'yesterday'."""

from __future__ import annotations

from collections.abc import Mapping

from feedsvc.lexicon.folding import fold

#: Unit -> its written forms in spaced scripts.
_UNITS: Mapping[str, str] = {
    "second": """second seconds sec secs s sekunde sekunden sek seconde secondes segundo segundos secondo secondi
        seconden
        sekund sekunder sekunnin sekuntia sekundę sekundy sekundu sekundami másodperce másodperccel saniye secunde
        секунду секунды секунд сек секунди секунда δευτερόλεπτα ثانية ثوان ثوانی ثانیه שניות सेकंड วินาที giây detik""",
    "minute": """minute minutes min mins m minuten minuto minutos minuti minuta minut minuty minutę minutt minutter
        minuuttia
        minuutin minuten minutu minutami perce perccel dakika dk minut минуту минуты минут мин минута минути хвилину
        хвилини
        хвилин хв λεπτά λεπτό دقيقة دقائق دقیقه דקות דקה मिनट นาที phút menit""",
    "hour": """hour hours hr hrs h stunde stunden std heure heures hora horas ora ore uur uren u timme timmar tim
        time timer
        tunti tuntia tunnin godzinę godziny godzin godz hodinu hodinami hodiny hodin órája órával saat sa oră час
        часа часов ч
        годину години годин год ώρα ώρες ساعة ساعات ساعت שעות שעה घंटे घंटा ชั่วโมง ชม giờ tiếng jam""",
    "day": """day days d tag tage tagen jour jours j día días dia dias giorno giorni gg dag dagen dagar dager dage
        päivä päivää
        päivän dzień dni dnem dny dňami dňom napja nappal gün zi zile день дня дней дн дні днів дена дни μέρα μέρες
        ημέρες
        ημέρα يوم أيام ايام روز ימים יום दिन วัน ngày hari""",
    "week": """week weeks wk wks w woche wochen semaine semaines sem semana semanas settimana settimane weken vecka
        veckor v uke
        uker uge uger viikko viikkoa viikon tydzień tygodnie tygodni týdnem týdny týždňom týždňami hete héttel hafta
        săptămână
        săptămâni неделю недели недель нед тиждень тижні тижнів седмица седмици εβδομάδα εβδομάδες أسبوع أسابيع هفته
        שבועות
        שבוע सप्ताह हफ्ते สัปดาห์ tuần minggu""",
    "month": """month months mo mos monat monate monaten mois mes meses mês mese mesi maand maanden månad månader
        måned måneder
        kuukausi kuukautta kuukauden miesiąc miesiące miesięcy měsícem měsíci mesiacom mesiacmi hónapja hónappal ay
        lună luni
        месяц месяца месяцев мес місяць місяці місяців месец месеца μήνα μήνες شهر أشهر شهور ماه חודשים חודש महीने
        माह เดือน
        tháng bulan""",
    "year": """year years yr yrs y jahr jahre jahren an ans année années año años ano anos anno anni jaar år vuosi
        vuotta vuoden
        rok lata lat rokem lety rokom rokmi éve évvel yıl ani год года лет рік роки років χρόνο χρόνια
        έτος سنة
        سنوات سال שנים שנה वर्ष साल ปี năm tahun""",
}

#: Words that stand for one: 'an hour ago', 'vor einer Stunde'.
ONES = (
    "a", "an", "one", "ein", "einer", "einem", "eine", "un", "une", "una", "uno", "um", "uma", "een", "en", "ett",
    "et", "yksi", "jeden", "jedną", "bir", "o", "один", "одну",
)  # fmt: skip

#: Before the number: 'vor 3 Stunden', 'il y a 3 heures'. The Nordic 'for 3 timer siden' is told by its last word: an
#: English 'for 3 days' says how long.
AGO_BEFORE = (
    "vor", "il y a", "hace", "há", "ha", "fa", "pred", "před", "przed", "prije", "pre", "acum",
    "πριν από",
    "πριν", "преди", "пред", "منذ", "قبل", "לפני", "publié il y a",
)  # fmt: skip
#: After the unit: '3 hours ago', '3 ore fa', '3 timmar sedan'.
AGO_AFTER = (
    "ago", "earlier", "fa", "geleden", "sedan", "siden", "sitten", "temu", "zpět", "ezelőtt", "önce", "назад", "тому",
    "тому назад", "πριν", "پیش", "قبل", "पहले", "ที่แล้ว", "ที่ผ่านมา", "ก่อน", "trước", "yang lalu", "lalu",
    "atrás", "atras",
    "in urmă", "în urmă", "prije",
)  # fmt: skip
#: Between marker and number.
ABOUT = (
    "about",
    "around",
    "over",
    "etwa",
    "ca",
    "rund",
    "environ",
    "circa",
    "ungefähr",
    "около",
    "примерно",
    "mer än",
    "over",
)

#: Units of scripts written without spaces, as they stand before 前, 전 and their like.
EAST_ASIAN_UNITS: Mapping[str, str] = {
    "秒钟": "second", "秒鐘": "second", "秒": "second", "초": "second",
    "分钟": "minute", "分鐘": "minute", "分": "minute", "분": "minute",
    "个小时": "hour", "個小時": "hour", "小时": "hour", "小時": "hour", "時間": "hour", "시간": "hour",
    "天": "day", "日": "day", "일": "day",
    "周": "week", "週間": "week", "週": "week", "个星期": "week", "주": "week",
    "个月": "month", "個月": "month", "か月": "month", "ヶ月": "month", "カ月": "month", "개월": "month", "달": "month",
    "年": "year", "년": "year",
}  # fmt: skip
EAST_ASIAN_AGO = ("之前", "以前", "前", "전")

#: Days before today -> the words for that day.
NAMED_DAYS: Mapping[int, tuple[str, ...]] = {
    0: (
        "today", "heute", "aujourd'hui", "aujourd’hui", "hoy", "hoje", "oggi", "vandaag", "i dag", "idag", "tänään",
        "dzisiaj",
        "dziś", "dnes", "danes", "danas", "ma", "bugün", "azi", "astăzi", "сегодня", "сьогодні", "днес", "данас",
        "денес", "σήμερα",
        "اليوم", "امروز", "היום", "आज", "วันนี้", "hôm nay", "hari ini", "今天", "今日", "本日", "오늘",
    ),
    1: (
        "yesterday", "gestern", "hier", "ayer", "ontem", "ieri", "gisteren", "i går", "igår", "eilen", "wczoraj",
        "včera",
        "včeraj", "jučer", "juče", "tegnap", "dün", "вчера", "вчора", "χθες", "χτες", "أمس", "امس", "دیروز",
        "אתמול", "कल",
        "เมื่อวาน", "เมื่อวานนี้", "hôm qua", "kemarin", "昨天", "昨日", "어제",
    ),
    2: (
        "the day before yesterday", "day before yesterday", "vorgestern", "avant-hier", "anteayer", "antes de ayer",
        "anteontem",
        "l'altro ieri", "eergisteren", "i förrgår", "toissapäivänä", "przedwczoraj", "předevčírem", "predvčerom",
        "tegnapelőtt",
        "позавчера", "позавчора", "evvelsi gün", "前天", "一昨日", "おととい", "그저께",
    ),
}  # fmt: skip

#: The moment itself.
NOW_WORDS = (
    "just now", "right now", "moments ago", "a moment ago", "gerade eben", "soeben", "à l'instant", "ahora mismo",
    "agora mesmo",
    "proprio ora", "zojuist", "just nu", "akkurat nå", "lige nu", "juuri nyt", "przed chwilą", "právě teď", "az imént",
    "şimdi", "az önce", "только что", "щойно", "μόλις τώρα", "الآن", "همین حالا", "עכשיו", "अभी", "เมื่อสักครู่",
    "vừa xong",
    "baru saja", "刚刚", "剛剛", "刚才", "たった今", "방금",
)  # fmt: skip

_UNIT_OF: dict[str, str] = {fold(word): unit for unit, words in _UNITS.items() for word in words.split()}
_NAMED: dict[str, int] = {fold(word): days for days, words in NAMED_DAYS.items() for word in words}


def unit_of(word: str) -> str | None:
    """The unit ("hour", "day", ...) that ``word`` names in any language we know."""
    return EAST_ASIAN_UNITS.get(word) or _UNIT_OF.get(fold(word).strip("."))


def named_day(words: str) -> int | None:
    """How many days before today ``words`` means: 0 for 'today', 1 for 'gestern'; None for other words."""
    return _NAMED.get(fold(words))
