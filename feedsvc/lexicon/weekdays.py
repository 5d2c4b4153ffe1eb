"""Weekday names of some fifty languages, Monday first, as pages print them (Unicode CLDR)."""

from __future__ import annotations

from feedsvc.lexicon.folding import fold

_WEEKDAYS = (
    # Monday
    """
    monday mon montag lundi lun lunes segunda-feira seg segunda lunedì dilluns luns maandag mandag man
    måndag mån månd maanantaina maanantai esmaspäev pirmdiena pirmd pirmadienis poniedziałek pon poniedzialek
    pondělí pondelok ponedeljek ponedjeljak ponedeljak luni hétfő hën pazartesi pzt mánudagur mán luan llun
    astelehena isnin isn senin sen
    понедељак пон понедельник пн пнд понеділок понед панядзелак понеделник дүйсенбі дс
    δευτέρα δευ
    الاثنين الإثنين دوشنبه پیر سوموار
    שני
    सोमवार सोम
    সোমবার সোম
    திங்கள் திங்
    วันจันทร์ จันทร์ วันจันทร์ที่
    """,
    # Tuesday
    """
    tuesday tue tues dienstag die mardi mar martes terça-feira ter terça martedì dimarts dinsdag tirsdag
    tirs tir tisdag tis tisd tiistaina tiistai teisipäev otrdiena otrd antradienis wtorek wto úterý út úte
    utorok torek utorak uto marți kedd salı sal þriðjudagur þri máirt maw asteartea selasa sel
    уторак уто вторник вт втр вівторок вів вівтор аўторак аў аўт вто сейсенбі сс
    τρίτη τρί
    الثلاثاء سه‌شنبه سهشنبه منگل
    שלישי
    मंगलवार मंगल
    মঙ্গলবার মঙ্গল
    செவ்வாய் செவ்
    วันอังคาร อังคาร วันอังคารที่
    """,
    # Wednesday
    """
    wednesday wed mittwoch mit mercredi mer miércoles mié quarta-feira qua quarta mercoledì dimecres
    mércores mér woensdag onsdag ons onsd keskiviikkona keskiviikko kolmapäev trešdiena trešd trečiadienis
    środa śr sroda środę srode śro sro středa stř středu středy streda stredu sreda sre srijeda sri miercuri
    mie szerda sze mër çarşamba çar çrs miðvikudagur mið céad asteazkena rabu rab miyerkules miy
    среда сре ср срд среду середа середу сер серед серада сряда сря сәрсенбі
    τετάρτη τετ
    الأربعاء چهارشنبه بدھ
    רביעי
    बुधवार बुध
    বুধবার বুধ
    புதன் புத
    วันพุธ พุธ วันพุธที่
    """,
    # Thursday
    """
    thursday thu donnerstag don jeudi jeu jueves jue quinta-feira qui quinta giovedì gio dijous xoves
    xov donderdag torsdag tors tor torsd torstaina torstai neljapäev ceturtdiena ceturtd ketvirtadienis
    czwartek czw čtvrtek čt čtv štvrtok četrtek čet četvrtak joi csütörtök enj perşembe per prs fimmtudagur
    fim déardaoin déar iau osteguna khamis kha kamis kam huwebes huw
    четвртак чет четверг чт чтв четвер чацвер чц чцв чв четвъртък четврток бейсенбі бс
    πέμπτη πέμ
    الخميس پنجشنبه جمعرات
    חמישי
    गुरुवार गुरु
    বৃহস্পতিবার বৃহস্পতি বৃহষ্পতিবার
    வியாழன் வியா
    วันพฤหัสบดี พฤ พฤหัสบดี พฤหัส วันพฤหัสบดีที่
    """,
    # Friday
    """
    friday fri freitag fre vendredi ven viernes vie sexta-feira sex sexta venerdì divendres venres
    vrijdag vrydag fredag fred perjantaina perjantai reede piektdiena piektd penktadienis piątek piatek
    pią pia pátek pá pát pátku piatok petek pet petak vineri vin péntek pre cuma cum föstudagur fös aoine gwen
    gwe ostirala jumaat jum jumat biyernes biy
    петак пет пятница пт птн пятницу пʼятниця п'ятницю п'ятниця пят пятніца петък петок жұма жм
    παρασκευή παρ
    الجمعة الجمعه جمعه جمعہ
    שישי
    शुक्रवार शुक्र
    শুক্রবার শুক্র
    வெள்ளி வெள்
    วันศุกร์ ศุกร์ วันศุกร์ที่
    """,
    # Saturday
    """
    saturday sat samstag sam samedi sábado sáb sab sabato dissabte zaterdag saterdag lørdag lør lördag
    lör lörd lauantaina lauantai laupäev sestdiena sestd šeštadienis št sobota sob sobotę sobote sobotu soboty
    subota sub sâmbătă sâm szombat szo sht cumartesi cmt laugardagur lau sath sad larunbata sabtu sabado
    субота суб суббота сб сбт субботу суботу субот събота сабота саб сенбі
    σάββατο σάβ
    السبت شنبه ہفتہ
    שבת
    शनिवार शनि
    শনিবার শনি
    சனி
    วันเสาร์ เสาร์ วันเสาร์ที่
    """,
    # Sunday
    """
    sunday sun sonntag dimanche dim domingo dom domenica diumenge zondag sondag søndag søn söndag sön
    sönd sunnuntai sunnuntaina pühapäev svētdiena svētd sekmadienis niedziela niedz niedzielę niedziele nie
    neděle ned neděli nedeľa nedeľu nedelja nedjelja duminică dum vasárnap vas pazar paz sunnudagur domh sul
    igandea ahad ahd minggu min linggo lin
    недеља нед воскресенье вс воскресение вск неділя нд неділю неділ нядзеля няд неделя недела жексенбі жс
    κυριακή κυρ
    الأحد یکشنبه اتوار
    ראשון
    रविवार रवि
    রবিবার রবি
    ஞாயிறு ஞாயி
    วันอาทิตย์ อา อาทิตย์ วันอาทิตย์ที่
    """,
)

#: East Asian weekdays: 星期三, 周三, 週三, 礼拜三, 水曜日, 수요일; the numbered letters Monday first.
_HAN, _KANJI, _HANGUL = "一二三四五六日", "月火水木金土日", "월화수목금토일"

_NUMBERS: dict[str, int] = {fold(word): n for n, row in reversed(list(enumerate(_WEEKDAYS))) for word in row.split()}
for _number in range(7):
    for _prefix in ("星期", "周", "週", "礼拜", "禮拜"):
        _NUMBERS[_prefix + _HAN[_number]] = _number
        _NUMBERS[_prefix + "天"] = 6
    _NUMBERS[_KANJI[_number] + "曜日"] = _NUMBERS[_KANJI[_number] + "曜"] = _number
    _NUMBERS[fold(_HANGUL[_number] + "요일")] = _number


def weekday_number(word: str) -> int | None:
    """Monday 0 to Sunday 6, or None where ``word`` names no weekday."""
    return _NUMBERS.get(fold(word).strip(".,()[] "))
