"""Truth: the words and marks for yes and no, in the languages of helpdesks."""

from __future__ import annotations

from typing import Any

from models.word_lists import word_set

YES = word_set(
    """
    1 1.0 x ✓ ✔ ☑ ✅ y yes true ja wahr waar oui vrai sí si sì verdadero sim verdadeiro vero sant sandt kyllä
    tosi jah tõene jā taip tiesa patiess tak prawda ano áno pravda da да истина točno так igen igaz adevărat
    ναι αληθές evet doğru はい 真 是 对 예 네 참 ใช่ จริง có đúng ya benar نعم صحيح כן אמת
    """
)
NO = word_set(
    """
    0 0.0 ✗ ✘ ☐ ❌ × n no false nein falsch nee onwaar non faux falso não nao nej nei falskt falsk usant ei
    epätosi väärin väär vale nē ne netiesa nepatiess nie fałsz nepravda не невярно netočno нет ложь ні ни хиба
    nem hamis nu fals όχι ψευδές hayır yanlış いいえ 偽 否 不是 假 아니오 아니요 거짓 ไม่ ไม่ใช่ เท็จ không sai
    tidak bukan لا خطأ לא שקר
    """
)


def is_yes(value: Any) -> bool:
    """Tell whether a cell says yes.

    >>> is_yes("TRUE"), is_yes(1), is_yes("no"), is_yes(None)
    (True, True, False, False)
    """
    return str(value).strip().casefold() in YES


def is_no(value: Any) -> bool:
    """Tell whether a cell says no; one that says nothing does not.

    >>> is_no("FALSE"), is_no(0), is_no("yes"), is_no(None)
    (True, True, False, False)
    """
    return str(value).strip().casefold() in NO
