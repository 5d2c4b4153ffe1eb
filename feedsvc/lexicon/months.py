"""Month names of some fifty languages: full, abbreviated and inflected, as pages print them.

The names are those of the Unicode CLDR, with further spellings met on pages. One row a month; languages share words.
"""

from __future__ import annotations

from collections.abc import Mapping

from feedsvc.lexicon.folding import fold

_MONTHS = (
    # January
    """
    january jan januar jänner janvier janv enero ene janeiro gennaio gen gener xaneiro xan januari januarie
    tammikuuta tammikuu tammi tammik tammikuussa jaanuar jaan janvāris sausio sausis saus stycznia styczeń sty
    styczen styczniu ledna leden led lednu januára január siječnja siječanj sij siječnju siječnjem ianuarie ian
    janar ocak oca oc janúar eanáir ean ionawr ion urtarrila urt djan djanuari
    јануар јан января январь янв січня січень січ студзеня студзень сту стд януари яну ян јануари қаңтар қаң
    ιανουαρίου ιανουάριοσ ιαν
    يناير ژانویهٔ ژانویه جنوری
    ינואר ינו׳ לינואר בינואר ינו
    जनवरी जन॰
    জানুয়ারী জানু জানুয়ারি
    ஜனவரி ஜன
    มกราคม ม.ค มค เดือนมกราคม มกรา
    جانفي
    """,
    # February
    """
    february feb februar feber février févr fév febrero fevereiro fev febbraio febrer febr febreiro februari
    februarie helmikuuta helmikuu helmi helmik helmikuussa veebruar veebr februāris vasario vasaris vas lutego luty
    lut lutym února únor úno únr únoru februára február veljače veljača velj veljači veljačom shkurt shk şubat
    şub şu febrúar feabhra feabh chwefror chwef chw otsaila ots peb pebruari pebrero
    фебруар феб февраля февраль февр фев лютого лютий лют лютага люты февруари фв ақпан ақп
    φεβρουαρίου φεβρουάριοσ φεβ
    فبراير فوریهٔ فوریه فبروری فروری
    פברואר פבר׳ בפברואר לפברואר פבר
    फ़रवरी फ़र॰
    ফেব্রুয়ারী ফেব ফেব্রুয়ারি
    பிப்ரவரி பிப்
    กุมภาพันธ์ ก.พ กพ เดือนกุมภาพันธ์ กุมภา
    شباط فيفري
    """,
    # March
    """
    march mar märz mär mrz mars marzo março març maart mrt marts maaliskuuta maaliskuu maalis maalisk maaliskuussa
    märts kovo kovas kov marca marzec marcu března březen bře březnu marec ožujka ožujak ožu ožujku ožujkom mart
    martie március márc már márta mawrth maw martxoa mac maret marso
    март мар марта березня березень бер берез сакавіка сакавік сак наурыз нау
    μαρτίου μάρτιοσ μαρ μάρ
    مارس مارچ
    מרץ במרץ למרץ מרס במרס למרס מארס במארס למארס
    मार्च
    মার্চ
    மார்ச் மார்
    มีนาคม มี.ค มีค เดือนมีนาคม มีนา
    آذار اذار
    """,
    # April
    """
    april apr avril avr abril abr aprile huhtikuuta huhtikuu huhti huhtik huhtikuussa
    aprill aprīlis balandžio balandis bal kwietnia kwiecień kwi kwiecien kwietniu kwie dubna duben dub dubnu apríla
    apríl travnja travanj tra travnju travnjem aprilie április ápr prill pri nisan nis ni aibreán aib ebrill ebr
    apirila api
    април апр апреля апрель квітня квітень квіт кві красавіка красавік кра крс ап сәуір сәу
    απριλίου απρίλιοσ απρ
    أبريل آوریل اپریل
    אפריל אפר׳ באפריל לאפריל אפר
    अप्रैल
    এপ্রিল এপ্রি
    ஏப்ரல் ஏப்
    เมษายน เม.ย เมย เมษา เดือนเมษายน
    نيسان افريل أفريل ابريل إبريل
    """,
    # May
    """
    may mai mayo maio maggio mag maig mei maj toukokuuta toukokuu touko toukok toukokuussa maijs gegužės gegužė geg
    maja maju května květen kvě květnu mája máj svibnja svibanj svi svibnju svibnjem május mayıs maí bealtaine beal
    maiatza
    мај мая май травня травень трав тра траўня мамыр мам
    μαΐου μάιοσ μαΐ μάι
    مايو مهٔ مه می مئی
    מאי במאי למאי
    मई
    মে
    மே
    พฤษภาคม พ.ค พค เดือนพฤษภาคม พฤษภา
    أيار ايار ماي
    """,
    # June
    """
    june jun juni juin junio junho giugno giu juny xuño junie kesäkuuta kesäkuu kesä kesäk kesäkuussa juuni jūnijs
    jūn birželio birželis birž czerwca czerwiec cze czerwcu června červen čvn čer červnu júna jún junij lipnja
    lipanj lipnju lipnjem iunie iun június qershor qer haziran haz ha júní meitheamh meith mehefin meh ekaina eka
    djuni hunyo hun
    јун июня июнь июн червня червень черв чер чэрвеня чэрвень чэр юни юн јуни маусым мау
    ιουνίου ιούνιοσ ιουν ιούν
    يونيو يونيه يونية ژوئن جون
    יוני ביוני ליוני יונ
    जून
    জুন
    ஜூன்
    มิถุนายน มิ.ย มิย เดือนมิถุนายน มิถุนา
    حزيران جوان
    """,
    # July
    """
    july jul juli juillet juil julio julho luglio lug juliol xullo xul julie heinäkuuta heinäkuu heinä heinäk
    heinäkuussa juuli jūlijs jūl liepos liepa liep lipca lipiec lip lipcu července červenec čvc črc červenci črv
    júla júl julij srpnja srpanj srpnju srpnjem iulie iul július korrik korr kor temmuz tem te júlí iúil
    gorffennaf gorff gor uztaila uzt julai djuli hulyo hul
    јул июля июль июл липня липень лип ліпеня ліпень ліп юли юл јули шілде шіл
    ιουλίου ιούλιοσ ιουλ ιούλ
    يوليو يوليه يولية ژوئیهٔ ژوئیه جولای جولائی
    יולי ביולי ליולי יול
    जुलाई जुल॰
    জুলাই জুল
    ஜூலை
    กรกฎาคม ก.ค กค เดือนกรกฏาคม กรกฎา
    تموز جويلية
    """,
    # August
    """
    august aug août aoû agosto ago agost augustus augusti elokuuta elokuu elo elok
    elokuussa augusts rugpjūčio rugpjūtis rugp sierpnia sierpień sie sierpien sierpniu srpna srpen srp srpnu augusta
    avgust avg kolovoza kolovoz kol kolovozu kolovozom augusztus gusht gush gsh ağustos ağu ağ ágúst ágú lúnasa
    lún awst abuztua abu ogos ogo agustus agu agt
    август авг августа серпня серпень серп сер жніўня жнівень жні жнівеня жнв тамыз там
    αυγούστου αύγουστοσ αυγ αύγ
    أغسطس اوت آگست اگست
    אוגוסט אוג׳ באוגוסט לאוגוסט אוג
    अगस्त अग॰
    আগস্ট আগ
    ஆகஸ்ட் ஆக
    สิงหาคม ส.ค สค สิงหา เดือนสิงหาคม
    آب اغسطس أوت
    """,
    # September
    """
    september sep sept septembre septiembre setiembre set setembro septembro settembre setembre syyskuuta syyskuu
    syys syysk syyskuussa septembris rugsėjo rugsėjis rugs września wrzesień wrz wrzesien wrzesnia wrześniu wrzesniu
    září zář septembra rujna rujan ruj rujnu rujnom septembar septembrie szeptember szept shtator sht eylül eyl
    ey mfómh medi iraila ira setyembre
    септембар сеп сентября сентябрь сент сен вересня вересень вер верес верасня верасень врс септември септ септм
    қыркүйек қыр
    σεπτεμβρίου σεπτέμβριοσ σεπ
    سبتمبر سپتامبر سپتمبر ستمبر
    ספטמבר ספט׳ בספטמבר לספטמבר ספט
    सितंबर सित॰ सितम्बर
    সেপ্টেম্বর সেপ
    செப்டம்பர் செப்
    กันยายน ก.ย กย กันยา เดือนกันยายน
    أيلول ايلول
    """,
    # October
    """
    october oct oktober okt octobre octubre outubro out ottobre ott lokakuuta
    lokakuu loka lokak lokakuussa oktoober oktobris spalio spalis spal października październik paź pazdziernik
    pazdziernika październiku pazdzierniku paz října říjen říj říjnu októbra október listopadom oktobar octombrie
    tetor tet ekim eki ek dfómh hydref hyd urria urr oktubre
    октобар окт октября октябрь жовтня жовтень жовт жов кастрычніка кастрычнік кас кст октомври қазан қаз
    οκτωβρίου οκτώβριοσ οκτ
    أكتوبر اکتبر اکتوبر
    אוקטובר אוק׳ באוקטובר לאוקטובר אוק
    अक्टूबर अक्टू॰ अक्तूबर अक्तू॰
    অক্টোবর অক্টো
    அக்டோபர் அக்
    ตุลาคม ต.ค ตค เดือนตุลาคม ตุลา
    اكتوبر
    """,
    # November
    """
    november nov novembre noviembre novembro marraskuuta marraskuu marras marrask marraskuussa novembris lapkričio
    lapkritis lapkr listopada listopad lis listopadzie listopadu novembra studenoga studeni stu studenom studenomu
    studenome studenog studenim novembar noiembrie noiem nëntor nën kasım kas ka nóvember nóv samhain samh
    tachwedd tach azaroa aza nop nopember nobyembre nob
    новембар нов ноября ноябрь нояб ноя листопада листопад лист листоп лис лістапада лістапад ліс ноември ное ноем
    қараша қар
    νοεμβρίου νοέμβριοσ νοε νοέ
    نوفمبر نوامبر نومبر
    נובמבר נוב׳ בנובמבר לנובמבר נוב
    नवंबर नव॰ नवम्बर
    নভেম্বর নভে
    நவம்பர் நவ
    พฤศจิกายน พ.ย พย เดือนพฤศจิกายน พฤศจิ
    """,
    # December
    """
    december dec dezember dez décembre déc diciembre dic dezembro dicembre desembre des decembro desember joulukuuta
    joulukuu joulu jouluk joulukuussa detsember dets decembris gruodžio gruodis gruod grudnia grudzień gru grudzien
    grudniu prosince prosinec pro prosinci decembra prosinca prosinac prosincu prosincem decembar decembrie
    dhjetor dhj aralık ara ar nollaig noll rhagfyr rhag abendua abe disember dis disyembre
    децембар дец декабря декабрь дек грудня грудень груд гру снежня снежань сне снж декември желтоқсан жел
    δεκεμβρίου δεκέμβριοσ δεκ
    ديسمبر دسامبر دسمبر
    דצמבר דצמ׳ בדצמבר לדצמבר דצמ
    दिसंबर दिस॰ दिसम्बर
    ডিসেম্বর ডিসে
    டிசம்பர் டிச
    ธันวาคม ธ.ค ธค เดือนธันวาคม ธันวา
    """,
)

#: Words that name different months in different languages; the row above holds the commoner reading.
_OTHERWISE: Mapping[str, Mapping[str, int]] = {
    "hr": {"lip": 6, "listopad": 10, "listopada": 10, "lis": 10, "listopadu": 10, "srp": 7},
}

#: Two-word names of the Levant, whose second word tells them apart.
TWO_WORD_MONTHS: Mapping[str, int] = {
    "كانون الثاني": 1,
    "كانون الأول": 12,
    "تشرين الأول": 10,
    "تشرين الثاني": 11,
}

#: Months of the Persian solar calendar, in order from spring.
JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")

_NUMBERS: dict[str, int] = {fold(word): n for n, row in enumerate(_MONTHS, 1) for word in row.split()}
_NUMBERS |= {fold(words): n for words, n in TWO_WORD_MONTHS.items()}
_NUMBERS |= {word: n for n, word in enumerate(_ROMAN, 1)}
_JALALI: dict[str, int] = {fold(word): n for n, word in enumerate(JALALI_MONTHS, 1)}
#: Every name of a month, folded.
MONTH_NAMES = frozenset((*_NUMBERS, *_JALALI, *(word for words in _OTHERWISE.values() for word in words)))


def month_number(word: str, *, language: str | None = None) -> int | None:
    """The Gregorian month (1 to 12) that ``word`` names; ``language`` settles the few ambiguous ones."""
    key = fold(word).strip(". '")
    otherwise = _OTHERWISE.get((language or "")[:2], {})
    return otherwise.get(key) or _NUMBERS.get(key)


def jalali_month_number(word: str) -> int | None:
    """The month of the Persian solar calendar (1 to 12) that ``word`` names."""
    return _JALALI.get(fold(word))
