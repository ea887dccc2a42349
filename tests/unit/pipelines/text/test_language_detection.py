"""Which language a text is in."""

import pytest

from pipelines.text.language import detect_language

TEXTS = {
    "en": "The Veldar bridge was closed on Monday after the council found cracks.",
    "de": "Die Brücke in Veldar wurde am Montag gesperrt, weil der Rat Risse fand.",
    "fr": "Le pont de Veldar a été fermé lundi après la découverte de fissures.",
    "es": "El puente de Veldar fue cerrado el lunes tras el hallazgo de grietas.",
    "it": "Il ponte di Veldar è stato chiuso lunedì dopo la scoperta di crepe.",
    "pt": "A ponte de Veldar foi fechada na segunda-feira após serem achadas fissuras.",
    "nl": "Volgens de gemeenteraad is de brug maandag gesloten omdat er scheuren werden gevonden.",
    "pl": "Most w Veldarze zamknięto w poniedziałek, gdy rada wykryła pęknięcia.",
    "sq": "Ura e Veldarit u mbyll të hënën pasi këshilli gjeti çarje në shtylla.",
    "tr": "Veldar köprüsü, meclisin çatlaklar bulmasının ardından pazartesi kapatıldı.",
    "ru": "Мост в Велдаре закрыли в понедельник: совет нашёл трещины в опорах.",
    "uk": "Міст у Велдарі закрили в понеділок: рада знайшла тріщини в опорах.",
    "fa": "پل ولدار روز دوشنبه پس از آنکه شورا ترک‌هایی در پایه‌ها یافت بسته شد.",
    "ar": "أُغلق جسر فيلدار يوم الاثنين بعد أن عثر المجلس على شقوق في أعمدته.",
    "he": "הגשר בוולדר נסגר ביום שני לאחר שהמועצה מצאה סדקים בעמודיו.",
    "el": "Η γέφυρα του Βέλνταρ έκλεισε τη Δευτέρα αφού βρέθηκαν ρωγμές.",
    "zh": "市议会在两根桥墩上发现裂缝后，维尔达大桥于星期一关闭，车辆须绕行。",
    "ja": "評議会が橋脚にひび割れを見つけたため、ヴェルダー橋は月曜日に閉鎖された。",
    "ko": "의회가 교각에서 균열을 발견한 뒤 벨다르 다리는 월요일에 폐쇄되었다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_one_sentence_is_enough(language):
    """A sentence tells its language, in capitals too, whatever was announced."""
    assert detect_language(TEXTS[language], "xx") == language
    assert detect_language(TEXTS[language] * 500, None) == language


@pytest.mark.parametrize(
    ("text", "announced", "language"),
    [
        ("Bridge closed", "de", "de"),
        ("Bridge closed", None, None),
        ("Bridge closed", "en-GB", "en"),
        ("Bridge closed", "pt_BR", "pt"),
        ("Bridge closed", " FR ", "fr"),
        ("Bridge closed", "english", None),
        ("12:30 / 45 % / 2024", "sq", "sq"),
        ("", "sq", "sq"),
        ("Qux zyv brill wompf gnarl plix vost drem", "sq", "sq"),
    ],
)
def test_where_the_text_does_not_tell(text, announced, language):
    """A short or unclear text is in the announced language, if that is one."""
    assert detect_language(text, announced) == language


def test_varieties_without_a_code_of_their_own():
    """A variety that ISO 639-1 does not know is given as the language that it is part of."""
    kurdish = "پردی ڤێلدار ڕۆژی دووشەممە داخرا دوای ئەوەی ئەنجومەن درزی لە پایەکانیدا دۆزییەوە."
    assert detect_language(kurdish, None) == "ku"


def test_the_first_thousand_characters_count():
    """What stands further down is not read."""
    assert detect_language(TEXTS["de"] * 15 + TEXTS["ru"] * 500, None) == "de"
