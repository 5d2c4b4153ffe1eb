"""Telling languages apart."""

from __future__ import annotations

import pytest

from feedsvc.lexicon.languages import language_of

SENTENCES = {
    "en": "The bureau said that the halls of the harbour are ready and that it is looking for guests from the ports.",
    "de": "Das Amt teilte mit, dass die Hallen fertig sind und der Hafen auf die Gäste wartet aus der Ferne.",
    "fr": "Les halles du port sont prêtes et le bureau attend des visiteurs qui viennent par bateau dans la ville.",
    "es": "Los pabellones del puerto están listos y la oficina espera a los visitantes que llegan por mar a la ciudad.",
    "it": "I padiglioni del porto sono pronti e l'ufficio attende gli ospiti che arrivano con la nave per la fiera.",
    "pl": "Biuro poinformowało, że hale są gotowe, a port nie może się doczekać gości, którzy będą na targach.",
    "ru": "Бюро сообщило, что залы готовы и порт ждёт гостей, которые приедут на выставку в этом году из разных стран.",
    "uk": "Бюро повідомило, що зали готові і порт чекає на гостей, які приїдуть на виставку цього року з різних країн.",
    "zh": "博览局表示，展馆已经准备就绪，港口正在等待来自各国的客人参加今年的博览会。",
    "ja": "事務局によると、展示館の準備はすでに整い、港は各国からの来場者を待っているという。",
    "ko": "사무국은 전시관 준비가 끝났으며 항구는 여러 나라에서 오는 손님을 기다리고 있다고 밝혔다.",
    "fa": "دفتر نمایشگاه گفت که سالن‌ها آماده است و بندر چشم به راه مهمانان کشورهای گوناگون است و پذیرش آغاز شد.",
    "ar": "وقال المكتب إن القاعات جاهزة وإن الميناء ينتظر الضيوف القادمين من دول كثيرة إلى المعرض هذا العام.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert language_of(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["", "2023-05-17", "OK", "CIIE"])
def test_too_little_text_tells_nothing(text: str) -> None:
    assert language_of(text) is None
