"""Words of links that lead on to older items, in many languages. Words as data; compared without case and signs."""

from __future__ import annotations

import re
from typing import Final

#: "Next page", "older posts", "load more".
ONWARD_WORDS: Final = frozenset(
    " ".join(words.split())
    for words in """
    next; next page; next posts; older; older posts; older entries; older articles; older news;
    previous posts; previous entries; more news; more posts; more articles; more releases; load more;
    show more; view more; see more; older stories; weiter; nächste; nächste seite; ältere;
    ältere beiträge; ältere artikel; mehr laden; mehr anzeigen; weitere; weitere meldungen;
    vorherige beiträge; suivant; suivante; page suivante; articles plus anciens; plus anciens;
    charger plus; voir plus; siguiente; página siguiente; más antiguos; más antiguo; entradas antiguas;
    entradas más antiguas; cargar más; ver más; próxima; próximo; próxima página; página seguinte;
    seguinte; mais antigos; mais antigas; carregar mais; ver mais; successivo; successiva;
    pagina successiva; avanti; più vecchi; articoli precedenti; carica altri; volgende;
    volgende pagina; oudere; oudere berichten; meer laden; nästa; nästa sida; äldre; äldre inlägg;
    visa fler; neste; neste side; eldre; eldre innlegg; vis flere; næste; næste side; ældre; seuraava;
    vanhemmat; näytä lisää; następna; następny; następna strona; starsze; starsze wpisy; więcej; další;
    následující; starší; další strana; načíst další; ďalšia; ďalej; következő; következő oldal;
    régebbi; următoarea; următor; mai vechi; sonraki; sonraki sayfa; daha eski; daha fazla; следующая;
    следующая страница; далее; вперед; вперёд; ранее; старые записи; показать ещё; показать еще;
    загрузить ещё; загрузить еще; наступна; наступна сторінка; далі; старіші; следваща; по-стари;
    επόμενη; επόμενη σελίδα; παλαιότερα; 下一页; 下页; 下一頁; 下頁; 加载更多; 查看更多; 載入更多;
    后一页; 次へ; 次のページ; もっと見る; 次の記事; 以前の記事; 過去の記事; 다음; 다음 페이지; 더 보기;
    더보기; 이전 글; التالي; الصفحة التالية; الأقدم; تحميل المزيد; הבא; לעמוד הבא; הקודמים; بعدی;
    صفحه بعد; अगला; अगला पृष्ठ; ถัดไป; หน้าถัดไป; tiếp; trang tiếp; trang sau; tiếp theo; xem thêm;
    berikutnya; selanjutnya; lebih lama; muat lebih banyak; seterusnya
    """.split(";")
)
_SIGNS = re.compile(r"[^\w\s-]+|^[-\s]+|[-\s]+$|_+")


def leads_on(text: str) -> bool:
    """Whether a link's words lead on: "Older posts »", "下一页>"; arrows alone count, long texts never."""
    if len(text) > 40:
        return False
    words = " ".join(_SIGNS.sub(" ", text.casefold()).split())
    return words in ONWARD_WORDS if words else text.strip() in {"»", "›", ">", ">>", "→", "⟩", "❯", "▶", "►", "⇒"}
